import type { CallOutcome } from '../domain/effects.ts';
import type { Briefing } from '../domain/briefing.ts';
import type { CallBackReason, HandOffReason, Leave } from '../domain/state.ts';

/** `stale`: the call has a newer owner, and this one must stop. */
export type DeskAnswer = 'done' | 'failed' | 'stale';

/**
 * `done`: a person's telephone rings, or the call is over: either way it is not ours any more. `call-back`: nobody comes, the
 * patient is called back. `not-served`: telephony cannot ask anybody.
 */
export type HandOffAnswer = 'done' | 'call-back' | 'not-served' | 'failed' | 'stale';

/** The call that a command is about, and as whose owner. */
export interface CallRef {
  readonly tenantId: string;
  readonly callId: string;
  readonly epoch: number;
}

export type TransferReason = Extract<Leave, { kind: 'transfer' }>['reason'];

/** What telephony does with a call for us. Fake: `FakeCallDesk`. */
export interface CallDesk {
  /** E.164; undefined when withheld, unknown or not to be had right now. */
  callerNumber(call: CallRef): Promise<string | undefined>;
  transfer(call: CallRef, reason: TransferReason): Promise<DeskAnswer>;
  hangUp(call: CallRef, outcome: CallOutcome): Promise<DeskAnswer>;
  recordOutcome(call: CallRef, outcome: CallOutcome): Promise<DeskAnswer>;
  requestCallBack(call: CallRef, o: { reason: CallBackReason; note: string }): Promise<DeskAnswer>;
  /** Asks for a person and waits until it is known whether one comes, a minute or more. */
  handOff(
    call: CallRef,
    o: { reason: HandOffReason; briefing: Briefing; signal: AbortSignal },
  ): Promise<HandOffAnswer>;
}
