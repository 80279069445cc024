import type { AttemptResult } from './results.ts';

/**
 * One call that is to be made, is being made, or was. `queued`: handed to telephony. `live`: allowed to be dialled, and from
 * then on taken for a ringing telephone until its end is known. `over`: never changes again.
 */
export type Attempt =
  | { readonly state: 'queued'; readonly dialByMs: number }
  | {
      readonly state: 'live';
      readonly dialledMs: number;
      /** Whoever answered wants no more calls: that is what the call comes to, however it ends. */
      readonly optedOut?: boolean;
    }
  | {
      readonly state: 'over';
      readonly result: AttemptResult;
      readonly endedMs: number;
      /** Absent when it was never dialled. */
      readonly dialledMs?: number;
    };

export type AttemptEvent =
  | { readonly type: 'authorised'; readonly atMs: number }
  /** Not dialled, and not to be any more: too late, paused, cancelled, not allowed. */
  | { readonly type: 'withdrawn'; readonly atMs: number }
  | { readonly type: 'call-ended'; readonly result: AttemptResult; readonly atMs: number }
  /** The ledger of consents has it from this call that whoever answered wants no more calls. */
  | { readonly type: 'opted-out' }
  /** Telephony has never heard of the call. */
  | { readonly type: 'call-unknown'; readonly atMs: number };

/**
 * What an event makes of an attempt; undefined: nothing, it stays as it is. Events may come twice and in any order. An end
 * that is heard of after the attempt was given up as lost replaces that: the call was made after all. What the ledger says
 * of a call is more than what telephony does, which may have been gone when it was said.
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
    case 'opted-out':
      if (attempt.state === 'live') return attempt.optedOut ? undefined : { ...attempt, optedOut: true };
      return attempt.state === 'over' && attempt.result !== 'opted-out'
        ? { ...attempt, result: 'opted-out' }
        : undefined;
    case 'call-unknown':
      return attempt.state === 'live'
        ? {
            state: 'over',
            result: attempt.optedOut ? 'opted-out' : 'lost',
            endedMs: event.atMs,
            dialledMs: attempt.dialledMs,
          }
        : undefined;
    case 'call-ended': {
      if (attempt.state === 'over' && attempt.result !== 'lost') return undefined;
      const dialledMs = attempt.state === 'queued' ? event.atMs : attempt.dialledMs;
      return {
        state: 'over',
        result: attempt.state === 'live' && attempt.optedOut ? 'opted-out' : event.result,
        endedMs: event.atMs,
        ...(dialledMs === undefined ? {} : { dialledMs }),
      };
    }
    default:
      return event satisfies never;
  }
}
