import type { Logger } from '@wardline/observability';
import { queueTimes } from '../domain/policy.ts';
import type { Outreach } from '../ports/outreach.ts';
import type { Registrations } from '../ports/registrations.ts';

const BATCH = 1_000;
/** Rows looked at to find campaigns with somebody to register. */
const LOOK = 200;

/**
 * Tells the service patients who is on the lists, so that a recipient is one of its people. In the background: calls do
 * not wait for it, since permission is asked by number as well. Two instances may tell it twice, which is once to it.
 */
export async function registerPatients(
  deps: { registrations: Registrations; outreach: Outreach; now: () => number; logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  for (let due = await look(); due.length > 0 && !signal.aborted; due = await look())
    for (const { tenantId, campaignId } of due) {
      if (signal.aborted) return;
      const people = await deps.registrations.next(tenantId, { campaignId, nowMs: deps.now(), limit: BATCH });
      if (people.length === 0) continue;
      try {
        const ids = await deps.outreach.register(tenantId, people);
        const found = people.map(({ recipientId }, index) => ({ recipientId, patientId: ids[index]! }));
        await deps.registrations.done(tenantId, found);
      } catch (err) {
        deps.logger.warn('patients could not be told of recipients; they are again in a while', {
          campaignId,
          err,
        });
        await deps.registrations.postpone(tenantId, {
          recipientIds: people.map((person) => person.recipientId),
          atMs: deps.now() + queueTimes.registerAgainMs,
        });
      }
    }

  function look() {
    return deps.registrations.due(deps.now(), LOOK);
  }
}
