import { durationMs } from '@bufbuild/protobuf/wkt';
import { campaigns } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { createRpcClient, type ServiceTokens } from '@wardline/rpc';
import { z } from 'zod';
import type { DialAnswer, DialAuthority } from '../ports/dial-authority.ts';

/** Places are held meanwhile, and a campaign that is paused must be heard within this time. */
const DEADLINE_MS = 2_000;
/** What the carrier takes, and no longer than a campaign may be set to ring. */
const RING_MS = { min: 5_000, max: 60_000, usual: 30_000 };

const answer = z.object({
  callId: z.guid(),
  clinicId: z.guid(),
  campaignId: z.guid(),
  to: z.string().regex(/^\+\d{6,15}$/),
});

/** DiallingService of campaigns, by RPC. */
export function createCampaignsDialAuthority(o: {
  baseUrl: string;
  tokens: ServiceTokens;
  /** Default 2,000. */
  deadlineMs?: number;
}): DialAuthority & { close(): void } {
  const client = createRpcClient(campaigns.DiallingService, {
    baseUrl: o.baseUrl,
    callee: 'campaigns',
    tokens: o.tokens,
    defaultDeadlineMs: o.deadlineMs ?? DEADLINE_MS,
  });
  return {
    async ask(tenantId, attemptId): Promise<DialAnswer> {
      const response = await client.forTenant(tenantId).authorizeDial({ attemptId });
      if (!response.allowed) return { kind: 'refused', reason: response.reason || 'no-reason' };
      // Nobody is called on a word that was not understood. The message names no field, lest it name a number.
      const parsed = answer.safeParse(response);
      if (!parsed.success) throw new Error('campaigns allowed a call without saying which');
      const { to, ...ids } = parsed.data;
      const ringMs = response.ringTime ? durationMs(response.ringTime) : RING_MS.usual;
      return {
        kind: 'allowed',
        call: {
          ...ids,
          to: Personal.of(to),
          ringMs: Math.min(RING_MS.max, Math.max(RING_MS.min, ringMs)),
          language: response.language || null,
          leavesVoicemail: response.leavesVoicemail,
        },
      };
    },
    close: () => client.close(),
  };
}
