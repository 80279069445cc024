import type { Logger } from '@wardline/observability';
import type { AttemptFacts, AttemptKey, Authorisation, DialQueue } from '../ports/dial-queue.ts';
import type { Outreach } from '../ports/outreach.ts';

export type DialAnswer = Authorisation & { readonly facts: AttemptFacts | undefined };

/**
 * Whether an attempt may be dialled now. Patients is asked first, since its answer may take a while and no lock is held
 * meanwhile; the rest is decided in one transaction. What cannot be asked is a no.
 */
export async function authoriseDial(
  deps: { queue: DialQueue; outreach: Outreach; now: () => number; logger: Logger },
  key: AttemptKey,
): Promise<DialAnswer> {
  const facts = await deps.queue.factsOf(key);
  if (!facts) return { kind: 'refused', reason: 'over', facts };
  const outreach = facts.state === 'over' ? 'unknown' : await ask(deps, key.tenantId, facts);
  const answer = await deps.queue.authorise(key, { nowMs: deps.now(), outreach });
  if (answer.kind === 'refused')
    deps.logger.info('dial refused', { attemptId: key.attemptId, reason: answer.reason });
  return { ...answer, facts };
}

async function ask(
  deps: { outreach: Outreach; logger: Logger },
  tenantId: string,
  facts: AttemptFacts,
): Promise<'allowed' | 'refused' | 'unknown'> {
  try {
    return (await deps.outreach.mayCall(tenantId, facts)) ? 'allowed' : 'refused';
  } catch (err) {
    deps.logger.warn('patients could not be asked; nobody is called', { err });
    return 'unknown';
  }
}
