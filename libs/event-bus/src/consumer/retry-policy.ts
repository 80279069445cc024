import type { Outcome } from '../event.ts';

/** Delay before each further attempt; when they are used up the event is dead-lettered. About 13 minutes in all. */
export const RETRY_DELAYS_MS: readonly number[] = [200, 1_000, 5_000, 30_000, 120_000, 600_000];

const REASON_CHARS_MAX = 300;

export type Verdict =
  { kind: 'done' } | { kind: 'retry'; reason: string; delayMs: number } | { kind: 'dead'; reason: string };

/**
 * What follows from an outcome.
 *
 * @param failures how often this event has failed before
 */
export function judge(outcome: Outcome, failures: number, delaysMs: readonly number[]): Verdict {
  switch (outcome.kind) {
    case 'ok':
    case 'drop':
      return { kind: 'done' };
    case 'dead-letter':
      return { kind: 'dead', reason: shorten(outcome.reason) };
    case 'retry': {
      const delayMs = delaysMs[failures];
      if (delayMs === undefined) return { kind: 'dead', reason: shorten(outcome.reason) };
      return { kind: 'retry', reason: shorten(outcome.reason), delayMs: outcome.afterMs ?? delayMs };
    }
    default:
      return outcome satisfies never;
  }
}

/** A thrown error as an outcome: its code or name, never its text, which may quote a person. */
export function outcomeOfError(error: unknown): Outcome {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    name?: unknown;
  };
  const label = typeof code === 'string' ? code : typeof name === 'string' ? name : typeof error;
  return { kind: 'retry', reason: `handler failed: ${label}` };
}

const shorten = (reason: string): string => reason.slice(0, REASON_CHARS_MAX);
