import { setTimeout as pause } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import type { campaigns } from '@wardline/contracts';
import type { RpcClient } from '@wardline/rpc';
import type { CampaignDesk } from '../../ports/campaign-desk.ts';

/** The patient has picked up and says hello meanwhile. */
const deadlineMs = 1_500;
/** A campaigns that was killed is back sooner; to be kept waiting is better than to be hung up on. */
const patienceMs = 10_000;
const pauseMs = 250;

/** campaigns, by RPC. */
export function createRpcCampaignDesk(client: RpcClient<typeof campaigns.DiallingService>): CampaignDesk {
  return {
    async attempt(tenantId, attemptId) {
      for (const since = performance.now(); ; await pause(pauseMs)) {
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
          const passes = isAway(error) && performance.now() - since < patienceMs;
          if (!passes) throw error;
        }
      }
    },
  };
}

/** It does not run, or does not answer: another moment may help. */
const isAway = (error: unknown): boolean => {
  const { code } = ConnectError.from(error);
  return code === Code.Unavailable || code === Code.DeadlineExceeded;
};
