import { codecOf, type Codec } from '@wardline/audio';
import {
  callerTransition,
  startCaller,
  type CallerEffect,
  type CallerEvent,
  type CallerPlan,
  type CallerState,
} from '../domain/caller.ts';
import type { FrameRecord, SpokenLine } from '../domain/measurement.ts';
import { PlaybackBuffer } from '../domain/playback-buffer.ts';
import { SampleLog } from '../domain/sample-log.ts';
import {
  audibleRms,
  createComfortNoise,
  frameMs,
  frameSamples,
  mix,
  rms,
  sampleRateHz,
  windowSamples,
} from '../domain/sound.ts';
import type { CallerEarSession } from '../ports/caller-ear.ts';
import type { Scenario, ScenarioStep } from '../scenario/scenario.ts';
import type { PreparedLine } from './prepare-lines.ts';

export interface LineEvents {
  onDigit(digit: string): void;
  onHangUp(reason: string): void;
  /** A step begins; `fitted` when it answers what was heard. */
  onStep?(
    step: ScenarioStep,
    how: { readonly atMs: number; readonly heard: string; readonly fitted: boolean },
  ): void;
  /** Something for the timeline. */
  onSaid(entry: {
    readonly who: 'caller' | 'agent';
    readonly atMs: number;
    readonly untilMs: number;
    readonly text: string;
    readonly step?: string;
  }): void;
}

const recordMsMax = 10 * 60 * 1000;
const digitEveryMs = 250;
/** Heard before the agent's first audible frame: syllables begin softly. */
const preRollFrames = 10;

/**
 * The caller on their phone: speaks and listens frame by frame. It knows nothing of sockets: the session hands it what
 * the platform sent (`playback`) and takes what it says.
 */
export class CallerLine {
  readonly playback = new PlaybackBuffer();
  readonly frames: FrameRecord[] = [];
  readonly spoken: SpokenLine[] = [];
  readonly callerAudio = new SampleLog((recordMsMax / 1000) * sampleRateHz);
  readonly agentAudio = new SampleLog((recordMsMax / 1000) * sampleRateHz);
  readonly #codec: Codec;
  readonly #plan: CallerPlan;
  readonly #noise: (samples: number) => Int16Array;
  readonly #preRoll: Int16Array[] = [];
  #caller: CallerState | undefined;
  #tick = 0;
  #cleared = false;
  #listening = false;
  #understood: Promise<unknown> = Promise.resolve();
  #agentFromMs = 0;
  #agentToMs = 0;
  #speaking:
    | {
        readonly step: number;
        readonly line: PreparedLine;
        readonly fromTick: number;
        readonly cutAtSample: number;
      }
    | undefined;
  #keying: { digits: string[]; nextAtMs: number } | undefined;
  readonly #scenario: Scenario;
  #lines: ReadonlyMap<number, PreparedLine>;
  readonly #ear: CallerEarSession;
  readonly #on: LineEvents;

  constructor(o: {
    scenario: Scenario;
    lines: ReadonlyMap<number, PreparedLine>;
    codec: 'PCMU' | 'PCMA';
    ear: CallerEarSession;
    on: LineEvents;
  }) {
    this.#scenario = o.scenario;
    this.#lines = o.lines;
    this.#ear = o.ear;
    this.#on = o.on;
    this.#codec = codecOf(o.codec);
    this.#noise = createComfortNoise(o.scenario.seed, o.scenario.lineNoise);
    this.#plan = planOf(o.scenario);
  }

  get nowMs(): number {
    return this.#tick * frameMs;
  }

  /** What the person will say, when it was not ready from the beginning. */
  learn(lines: ReadonlyMap<number, PreparedLine>): void {
    this.#lines = lines;
  }

  /** The call was answered: from now on the caller follows their plan. */
  pickUp(): void {
    this.#caller ??= startCaller(this.#plan, this.nowMs);
  }

  /** The conversation with the agent is over (transferred, hung up): the caller stops following the plan. */
  leave(): void {
    if (this.#speaking) this.#endLine(this.nowMs - frameMs);
    this.#speaking = undefined;
    this.#keying = undefined;
    if (this.#caller) this.#caller = { ...this.#caller, gone: true };
    // What was being said when the line went dead has been heard all the same.
    if (this.#listening) this.#stopListening();
  }

  /** Resolves when everything heard so far has been understood. */
  settled(): Promise<unknown> {
    return this.#understood;
  }

  clear(): string[] {
    this.#cleared = true;
    return this.playback.clear();
  }

  /** One 20 ms frame in both directions. @returns the caller's side, encoded, and the marks that were reached */
  tick(): { readonly frame: Uint8Array; readonly reachedMarks: readonly string[] } {
    // A mark is reached when its last sample has been heard, that is, when the frame holding it is over.
    const reachedMarks = this.playback.reachedMarks();
    const agentAudible = this.#hear();
    const frame = this.#talk();
    if (this.#caller) this.#apply({ type: 'tick', atMs: this.nowMs, agentAudible });
    this.#tick += 1;
    return { frame, reachedMarks };
  }

  #hear(): boolean {
    const taken = this.playback.take(frameSamples);
    const heard = new Int16Array(frameSamples);
    heard.set(this.#codec.decode(taken.bytes));
    const levels = [rms(heard, 0, windowSamples), rms(heard, windowSamples, windowSamples)] as const;
    this.frames.push({
      agentLevels: levels,
      deliveredBytes: taken.bytes.length,
      endedAtMark: taken.emptiedAtMark && taken.bytes.length > 0,
      cleared: this.#cleared,
    });
    this.#cleared = false;
    this.agentAudio.append(heard);
    const audible = Math.max(...levels) >= audibleRms;
    if (audible) this.#agentToMs = this.nowMs + frameMs;
    if (this.#listening) this.#ear.push(heard);
    else {
      this.#preRoll.push(heard);
      if (this.#preRoll.length > preRollFrames) this.#preRoll.shift();
    }
    return audible;
  }

  #talk(): Uint8Array {
    const samples = this.#noise(frameSamples);
    const now = this.#speaking;
    let said = samples;
    if (now) {
      const from = (this.#tick - now.fromTick) * frameSamples;
      said = mix(samples, now.line.samples.subarray(from, Math.min(from + frameSamples, now.cutAtSample)));
      if (from + frameSamples >= now.cutAtSample) this.#finishLine(now.cutAtSample < now.line.samples.length);
    }
    if (this.#keying && this.nowMs >= this.#keying.nextAtMs) {
      const digit = this.#keying.digits.shift();
      if (digit !== undefined) {
        this.#keying.nextAtMs = this.nowMs + digitEveryMs;
        this.#on.onDigit(digit);
      } else {
        this.#keying = undefined;
        this.#apply({ type: 'step-ended', atMs: this.nowMs });
      }
    }
    this.callerAudio.append(said);
    return this.#codec.encode(said);
  }

  #finishLine(cut: boolean): void {
    this.#endLine(Number.POSITIVE_INFINITY);
    this.#speaking = undefined;
    this.#apply({ type: 'step-ended', atMs: this.nowMs });
    if (cut) this.#hangUp('in mid-sentence');
  }

  /** Notes a line that is over, or that ended at `cutAtMs`. */
  #endLine(cutAtMs: number): void {
    const now = this.#speaking;
    if (!now) return;
    const spokenFromMs = (now.fromTick - 1) * frameMs;
    const at = (sample: number) => spokenFromMs + (sample / sampleRateHz) * 1000;
    const last = Math.min(now.line.lastVoicedSample + 1, now.cutAtSample);
    const voicedToMs = Math.min(at(last), cutAtMs);
    const step = this.#scenario.steps[now.step]!.id;
    this.spoken.push({ step, voicedFromMs: at(now.line.firstVoicedSample), voicedToMs });
    this.#on.onSaid({
      who: 'caller',
      atMs: at(now.line.firstVoicedSample),
      untilMs: voicedToMs,
      text: now.line.text,
      step,
    });
  }

  #apply(event: CallerEvent): void {
    if (!this.#caller) return;
    const { state, effects } = callerTransition(this.#plan, this.#caller, event);
    this.#caller = state;
    for (const effect of effects) {
      if (effect.type === 'start-listening') this.#startListening();
      else if (effect.type === 'stop-listening') this.#stopListening();
      else if (effect.type === 'hang-up') this.#hangUp(effect.reason);
      else this.#perform(effect);
    }
  }

  #startListening(): void {
    this.#ear.begin();
    for (const frame of this.#preRoll) this.#ear.push(frame);
    this.#preRoll.length = 0;
    this.#listening = true;
    this.#agentFromMs = this.nowMs;
  }

  #stopListening(): void {
    this.#listening = false;
    const [fromMs, toMs] = [this.#agentFromMs, this.#agentToMs];
    this.#understood = this.#ear.finish().then((text) => {
      this.#on.onSaid({ who: 'agent', atMs: fromMs, untilMs: toMs, text });
      this.#apply({ type: 'heard', atMs: this.nowMs, text });
    });
  }

  #perform(effect: Extract<CallerEffect, { type: 'perform' }>): void {
    const index = effect.step;
    const step = this.#scenario.steps[index]!;
    this.#on.onStep?.(step, { atMs: this.nowMs, heard: effect.heard, fitted: effect.fitted });
    if (this.#listening) {
      // Speaking over the agent: what it says meanwhile is not listened to.
      this.#listening = false;
      this.#on.onSaid({
        who: 'agent',
        atMs: this.#agentFromMs,
        untilMs: this.#agentToMs,
        text: '(talked over)',
      });
    }
    if (step.hangUp) return this.#hangUp('as planned');
    if (step.press !== undefined) {
      this.#keying = { digits: [...step.press], nextAtMs: this.nowMs };
      return;
    }
    const line = this.#lines.get(index);
    if (!line) return;
    const cutAtSample =
      step.hangUpAfterMs === undefined
        ? line.samples.length
        : Math.min(line.samples.length - 1, Math.round((step.hangUpAfterMs / 1000) * sampleRateHz));
    this.#speaking = { step: index, line, fromTick: this.#tick + 1, cutAtSample };
  }

  #hangUp(reason: string): void {
    this.leave();
    this.#on.onHangUp(reason);
  }
}

function planOf(scenario: Scenario): CallerPlan {
  return {
    settleMs: scenario.settleMs,
    patienceMs: scenario.patienceMs,
    deadAirMsMax: scenario.deadAirMsMax,
    callMsMax: scenario.callMsMax,
    repeatsWhenAsked: scenario.repeatsWhenAsked,
    steps: scenario.steps.map((s) => ({
      id: s.id,
      kind: s.hangUp ? 'hang-up' : s.staySilent ? 'stay-silent' : s.press !== undefined ? 'keys' : 'speech',
      heard: s.heard,
      overAgentAfterMs: s.overAgentAfterMs,
      afterMs: s.afterMs,
      afterSilenceMs: s.afterSilenceMs,
      needs: s.needs,
      again: s.again,
      onlyWhenHeard: s.onlyWhenHeard,
    })),
  };
}
