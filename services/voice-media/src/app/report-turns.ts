import type { TurnEffect } from '../domain/turn-machine.ts';
import type { Clock } from '../ports/clock.ts';
import type { CallerEvent } from '../ports/dialogue.ts';
import type { Recognition } from '../ports/speech.ts';
import type { CallMetrics } from '../telemetry/call-metrics.ts';

/** A live transcript needs no more than this. */
const partialEveryMs = 200;
/** Less voice than this, and no word in it: a door, a cough. Not worth a "pardon?". */
const noiseVoicedMsMax = 200;

/** Tells the dialogue of the caller's turns: partials coalesced, noise left out, instants as wall time. */
export class ReportTurns {
  readonly #clock: Clock;
  readonly #metrics: CallMetrics;
  readonly #send: (event: CallerEvent) => void;
  #partialSentAt = -Infinity;
  #interruptingTurn: number | undefined;

  constructor(o: { clock: Clock; metrics: CallMetrics; send: (event: CallerEvent) => void }) {
    this.#clock = o.clock;
    this.#metrics = o.metrics;
    this.#send = o.send;
  }

  /** Wall time of a monotonic instant. */
  wallOf(at: number): Date {
    return new Date(Math.round(this.#clock.wall() - (this.#clock.now() - at)));
  }

  /** This turn has stopped the agent; so the dialogue must hear of it, whatever comes of it. */
  interruptedBy(turn: number): void {
    this.#interruptingTurn = turn;
  }

  partial(turn: number, text: string): void {
    const now = this.#clock.now();
    // A partial that is left out is not missed: the next one, or the turn itself, replaces it.
    if (text === '' || now - this.#partialSentAt < partialEveryMs) return;
    this.#partialSentAt = now;
    this.#send({ type: 'caller-partial', turn, text });
  }

  /** @returns what the dialogue is to be told; undefined for a noise */
  async ended(
    turn: Extract<TurnEffect, { type: 'end-turn' }>,
    recognising: Promise<Recognition>,
  ): Promise<Extract<CallerEvent, { type: 'caller-turn' }> | undefined> {
    const startedAt = this.wallOf(turn.startedAt);
    const endedAt = this.wallOf(turn.endedAt);
    const from = this.#clock.now();
    const recognition = await recognising;
    this.#metrics.recognitionWait(this.#clock.now() - from);
    const noise =
      recognition.status === 'not-understood' &&
      turn.voicedMs < noiseVoicedMsMax &&
      turn.turn !== this.#interruptingTurn;
    return noise ? undefined : { type: 'caller-turn', turn: turn.turn, recognition, startedAt, endedAt };
  }
}
