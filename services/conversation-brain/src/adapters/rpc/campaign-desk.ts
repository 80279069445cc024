import type { campaigns } from '@wardline/contracts';
import type { RpcClient } from '@wardline/rpc';
import type { CampaignDesk } from '../../ports/campaign-desk.ts';

/** The patient has picked up and says hello meanwhile. */
const deadlineMs = 1_500;
const attemptsMax = 2;

/** campaigns, by RPC. */
export function createRpcCampaignDesk(client: RpcClient<typeof campaigns.DiallingService>): CampaignDesk {
  return {
    async attempt(tenantId, attemptId) {
      for (let attempt = 1; ; attempt++) {
        try {
          const found = await client.forTenant(tenantId).getAttempt({ attemptId }, { timeoutMs: deadlineMs });
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
        } catch (error) {
          if (attempt >= attemptsMax) throw error;
        }
      }
    },
  };
}
