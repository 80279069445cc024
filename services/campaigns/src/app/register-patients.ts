import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@wardline/observability';
import { queueTimes } from '../domain/policy.ts';
import { PeopleRefused, type Outreach } from '../ports/outreach.ts';
import type { Registrations, Unregistered } from '../ports/registrations.ts';

/** While patients takes a batch, nobody of the hospital can say that they do not want to be called: no more than that. */
const BATCH = 250;
/** After a full batch, this many times as long as it took belongs to others, and calls are among them. */
const PAUSE_FACTOR = 2;
const PAUSE_MS_MAX = 2_000;
/** Rows looked at to find campaigns with somebody to register. */
const LOOK = 200;

export interface RegisterDeps {
  registrations: Registrations;
  outreach: Outreach;
  now: () => number;
  logger: Logger;
}

/**
 * Tells the service patients who is on the lists, so that a recipient is one of its people. In the background: calls do
 * not wait for it, since permission is asked by number as well. Two instances may tell it twice, which is once to it.
 */
export async function registerPatients(deps: RegisterDeps, signal: AbortSignal): Promise<void> {
  const look = () => deps.registrations.due(deps.now(), LOOK);
  for (let due = await look(); due.length > 0 && !signal.aborted; due = await look())
    for (const { tenantId, campaignId } of due) {
      if (signal.aborted) return;
      const began = performance.now();
      const people = await deps.registrations.next(tenantId, { campaignId, nowMs: deps.now(), limit: BATCH });
      if (people.length === 0) continue;
      try {
        await register(deps, tenantId, people);
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
      if (people.length < BATCH) continue;
      const pauseMs = Math.min(PAUSE_FACTOR * (performance.now() - began), PAUSE_MS_MAX);
      // Given up when the service stops, which the loop sees.
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
}

/** Whoever is refused must not keep the others back: the batch is halved until only they are left. */
async function register(
  deps: RegisterDeps,
  tenantId: string,
  people: readonly Unregistered[],
): Promise<void> {
  try {
    const ids = await deps.outreach.register(tenantId, people);
    const found = people.map(({ recipientId }, index) => ({ recipientId, patientId: ids[index]! }));
    await deps.registrations.done(tenantId, found);
  } catch (error) {
    if (!(error instanceof PeopleRefused)) throw error;
    const [only, ...others] = people;
    if (only && others.length === 0) {
      deps.logger.warn('a recipient stays unknown to patients', {
        recipientId: only.recipientId,
        err: error,
      });
      await deps.registrations.done(tenantId, [{ recipientId: only.recipientId, patientId: undefined }]);
      return;
    }
    const half = Math.ceil(people.length / 2);
    await register(deps, tenantId, people.slice(0, half));
    await register(deps, tenantId, people.slice(half));
  }
}
