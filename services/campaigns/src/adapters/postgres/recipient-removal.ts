import type { Prisma } from '../../../generated/prisma/client.ts';
import type { RecipientResult } from '../../domain/results.ts';
import { wake } from './campaign-rows.ts';
import type { Tx } from './campaigns-database.ts';
import { settle } from './recipient-changes.ts';
import type { RecipientRow } from './recipient-rows.ts';

type RowWithCampaign = RecipientRow & { clinic_id: string };

/**
 * Settles recipients who wait or are queued in campaigns that have begun. Drafts are left: their first turn looks again.
 * They are locked in the order of their ids, so that two who remove the same people wait for each other and not in a circle.
 *
 * @param which a condition on `r`
 */
export async function settleRecipients(
  tx: Tx,
  which: Prisma.Sql,
  resultOf: (recipient: RecipientRow) => { result: RecipientResult; reason: string },
  nowMs: number,
): Promise<number> {
  const rows = await tx.$queryRaw<RowWithCampaign[]>`
    SELECT r.*, c.clinic_id FROM campaigns.recipients r
    JOIN campaigns.campaigns c ON c.id = r.campaign_id AND c.state <> 'draft'
    WHERE r.state IN ('waiting', 'queued') AND ${which}
    ORDER BY r.id FOR UPDATE OF r`;
  for (const row of rows) {
    const { result, reason } = resultOf(row);
    await settle(tx, row, { clinicId: row.clinic_id, result, reason, nowMs });
  }
  await wake(
    tx,
    rows.map((row) => row.campaign_id),
    nowMs,
  );
  return rows.length;
}
