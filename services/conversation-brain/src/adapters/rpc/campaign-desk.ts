import type { campaigns } from '@wardline/contracts';
import type { RpcClient } from '@wardline/rpc';
import type { CampaignDesk } from '../../ports/campaign-desk.ts';
import { patiently } from './patience.ts';

/** The patient has picked up and says hello meanwhile. */
const deadlineMs = 1_500;

/** campaigns, by RPC; waited for while it is away. */
export function createRpcCampaignDesk(client: RpcClient<typeof campaigns.DiallingService>): CampaignDesk {
  return {
    async attempt(tenantId, attemptId) {
      const found = await patiently(() =>
        client.forTenant(tenantId).getAttempt({ attemptId }, { timeoutMs: deadlineMs }),
      );
      return {
        attemptId,
        campaignId: found.campaignId,
        flowId: found.flowId,
        flowVersion: found.flowVersion,
        patientName: found.patientName,
        patientId: found.patientId,
        number: found.number,
        appointmentId: found.appointmentId === '' ? undefined : found.appointmentId,
        language: found.language === '' ? 'en' : found.language,
      };
    },
  };
}
