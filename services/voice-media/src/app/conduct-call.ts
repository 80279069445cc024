import type { Codec } from '@wardline/audio';
import type { Logger } from '@wardline/observability';
import {
  advanceTurn,
  callerHasFloor,
  initialTurnState,
  type TurnEffect,
  type TurnEvent,
  type TurnState,
} from '../domain/turn-machine.ts';
import { inboundChain } from '../pipeline/chain.ts';
import type { NumberedChunk } from '../pipeline/order-chunks.ts';
import type { Paced } from '../pipeline/pacing-clock.ts';
import { SampleClock } from '../pipeline/sample-clock.ts';
import { SampleRing } from '../pipeline/sample-ring.ts';
import type { CarrierLine } from '../ports/carrier-line.ts';
import type { Clock } from '../ports/clock.ts';
import type { AgentCommand, BrokenStream, CallFacts, Dialogue } from '../ports/dialogue.ts';
import type { Speech, VoiceActivityStream } from '../ports/speech.ts';
import type { CallMetrics } from '../telemetry/call-metrics.ts';
import { CallerEar } from './hear-caller.ts';
import { DialogueKeeper } from './keep-dialogue.ts';
import { fillerAfterMs, phrases } from './phrases.ts';
import { ReportTurns } from './report-turns.ts';
import { AgentVoice, type VoiceReport } from './speak-to-caller.ts';

const sampleRateHz = 8_000;
const windowMs = 32;
const ringSamples = 2 * sampleRateHz;
/** What was being said when the dialogue ended may be finished, but not for ever. */
const flushMsMax = 30_000;
const voiceActivityLateMs = 100;
/** Turn numbers of a connection that took a call over begin behind those of the one before it. */
const turnsPerEpoch = 1_000;

export interface CallResources {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: CallMetrics;
  readonly speech: Speech;
  readonly dialogue: Dialogue;
  readonly line: CarrierLine;
  readonly codec: Codec;
  readonly facts: CallFacts;
  readonly leadMs: number;
  /** Everything of the call has been released. */
  readonly onClosed: () => void;
}

/**
 * One call: carries the inputs (audio, keys, marks, commands, ticks) to the turn machine and does what it says. Owns no
 * timer: the pacing clock ticks it. `close` ends it from outside; it ends itself through the line.
 */
export class CallConductor implements Paced {
  readonly #r: CallResources;
  readonly #times: SampleClock;
  readonly #ear: CallerEar;
  readonly #voice: AgentVoice;
  readonly #voiceActivity: VoiceActivityStream;
  readonly #dialogue: DialogueKeeper;
  readonly #turns: ReportTurns;
  readonly #transcriber;
  readonly #inbound: (chunk: NumberedChunk) => void;
  #turn: TurnState;
  #ending: { code: number; reason: string; by: number } | undefined;
  #closed = false;
  #fillers = 0;
  /** A turn was handed over and nothing has come back. */
  #answerDueAt: number | undefined;
  /** The turn whose answer has not been heard yet. */
  #unanswered: { readonly turn: number; readonly endedAt: number } | undefined;
  #recognising = 0;

  constructor(resources: CallResources) {
    this.#r = resources;
    const { clock, logger, metrics, facts, speech } = resources;
    this.#turn = initialTurnState(clock.now(), facts.resumed ? facts.ownerEpoch * turnsPerEpoch : 0);
    this.#times = new SampleClock(sampleRateHz);
    this.#transcriber = speech.transcriber.open(facts.callId);
    this.#transcriber.expect(this.#turn.listen);
    this.#ear = new CallerEar({
      ring: new SampleRing(ringSamples),
      session: this.#transcriber,
      onText: (turn, text) => this.#guarded(() => this.#onText(turn, text)),
      onFailure: (err) => logger.error('recogniser failed', { err }),
    });
    this.#voice = new AgentVoice({
      codec: resources.codec,
      line: resources.line,
      clock,
      synthesiser: speech.synthesiser,
      metrics,
      leadMs: resources.leadMs,
      floorTaken: () => callerHasFloor(this.#turn) || this.#answerIsDue(),
      report: (report) => this.#guarded(() => this.#onVoiceReport(report)),
      onFailure: (err) => logger.error('utterance could not be made', { err }),
    });
    this.#voiceActivity = speech.voiceActivity.open();
    this.#voiceActivity.onProbability((probability, atSample) =>
      this.#guarded(() => this.#onProbability(probability, atSample)),
    );
    this.#inbound = inboundChain({
      codec: resources.codec,
      onDropped: metrics.framesDropped,
      sinks: [
        (samples) => this.#times.arrived(samples.length, clock.now()),
        (samples) => this.#ear.hear(samples),
        (samples) => this.#voiceActivity.push(samples),
      ],
    });
    this.#dialogue = new DialogueKeeper({
      dialogue: resources.dialogue,
      facts,
      now: clock.now(),
      listener: {
        onCommand: (command) => this.#guarded(() => this.#onCommand(command)),
        onEnded: () => this.#end(1000, 'call over'),
        onInterrupted: (err) => this.#onDialogueInterrupted(err),
        onLost: (lost) => this.#onDialogueLost(lost),
        onReconnect: metrics.dialogueReconnect,
      },
    });
    this.#turns = new ReportTurns({ clock, metrics, send: (event) => this.#dialogue.send(event) });
  }

  get turns(): number {
    return this.#turn.turns;
  }

  start(): void {
    this.#dialogue.open();
  }

  onChunk(chunk: NumberedChunk): void {
    this.#guarded(() => this.#inbound(chunk));
  }

  onMark(name: string): void {
    this.#guarded(() => this.#voice.confirm(name));
  }

  onDigit(digit: string): void {
    this.#guarded(() => {
      if (this.#ending !== undefined) return;
      this.#advance({ type: 'key', at: this.#r.clock.now() });
      this.#dialogue.send({ type: 'key-pressed', digit });
    });
  }

  onTick(now: number): void {
    this.#guarded(() => {
      this.#voice.pump();
      this.#dialogue.tick(now);
      this.#advance({ type: 'tick', at: now });
      this.#sayFillerWhenDue(now);
      const ending = this.#ending;
      if (ending === undefined || (!this.#voice.idle && now < ending.by)) return;
      this.#r.line.close(ending.code, ending.reason);
      this.close();
    });
  }

  /** A call that fails ends alone: the clock, the engines and the socket server call into it on behalf of all. */
  #guarded(work: () => void): void {
    if (this.#closed) return;
    try {
      work();
    } catch (err) {
      this.#r.logger.error('call failed', { err });
      this.#r.line.close(1011, 'call failed');
      this.close();
    }
  }

  /** The carrier says that the caller is gone. */
  onCarrierStopped(): void {
    if (this.#closed) return;
    this.#dialogue.send({ type: 'caller-hung-up' });
    this.close();
  }

  /** Without a word to the dialogue about why: a lost connection may come back with another socket. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#voice.close();
    this.#voiceActivity.close();
    this.#ear.close();
    this.#dialogue.close();
    this.#r.onClosed();
  }

  #onProbability(probability: number, atSample: number): void {
    if (this.#ending !== undefined) return;
    const at = this.#times.instantOf(atSample);
    if (this.#r.clock.now() - at > voiceActivityLateMs) this.#r.metrics.voiceActivityLate();
    this.#advance({ type: 'voice', at, probability, windowMs });
  }

  #onText(turn: number, text: string): void {
    const { caller } = this.#turn;
    if (caller.kind !== 'speaking' || caller.turn !== turn || text === caller.partial) return;
    this.#advance({ type: 'partial', at: this.#r.clock.now(), text });
    // What may yet turn out to be a cough is not shown as speech.
    if (this.#turn.agent.kind !== 'held') this.#turns.partial(turn, text);
  }

  #onVoiceReport(report: VoiceReport): void {
    switch (report.type) {
      case 'started':
        this.#advance({ type: 'agent-started', at: report.at, interruptible: report.request.interruptible });
        if (report.request.origin === 'dialogue' && this.#unanswered !== undefined) {
          const { turn, endedAt } = this.#unanswered;
          this.#unanswered = undefined;
          this.#r.metrics.turnLatency(report.at - endedAt);
          this.#dialogue.send({ type: 'turn-measured', turn, responseMs: report.at - endedAt });
        }
        break;
      case 'drained':
        this.#advance({ type: 'agent-stopped', at: report.at });
        break;
      case 'ended':
        if (report.request.origin === 'filler') return;
        this.#dialogue.send({
          type: 'utterance-ended',
          utteranceId: report.request.id,
          end: report.end,
          heardText: report.heardText,
        });
        break;
      default:
        throw new Error(`unreachable ${String(report satisfies never)}`);
    }
  }

  #onCommand(command: AgentCommand): void {
    this.#answerDueAt = undefined;
    switch (command.type) {
      case 'say':
        if (command.replace) this.#voice.replaceAll();
        this.#voice.say({ ...command, id: command.utteranceId, origin: 'dialogue' });
        break;
      case 'listen':
        this.#transcriber.expect(command.settings);
        this.#advance({ type: 'listen', at: this.#r.clock.now(), settings: command.settings });
        break;
      case 'hush':
        this.#voice.hush();
        break;
      default:
        throw new Error(`unreachable ${String(command satisfies never)}`);
    }
  }

  #advance(event: TurnEvent): void {
    const { state, effects } = advanceTurn(this.#turn, event);
    this.#turn = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: TurnEffect): void {
    const { metrics, clock } = this.#r;
    switch (effect.type) {
      case 'hold-playback':
        this.#voice.hold();
        break;
      case 'resume-playback':
        metrics.bargeIn('false-alarm');
        this.#voice.resume();
        break;
      case 'take-interruption':
        metrics.bargeIn(effect.by === 'key' ? 'key' : 'taken');
        if (effect.by === 'voice') this.#turns.interruptedBy(this.#turn.turns);
        this.#voice.interrupt();
        break;
      case 'begin-recognition':
        if (this.#turn.agent.kind === 'held' && this.#turn.caller.kind === 'speaking') {
          metrics.interruptionLatency(clock.now() - this.#turn.caller.startedAt);
        }
        this.#ear.begin(effect.turn, this.#times.sampleAt(effect.from));
        break;
      case 'announce-speech':
        this.#dialogue.send({ type: 'speech-started', at: this.#turns.wallOf(effect.at) });
        break;
      case 'speculate':
        this.#ear.speculate(effect.turn);
        break;
      case 'resume-recognition':
        metrics.speculation('resumed');
        this.#ear.resume(effect.turn);
        break;
      case 'drop-recognition':
        this.#ear.drop(effect.turn);
        break;
      case 'end-turn':
        void this.#endTurn(effect);
        break;
      case 'report-silence':
        this.#dialogue.send({ type: 'caller-silent', silenceMs: effect.silenceMs });
        break;
      default:
        throw new Error(`unreachable ${String(effect satisfies never)}`);
    }
  }

  async #endTurn(ended: Extract<TurnEffect, { type: 'end-turn' }>): Promise<void> {
    this.#recognising += 1;
    const event = await this.#turns.ended(ended, this.#ear.end(ended.turn));
    this.#recognising -= 1;
    if (this.#closed || event === undefined) return;
    // Before it is sent: the answer to it must find them.
    this.#answerDueAt = this.#r.clock.now() + fillerAfterMs;
    this.#unanswered = { turn: ended.turn, endedAt: ended.endedAt };
    this.#dialogue.send(event);
  }

  /**
   * What was queued before the caller's last words waits for the answer to them, which may replace it: otherwise its
   * first syllable would be heard before it is cut. Anything the dialogue sends ends the waiting, and so does time.
   */
  #answerIsDue(): boolean {
    return this.#recognising > 0 || this.#r.clock.now() < (this.#answerDueAt ?? -Infinity);
  }

  #sayFillerWhenDue(now: number): void {
    if (this.#answerDueAt === undefined || now < this.#answerDueAt || this.#ending !== undefined) return;
    // Whoever speaks needs no filler, and one a turn is enough: a second one would be a mannerism.
    if (callerHasFloor(this.#turn) || !this.#voice.idle) return;
    this.#answerDueAt = undefined;
    this.#r.metrics.filler();
    this.#sayOwn(phrases.thinking, true);
  }

  #sayOwn(text: string, interruptible: boolean): void {
    this.#fillers += 1;
    this.#voice.say({ id: `filler-${this.#fillers}`, text, interruptible, rate: 1, origin: 'filler' });
  }

  #onDialogueInterrupted(err: unknown): void {
    this.#answerDueAt = undefined;
    this.#r.logger.warn('dialogue stream broke', { err });
    if (this.#voice.idle) this.#sayOwn(phrases.reconnecting, true);
  }

  #onDialogueLost({ cause, verdict }: BrokenStream): void {
    this.#r.logger.error('dialogue stream is lost', { err: cause, verdict });
    this.#voice.hush();
    if (verdict === 'taken-over') return this.#end(1008, 'the call has a newer owner');
    this.#sayOwn(phrases.lost, false);
    this.#end(1011, 'dialogue lost');
  }

  #end(code: number, reason: string): void {
    if (this.#ending !== undefined || this.#closed) return;
    this.#answerDueAt = undefined;
    this.#ending = { code, reason, by: this.#r.clock.now() + flushMsMax };
    // From now on only what is being said matters; nothing the caller says can stop it any more.
    if (this.#turn.agent.kind === 'held') this.#voice.resume();
    if (this.#turn.caller.kind === 'speaking') this.#ear.drop(this.#turn.caller.turn);
    this.#turn = { ...initialTurnState(this.#r.clock.now(), this.#turn.turns) };
  }
}
