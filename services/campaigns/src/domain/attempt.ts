import { resultOfCall, type AttemptResult, type ProvenResult } from './results.ts';

/**
 * One call that is to be made, is being made, or was. `queued`: handed to telephony. `live`: allowed to be dialled, and from
 * then on taken for a ringing telephone until its end is known. `over`: never changes again.
 */
export type Attempt =
  | { readonly state: 'queued'; readonly dialByMs: number }
  | {
      readonly state: 'live';
      readonly dialledMs: number;
      readonly proven?: ProvenResult;
    }
  | {
      readonly state: 'over';
      readonly result: AttemptResult;
      readonly endedMs: number;
      /** Absent when it was never dialled. */
      readonly dialledMs?: number;
      readonly proven?: ProvenResult;
    };

export type AttemptEvent =
  | { readonly type: 'authorised'; readonly atMs: number }
  /** Not dialled, and not to be any more: too late, paused, cancelled, not allowed. */
  | { readonly type: 'withdrawn'; readonly atMs: number }
  | { readonly type: 'call-ended'; readonly result: AttemptResult; readonly atMs: number }
  /** Another service has it from this call; of one of them in the order in which it came about. */
  | { readonly type: 'proven'; readonly result: ProvenResult }
  /** Telephony has never heard of the call. */
  | { readonly type: 'call-unknown'; readonly atMs: number };

/**
 * What an event makes of an attempt; undefined: nothing, it stays as it is. Events may come twice and in any order. An end
 * that is heard of after the attempt was given up as lost replaces that: the call was made after all. What is proven of a call
 * may be heard of before its end or after it (`resultOfCall`).
 */
export function nextAttempt(attempt: Attempt, event: AttemptEvent): Attempt | undefined {
  switch (event.type) {
    case 'authorised':
      return attempt.state === 'queued' && event.atMs <= attempt.dialByMs
        ? { state: 'live', dialledMs: event.atMs }
        : undefined;
    case 'withdrawn':
      return attempt.state === 'queued'
        ? { state: 'over', result: 'not-dialled', endedMs: event.atMs }
        : undefined;
    case 'proven':
      return provenOf(attempt, event.result);
    case 'call-unknown':
      return attempt.state === 'live' ? ended(attempt, 'lost', event.atMs) : undefined;
    case 'call-ended': {
      if (attempt.state === 'over' && attempt.result !== 'lost') return undefined;
      return ended(attempt, event.result, event.atMs);
    }
    default:
      return event satisfies never;
  }
}

function ended(attempt: Attempt, told: AttemptResult, atMs: number): Attempt {
  const proven = attempt.state === 'queued' ? undefined : attempt.proven;
  // A call of which telephony tells was dialled, though we never heard of the leave.
  const dialledMs = attempt.state === 'queued' ? atMs : attempt.dialledMs;
  return {
    state: 'over',
    result: resultOfCall(told, proven),
    endedMs: atMs,
    ...(dialledMs === undefined ? {} : { dialledMs }),
    ...(proven && { proven }),
  };
}

function provenOf(attempt: Attempt, proven: ProvenResult): Attempt | undefined {
  // In a call that was never made nobody can have done anything.
  if (attempt.state === 'queued' || attempt.dialledMs === undefined) return undefined;
  if (attempt.proven === proven || attempt.proven === 'opted-out') return undefined;
  if (attempt.state === 'live') return { ...attempt, proven };
  // What was proven before stands for what telephony did not know.
  const told = attempt.result === attempt.proven ? 'no-decision' : attempt.result;
  return { ...attempt, proven, result: resultOfCall(told, proven) };
}
