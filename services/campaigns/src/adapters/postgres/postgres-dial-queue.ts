import { takeOnce } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import { nextAttempt } from '../../domain/attempt.ts';
import type { DiallingPolicy } from '../../domain/policy.ts';
import { sealContexts } from '../../domain/seal-contexts.ts';
import type { AttemptFacts, DialQueue } from '../../ports/dial-queue.ts';
import { authorise } from './authorise.ts';
import { campaignRow, wake } from './campaign-rows.ts';
import { locking, type CampaignsDatabase, type Tx } from './campaigns-database.ts';
import { restand } from './recipient-changes.ts';
import { attemptOf, lockRecipient, type AttemptRow, type RecipientRow } from './recipient-rows.ts';
import { turn } from './take-turn.ts';

/** Within the lease. */
const TURN_DEADLINE_MS = 12_000;

export function createPostgresDialQueue(o: {
  database: CampaignsDatabase;
  cipher: Pick<FieldCipher, 'open'>;
  policy: DiallingPolicy;
}): DialQueue {
  const { database, policy } = o;
  const { client } = database;
  return {
    async claimTurns(nowMs, leaseUntilMs, limit) {
      const rows = await client.$queryRaw<{ tenant_id: string; campaign_id: string }[]>`
        SELECT * FROM campaigns.claim_turns(${new Date(nowMs)}, ${new Date(leaseUntilMs)}, ${limit}::int)`;
      return rows.map((row) => ({ tenantId: row.tenant_id, campaignId: row.campaign_id }));
    },

    takeTurn: ({ tenantId, campaignId }, { nowMs, leaseUntilMs }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const { queued, settled, nextAtMs } = await turn(tx, campaignId, { policy, nowMs });
          if (nextAtMs === undefined)
            await tx.$executeRaw`DELETE FROM campaigns.turns WHERE campaign_id = ${campaignId}::uuid`;
          else
            // Unless somebody has woken it meanwhile, or has taken the turn after our lease ran out.
            await tx.$executeRaw`
              UPDATE campaigns.turns SET next_at = ${new Date(nextAtMs)}
              WHERE campaign_id = ${campaignId}::uuid AND next_at = ${new Date(leaseUntilMs)}`;
          return { queued, settled };
        },
        { ...locking, deadlineMs: TURN_DEADLINE_MS },
      ),

    factsOf: ({ tenantId, attemptId }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const found = await attemptWithRecipient(tx, attemptId);
          const campaign = found && (await campaignRow(tx, found.attempt.campaign_id));
          if (!found || !campaign) return undefined;
          const { attempt, recipient } = found;
          const open = (sealed: string, context: string) => o.cipher.open(tenantId, sealed, context);
          return {
            attemptId,
            campaignId: attempt.campaign_id,
            callId: attempt.call_id,
            clinicId: campaign.clinic_id,
            flowId: campaign.flow_id,
            flowVersion: campaign.flow_version,
            leavesVoicemail: campaign.leaves_voicemail,
            ringSeconds: campaign.ring_seconds,
            patientName: open(recipient.name_sealed, sealContexts.recipientName),
            patientId: recipient.patient_id ?? undefined,
            number: open(recipient.number_sealed, sealContexts.recipientNumber),
            appointmentId: recipient.appointment_id ?? undefined,
            language: recipient.language,
            state: attempt.state,
          } satisfies AttemptFacts;
        },
        locking,
      ),

    authorise: ({ tenantId, attemptId }, { nowMs, outreach }) =>
      database.inTenant(
        tenantId,
        (tx) => authorise(tx, attemptId, { policy, nowMs, outreach }),
        // The answer to a repeated question is the same, so a lost commit may be asked again.
        { ...locking, idempotent: true },
      ),

    apply: ({ tenantId, attemptId }, news, { nowMs, eventId }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          if (eventId && !(await takeOnce(tx, 'campaigns', 'campaigns-calls', eventId))) return 'known';
          const known = await attemptWithRecipient(tx, attemptId);
          if (!known) return 'unknown';
          const campaign = await campaignRow(tx, known.attempt.campaign_id);
          const recipient = await lockRecipient(tx, known.recipient.id);
          const attempt = await lockAttempt(tx, attemptId);
          if (!campaign || !recipient || !attempt) return 'unknown';
          const next = nextAttempt(attemptOf(attempt), news);
          if (next?.state !== 'over') return 'known';
          await tx.$executeRaw`
            UPDATE campaigns.attempts
            SET state = 'over', result = ${next.result}, ended_at = ${new Date(next.endedMs)}, check_at = NULL,
              dialled_at = ${next.dialledMs === undefined ? null : new Date(next.dialledMs)}
            WHERE id = ${attemptId}::uuid`;
          await restand(tx, recipient, campaign, { policy, nowMs });
          await wake(tx, [campaign.id], nowMs);
          return 'applied';
        },
        { ...locking, idempotent: true },
      ),

    async expired(nowMs, limit) {
      const rows = await client.$queryRaw<{ tenant_id: string; attempt_id: string }[]>`
        SELECT * FROM campaigns.expired_attempts(${new Date(nowMs)}, ${limit}::int)`;
      return rows.map((row) => ({ tenantId: row.tenant_id, attemptId: row.attempt_id }));
    },

    async claimChecks(nowMs, nextMs, limit) {
      const rows = await client.$queryRaw<{ tenant_id: string; attempt_id: string }[]>`
        SELECT * FROM campaigns.claim_checks(${new Date(nowMs)}, ${new Date(nextMs)}, ${limit}::int)`;
      return rows.map((row) => ({ tenantId: row.tenant_id, attemptId: row.attempt_id }));
    },
  };
}

async function attemptWithRecipient(
  tx: Tx,
  attemptId: string,
): Promise<{ attempt: AttemptRow; recipient: RecipientRow } | undefined> {
  const [attempt] = await tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE id = ${attemptId}::uuid`;
  if (!attempt) return undefined;
  const [recipient] = await tx.$queryRaw<RecipientRow[]>`
    SELECT * FROM campaigns.recipients WHERE id = ${attempt.recipient_id}::uuid`;
  return recipient && { attempt, recipient };
}

async function lockAttempt(tx: Tx, attemptId: string): Promise<AttemptRow | undefined> {
  const [row] = await tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE id = ${attemptId}::uuid FOR UPDATE`;
  return row;
}
