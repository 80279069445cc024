import { patients } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import type { RpcClient } from '@wardline/rpc';
import type { ConsentLedger } from '../../ports/consent-ledger.ts';
import { failureOf } from './appointment-book.ts';

const deadlineMs = 4_000;

/** patients, by RPC. */
export function createRpcConsentLedger(
  client: RpcClient<typeof patients.PatientsService>,
  logger: Logger,
): ConsentLedger {
  return {
    async optOut(tenantId, { patientId, number, source, callId, note, key }) {
      try {
        await client.forTenant(tenantId).recordConsent(
          {
            patientId,
            number,
            change: patients.ConsentChange.OPTED_OUT,
            source,
            callId,
            note,
            idempotencyKey: key,
          },
          { timeoutMs: deadlineMs },
        );
        return { kind: 'done' };
      } catch (error) {
        logger.warn('a wish for no more calls could not be noted', { err: error });
        const kind = failureOf(error);
        return { kind: kind === 'taken' ? 'refused' : kind };
      }
    },
  };
}
