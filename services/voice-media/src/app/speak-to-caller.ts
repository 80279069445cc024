import { splitFrames, type Codec } from '@wardline/audio';
import {
  frameMs,
  Playback,
  type ClauseAudio,
  type ClauseToMake,
  type PlaybackAction,
  type UtteranceRequest,
} from '../domain/playback.ts';
import type { CarrierLine } from '../ports/carrier-line.ts';
import type { Clock } from '../ports/clock.ts';
import type { VoiceSynthesiser } from '../ports/speech.ts';
import type { CallMetrics } from '../telemetry/call-metrics.ts';

const frameSamples = 160;
/** Clauses made ahead of the one that is being said. */
const clausesAheadMax = 4;
const utterancesMax = 16;
const textCharsMax = 4_000;
const synthesisMsMax = 5_000;

export type VoiceReport = Extract<PlaybackAction, { type: 'started' | 'ended' | 'drained' }>;

/**
 * The agent's voice in one call: makes audio of clauses one after the other, and hands frames to the carrier as the
 * playback (domain) says. Reports what began, ended and fell silent.
 */
export class AgentVoice {
  readonly #playback: Playback;
  readonly #codec: Codec;
  readonly #line: CarrierLine;
  readonly #clock: Clock;
  readonly #synthesiser: VoiceSynthesiser;
  readonly #metrics: CallMetrics;
  readonly #report: (report: VoiceReport) => void;
  readonly #floorTaken: () => boolean;
  readonly #onFailure: (error: unknown) => void;
  #making = false;
  #closed = false;

  constructor(o: {
    codec: Codec;
    line: CarrierLine;
    clock: Clock;
    synthesiser: VoiceSynthesiser;
    metrics: CallMetrics;
    leadMs: number;
    floorTaken: () => boolean;
    report: (report: VoiceReport) => void;
    onFailure: (error: unknown) => void;
  }) {
    this.#playback = new Playback({ leadMs: o.leadMs });
    this.#codec = o.codec;
    this.#line = o.line;
    this.#clock = o.clock;
    this.#synthesiser = o.synthesiser;
    this.#metrics = o.metrics;
    this.#floorTaken = o.floorTaken;
    this.#report = o.report;
    this.#onFailure = o.onFailure;
  }

  /** Nothing is said and nothing waits to be said. */
  get idle(): boolean {
    return this.#playback.idle;
  }

  say(request: UtteranceRequest): void {
    if (this.#playback.queued >= utterancesMax || request.text.length > textCharsMax) {
      this.#onFailure(new Error('too much to say: the utterance was refused'));
      this.#report({ type: 'ended', request, end: 'failed', heardText: '' });
      return;
    }
    this.#playback.add(request);
    this.#makeNext();
    this.pump();
  }

  pump(): void {
    this.#do(this.#playback.pump(this.#clock.now(), this.#floorTaken()));
    this.#makeNext();
  }

  confirm(mark: string): void {
    this.#do(this.#playback.confirm(mark, this.#clock.now()));
  }

  hold(): void {
    this.#do(this.#playback.hold(this.#clock.now()));
  }

  resume(): void {
    this.#playback.resume(this.#clock.now());
    this.pump();
  }

  interrupt(): void {
    this.#do(this.#playback.interrupt(this.#clock.now()));
    this.pump();
  }

  replaceAll(): void {
    this.#do(this.#playback.replaceAll(this.#clock.now()));
  }

  hush(): void {
    this.#do(this.#playback.hush(this.#clock.now()));
  }

  close(): void {
    this.#closed = true;
  }

  #do(actions: readonly PlaybackAction[]): void {
    for (const action of actions) {
      switch (action.type) {
        case 'frame':
          this.#line.sendFrame(action.frame);
          break;
        case 'mark':
          this.#line.sendMark(action.name);
          break;
        case 'clear':
          this.#line.sendClear();
          break;
        case 'gap':
          this.#metrics.gap(action.gapMs);
          break;
        case 'started':
        case 'ended':
        case 'drained':
          this.#report(action);
          break;
        default:
          throw new Error(`unreachable ${String(action satisfies never)}`);
      }
    }
  }

  #makeNext(): void {
    if (this.#making || this.#closed) return;
    const clause = this.#playback.nextToMake(clausesAheadMax);
    if (clause === undefined) return;
    this.#making = true;
    void this.#make(clause).finally(() => {
      this.#making = false;
      if (!this.#closed) this.pump();
    });
  }

  /** Never rejects: what cannot be said is reported as failed. */
  async #make(clause: ClauseToMake): Promise<void> {
    const from = this.#clock.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the voice was not made in time')), synthesisMsMax);
    });
    try {
      const work = this.#synthesiser.synthesise(clause.text, { rate: clause.rate });
      const samples = await Promise.race([work, late]);
      this.#metrics.synthesis(this.#clock.now() - from);
      this.#playback.attach(clause, this.#frame(samples, clause.pauseMs));
    } catch (error) {
      if (this.#closed) return;
      this.#onFailure(error);
      this.#do(this.#playback.fail(clause.serial, this.#clock.now()));
    } finally {
      clearTimeout(timer);
    }
  }

  #frame(samples: Int16Array, pauseMs: number): ClauseAudio {
    const voiced = splitFrames(this.#codec.encode(samples), frameSamples, this.#codec.silence);
    const silence = new Uint8Array(frameSamples).fill(this.#codec.silence);
    const pause = Array.from({ length: Math.round(pauseMs / frameMs) }, () => silence);
    const frames = [...voiced, ...pause];
    // A clause of punctuation alone makes no sound; one frame lets it take its place in the order.
    return { frames: frames.length === 0 ? [silence] : frames, voicedFrames: Math.max(voiced.length, 1) };
  }
}
