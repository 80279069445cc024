import type { FieldCipher } from '@wardline/field-encryption';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { DiallingPolicy } from '../../domain/policy.ts';
import { sealContexts } from '../../domain/seal-contexts.ts';
import type { RecipientList, RecipientView } from '../../ports/recipient-list.ts';
import { campaignRow } from './campaign-rows.ts';
import { locking, readInIndexOrder, type CampaignsDatabase } from './campaigns-database.ts';
import { dryRun } from './dry-run.ts';
import { attemptRows, type AttemptRow, type RecipientRow } from './recipient-rows.ts';

export function createPostgresRecipientList(o: {
  database: CampaignsDatabase;
  cipher: Pick<FieldCipher, 'open'>;
  policy: DiallingPolicy;
}): RecipientList {
  const { database, cipher, policy } = o;
  return {
    list: (tenantId, { campaignId, state, result, limit, afterId }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          if (!(await campaignRow(tx, campaignId))) return undefined;
          await readInIndexOrder(tx);
          const inState = state ? Prisma.sql`AND state = ${state}` : Prisma.empty;
          const withResult = result ? Prisma.sql`AND result = ${result}` : Prisma.empty;
          const after = afterId ? Prisma.sql`AND id > ${afterId}::uuid` : Prisma.empty;
          const rows = await tx.$queryRaw<RecipientRow[]>`
            SELECT * FROM campaigns.recipients
            WHERE campaign_id = ${campaignId}::uuid ${inState} ${withResult} ${after}
            ORDER BY id LIMIT ${limit}::int`;
          const ids = rows.map((row) => row.id);
          const calls = Map.groupBy(await attemptRows(tx, ids), (attempt) => attempt.recipient_id);
          return rows.map((row) => viewOf(row, calls.get(row.id) ?? [], cipher));
        },
        locking,
      ),

    dryRun: (tenantId, { campaignId, limit, nowMs }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const campaign = await campaignRow(tx, campaignId);
          return campaign && dryRun(tx, campaign, { policy, cipher, limit, nowMs });
        },
        { ...locking, deadlineMs: 30_000 },
      ),
  };
}

function viewOf(
  row: RecipientRow,
  attempts: readonly AttemptRow[],
  cipher: Pick<FieldCipher, 'open'>,
): RecipientView {
  const open = (sealed: string, context: string) => cipher.open(row.tenant_id, sealed, context);
  return {
    recipientId: row.id,
    name: open(row.name_sealed, sealContexts.recipientName),
    number: open(row.number_sealed, sealContexts.recipientNumber),
    externalId: row.external_id_sealed
      ? open(row.external_id_sealed, sealContexts.recipientExternalId)
      : undefined,
    timeZone: row.time_zone,
    appointmentId: row.appointment_id ?? undefined,
    patientId: row.patient_id ?? undefined,
    state: row.state,
    result: row.result ?? undefined,
    reason: row.reason,
    attempts: row.attempts,
    // Due since ever means that nobody has looked yet.
    nextCallAtMs: row.next_call_at && row.next_call_at.getTime() > 0 ? row.next_call_at.getTime() : undefined,
    calls: attempts
      .flatMap((attempt) =>
        attempt.dialled_at
          ? [
              {
                attemptId: attempt.id,
                callId: attempt.call_id,
                dialledAtMs: attempt.dialled_at.getTime(),
                result: attempt.result ?? undefined,
              },
            ]
          : [],
      )
      .reverse(),
  };
}
