import type { CallOutcome } from '../domain/effects.ts';
import type { Briefing } from '../domain/briefing.ts';
import type { CallDesk, CallRef, DeskAnswer, HandOffAnswer } from '../ports/call-desk.ts';

/** Telephony in memory: remembers what it was asked. Set `epoch` above a caller's to refuse it. */
export class FakeCallDesk implements CallDesk {
  number: string | undefined = '+12025550143';
  epoch = 1;
  /** So many requests fail first: telephony is gone for a while. */
  failures = 0;
  readonly asked: {
    what: 'transfer' | 'hang-up' | 'record-outcome' | 'call-back' | 'hand-off';
    detail: string;
  }[] = [];
  readonly briefings: Briefing[] = [];
  /** How it ends when a person is asked for. */
  handOffAnswer: (signal: AbortSignal) => HandOffAnswer | Promise<HandOffAnswer> = () => 'done';

  async callerNumber(): Promise<string | undefined> {
    return this.number;
  }

  async transfer(call: CallRef, reason: string): Promise<DeskAnswer> {
    return this.#note(call, 'transfer', reason);
  }

  async hangUp(call: CallRef, outcome: CallOutcome): Promise<DeskAnswer> {
    return this.#note(call, 'hang-up', outcome);
  }

  async recordOutcome(call: CallRef, outcome: CallOutcome): Promise<DeskAnswer> {
    return this.#note(call, 'record-outcome', outcome);
  }

  async requestCallBack(call: CallRef, o: { reason: string; note: string }): Promise<DeskAnswer> {
    return this.#note(call, 'call-back', `${o.reason}: ${o.note}`);
  }

  async handOff(
    call: CallRef,
    o: { reason: string; briefing: Briefing; signal: AbortSignal },
  ): Promise<HandOffAnswer> {
    const noted = this.#note(call, 'hand-off', o.reason);
    if (noted === 'stale') return noted;
    this.briefings.push(o.briefing);
    return this.handOffAnswer(o.signal);
  }

  #note(call: CallRef, what: FakeCallDesk['asked'][number]['what'], detail: string): DeskAnswer {
    if (this.failures > 0) {
      this.failures--;
      return 'failed';
    }
    if (call.epoch < this.epoch) return 'stale';
    this.asked.push({ what, detail });
    return 'done';
  }
}
