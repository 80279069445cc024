import type { Logger } from '@wardline/observability';
import { queueTimes } from '../domain/policy.ts';
import type { CallLookup } from '../ports/call-lookup.ts';
import type { AttemptKey, DialQueue } from '../ports/dial-queue.ts';

const BATCH = 200;

export interface RecoverDeps {
  queue: DialQueue;
  calls: CallLookup;
  now: () => number;
  logger: Logger;
}

/** What telephony has not dialled in time goes back to waiting, and is no attempt. */
export async function takeBackExpired(deps: RecoverDeps): Promise<number> {
  const expired = await deps.queue.expired(deps.now(), BATCH);
  for (const key of expired) {
    const nowMs = deps.now();
    await deps.queue.apply(key, { type: 'withdrawn', atMs: nowMs }, { nowMs });
  }
  return expired.length;
}

/** Calls whose end was never heard of are looked up at telephony and settled, or given up as never made. */
export async function checkLiveCalls(deps: RecoverDeps): Promise<number> {
  const nowMs = deps.now();
  const due = await deps.queue.claimChecks(nowMs, nowMs + queueTimes.checkAgainMs, BATCH);
  for (const key of due) {
    try {
      await checkOne(deps, key);
    } catch (err) {
      deps.logger.warn('a call could not be looked up; it is again in a while', {
        attemptId: key.attemptId,
        err,
      });
    }
  }
  return due.length;
}

async function checkOne(deps: RecoverDeps, key: AttemptKey): Promise<void> {
  const facts = await deps.queue.factsOf(key);
  if (!facts) return;
  const found = await deps.calls.find(key.tenantId, facts.callId);
  const nowMs = deps.now();
  switch (found.kind) {
    case 'live':
      return;
    case 'ended':
      await deps.queue.apply(
        key,
        { type: 'call-ended', result: found.result, atMs: found.endedMs },
        { nowMs },
      );
      return;
    case 'unknown':
      deps.logger.warn('telephony knows no such call; it is made again', { attemptId: key.attemptId });
      await deps.queue.apply(key, { type: 'call-unknown', atMs: nowMs }, { nowMs });
      return;
    default:
      return found satisfies never;
  }
}
