import type { AttemptResult } from './results.ts';

/**
 * One call that is to be made, is being made, or was. `queued`: handed to telephony. `live`: allowed to be dialled, and from
 * then on taken for a ringing telephone until its end is known. `over`: never changes again.
 */
export type Attempt =
  | { readonly state: 'queued'; readonly dialByMs: number }
  | { readonly state: 'live'; readonly dialledMs: number }
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
  /** Telephony has never heard of the call. */
  | { readonly type: 'call-unknown'; readonly atMs: number };

/**
 * What an event makes of an attempt; undefined: nothing, it stays as it is. Events may come twice and in any order. An end
 * that is heard of after the attempt was given up as lost replaces that: the call was made after all.
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
    case 'call-unknown':
      return attempt.state === 'live'
        ? { state: 'over', result: 'lost', endedMs: event.atMs, dialledMs: attempt.dialledMs }
        : undefined;
    case 'call-ended': {
      if (attempt.state === 'over' && attempt.result !== 'lost') return undefined;
      const dialledMs = attempt.state === 'queued' ? event.atMs : attempt.dialledMs;
      return {
        state: 'over',
        result: event.result,
        endedMs: event.atMs,
        ...(dialledMs === undefined ? {} : { dialledMs }),
      };
    }
    default:
      return event satisfies never;
  }
}
