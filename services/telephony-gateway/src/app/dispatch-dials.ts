import { withSpan, type Logger } from '@wardline/observability';
import type { ClinicLines } from '../ports/clinic-lines.ts';
import type { Clock } from '../ports/clock.ts';
import type { AllowedCall, DialAnswer, DialAuthority } from '../ports/dial-authority.ts';
import type { ClaimedDial, DialQueue } from '../ports/dial-queue.ts';
import type { CallChanges } from './change-call.ts';
import type { DialPlaces } from './dial-places.ts';

/** Longer than one dial takes: the directory's deadline, the campaign's, and a transaction. */
const LEASE_MS = 10_000;
const BATCH = 50;
/** A dial that found no place, and one that found somebody not answering, is due again after this. */
const NO_PLACE_MS = 400;
const NO_ANSWER_MS = 1_000;

export interface DispatchDeps {
  readonly queue: DialQueue;
  readonly places: DialPlaces;
  readonly authority: DialAuthority;
  readonly clinics: Pick<ClinicLines, 'linesOf'>;
  readonly changes: Pick<CallChanges, 'place'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inBackground: (name: string, work: () => Promise<unknown>) => void;
}

/**
 * Goes once through the dials that are due. In this order, because each step is useless without the one before: is there
 * time, is there a place, from which number, may it be dialled now; and after that yes nothing is waited for any more: the
 * call and the command to dial it are stored in one transaction, and carried out. Any other answer, and none, dials nobody.
 */
export function createDispatchDials(deps: DispatchDeps): () => Promise<void> {
  const { queue, places, clock, logger } = deps;

  return async () => {
    const claimed = await queue.claim({ now: clock.now(), leaseMs: LEASE_MS, limit: BATCH });
    let tooFast = false;
    for (const dial of claimed) {
      if (clock.now() > dial.dialBy) {
        logger.info('dial is too late', fieldsOf(dial));
        await queue.end(dial, { state: 'too-late', reason: null });
      } else if (tooFast || !(await hasPlace(dial))) {
        await queue.postpone(dial, clock.now() + NO_PLACE_MS);
      } else {
        // Beside the others: what one campaign does not answer must not hold up the next hospital's.
        deps.inBackground('dial', () => withSpanOf(dial, () => placed(dial)));
      }
    }

    async function hasPlace(dial: ClaimedDial): Promise<boolean> {
      try {
        const result = await places.take(dial);
        tooFast = result === 'too-fast';
        return result === 'taken';
      } catch (error) {
        // The rest of the batch would wait for the same answer.
        tooFast = true;
        logger.warn('no place can be asked for; nobody is called', { err: error });
        return false;
      }
    }
  };

  /** Has places. Ends with a call, or gives them back. */
  async function placed(dial: ClaimedDial): Promise<void> {
    let isCalled = false;
    try {
      isCalled = await dialled(dial);
    } catch (error) {
      logger.warn('dial could not be decided and will be tried again', { ...fieldsOf(dial), err: error });
      await queue.postpone(dial, clock.now() + NO_ANSWER_MS);
    } finally {
      if (!isCalled) await places.giveBack(dial);
    }
  }

  async function dialled(dial: ClaimedDial): Promise<boolean> {
    const { number } = await deps.clinics.linesOf(dial.tenantId, dial.clinicId);
    if (number === undefined) {
      logger.error('a clinic without a number cannot call', fieldsOf(dial));
      await queue.end(dial, { state: 'refused', reason: 'clinic-without-number' });
      return false;
    }
    const answer = await deps.authority.ask(dial.tenantId, dial.attemptId);
    if (answer.kind === 'refused') return refused(dial, answer);
    return called(dial, answer.call, number);
  }

  async function refused(dial: ClaimedDial, { reason }: Extract<DialAnswer, { kind: 'refused' }>) {
    logger.info('dial refused', { ...fieldsOf(dial), reason });
    await queue.end(dial, { state: 'refused', reason: reason.slice(0, 40) });
    return false;
  }

  async function called(dial: ClaimedDial, allowed: AllowedCall, clinicNumber: string): Promise<boolean> {
    const { tenantId, attemptId, traceparent, tries } = dial;
    const result = await deps.changes.place(
      {
        ...{ tenantId, traceparent, clinicNumber },
        callId: allowed.callId,
        clinicId: allowed.clinicId,
        callerNumber: allowed.to,
        language: allowed.language,
        campaign: { attemptId, campaignId: allowed.campaignId },
        plan: { leavesVoicemail: allowed.leavesVoicemail, ringMs: allowed.ringMs },
      },
      { at: clock.now(), tries },
    );
    logger.info('dial decided', { ...fieldsOf(dial), callId: allowed.callId, result });
    // Somebody else has it by now. The places are held in the attempt's name, so they are that one's to give back.
    return true;
  }
}

function withSpanOf(dial: ClaimedDial, work: () => Promise<void>): Promise<void> {
  return withSpan('telephony.dial', { 'attempt.id': dial.attemptId }, work, {
    traceparent: dial.traceparent,
  });
}

function fieldsOf({ attemptId, campaignId, tries }: ClaimedDial) {
  return { attemptId, campaignId, tries };
}
