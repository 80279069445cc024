import type { Logger } from '@wardline/observability';
import { queueTimes } from '../domain/policy.ts';
import type { DialQueue, TurnKey } from '../ports/dial-queue.ts';

const TURNS_MAX = 100;
/** Turns taken at the same time, which leaves connections for whoever asks for leave to dial. */
const AT_ONCE = 3;

/** Gives every campaign that is due its turn, those that waited longest first. One that fails has it again later. */
export async function takeTurns(deps: {
  queue: DialQueue;
  now: () => number;
  logger: Logger;
}): Promise<number> {
  const nowMs = deps.now();
  const leaseUntilMs = nowMs + queueTimes.turnLeaseMs;
  const turns = await deps.queue.claimTurns(nowMs, leaseUntilMs, TURNS_MAX);
  let queued = 0;
  const work = turns.values();
  const worker = async (): Promise<void> => {
    for (const key of work) queued += await takeOne(deps, key, leaseUntilMs);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return queued;
}

async function takeOne(
  deps: { queue: DialQueue; now: () => number; logger: Logger },
  key: TurnKey,
  leaseUntilMs: number,
): Promise<number> {
  try {
    const { queued, settled } = await deps.queue.takeTurn(key, { nowMs: deps.now(), leaseUntilMs });
    if (queued + settled > 0)
      deps.logger.debug('campaign had its turn', { campaignId: key.campaignId, queued, settled });
    return queued;
  } catch (err) {
    deps.logger.warn('a campaign’s turn failed; it has another one when its lease ends', {
      campaignId: key.campaignId,
      err,
    });
    return 0;
  }
}
