import { setTimeout as pause } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';

/** A service that was killed is back sooner; to be kept waiting is better than to be hung up on. */
const patienceMs = 10_000;
const pauseMs = 250;

/**
 * Asks again while the one asked is away or does not answer, for ten seconds. For what a conversation of ours cannot begin
 * without, and for reads only: a write may have had its effect.
 *
 * @throws whatever `ask` throws once that time is over, and at once when it is a refusal
 */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (const since = performance.now(); ; await pause(pauseMs)) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error) || performance.now() - since > patienceMs) throw error;
    }
  }
}

/** It does not run, or does not answer: another moment may help. */
function isAway(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  return code === Code.Unavailable || code === Code.DeadlineExceeded;
}
