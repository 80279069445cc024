import type { FieldCipher } from '@wardline/field-encryption';
import { planFirstCalls } from '../../domain/plan.ts';
import type { DiallingPolicy } from '../../domain/policy.ts';
import { nextCallAt } from '../../domain/recipient.ts';
import { sealContexts } from '../../domain/seal-contexts.ts';
import type { DryRunView } from '../../ports/recipient-list.ts';
import { limitsOf, type CampaignRow } from './campaign-rows.ts';
import type { Tx } from './campaigns-database.ts';
import { blocksOf, factsOf, type RecipientRow } from './recipient-rows.ts';

interface GroupRow {
  zones: string[];
  country: string;
  reason: string | null;
  count: number;
}

/** Counts in the database, by clocks and reason; only the sample is read row by row. */
export async function dryRun(
  tx: Tx,
  campaign: CampaignRow,
  o: { policy: DiallingPolicy; cipher: Pick<FieldCipher, 'open'>; limit: number; nowMs: number },
): Promise<DryRunView> {
  const groups = await groupRows(tx, campaign.id);
  const reasons = new Map<string, number>();
  const count = (reason: string, by: number): void => {
    if (by > 0) reasons.set(reason, (reasons.get(reason) ?? 0) + by);
  };
  const free = groups.filter((group) => group.reason === null);
  const limits = limitsOf(campaign);
  const plan = planFirstCalls(free, {
    ...{ window: limits.window, policy: o.policy, nowMs: o.nowMs },
    callsAtOnceMax: campaign.calls_at_once_max,
  });
  let callable = 0;
  let notCallable = 0;
  for (const group of groups) {
    if (group.reason !== null) {
      notCallable += group.count;
      count(group.reason, group.count);
    }
  }
  free.forEach((group, index) => {
    const at = plan.opensAtMs[index];
    if (at === undefined) {
      notCallable += group.count;
      count('window-over', group.count);
    } else {
      callable += group.count;
      if (at > o.nowMs) count('outside-window', group.count);
    }
  });
  count('number-shared', await sharedNumbers(tx, campaign.id));
  return {
    callable,
    notCallable,
    firstCallAtMs: plan.firstCallAtMs,
    lastCallAtMs: plan.lastCallAtMs,
    reasons: [...reasons].map(([reason, n]) => ({ reason, count: n })).sort((a, b) => b.count - a.count),
    sample: await sampleOf(tx, campaign, o),
  };
}

async function groupRows(tx: Tx, campaignId: string): Promise<GroupRow[]> {
  return tx.$queryRaw<GroupRow[]>`
    SELECT r.zones, r.country, CASE
        WHEN r.excluded IS NOT NULL THEN r.excluded
        WHEN d.number_key IS NOT NULL THEN 'do-not-call'
        WHEN p.patient_id IS NOT NULL OR b.number_key IS NOT NULL THEN 'opted-out'
      END AS reason, count(*)::int AS count
    FROM campaigns.recipients r
    LEFT JOIN campaigns.do_not_call d ON d.tenant_id = r.tenant_id AND d.number_key = r.number_key
    LEFT JOIN campaigns.patients p
      ON p.tenant_id = r.tenant_id AND p.patient_id = r.patient_id AND NOT p.outreach_allowed
    LEFT JOIN (SELECT DISTINCT tenant_id, number_key FROM campaigns.blocked_numbers) b
      ON b.tenant_id = r.tenant_id AND b.number_key = r.number_key
    WHERE r.campaign_id = ${campaignId}::uuid AND r.state = 'waiting'
    GROUP BY 1, 2, 3`;
}

/** Recipients whose telephone somebody else of the campaign has, too: they wait for each other. */
async function sharedNumbers(tx: Tx, campaignId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT coalesce(sum(n - 1), 0)::int AS count FROM (
      SELECT count(*) AS n FROM campaigns.recipients
      WHERE campaign_id = ${campaignId}::uuid AND state = 'waiting' GROUP BY number_key HAVING count(*) > 1
    ) shared`;
  return row?.count ?? 0;
}

async function sampleOf(
  tx: Tx,
  campaign: CampaignRow,
  o: { policy: DiallingPolicy; cipher: Pick<FieldCipher, 'open'>; limit: number; nowMs: number },
): Promise<DryRunView['sample']> {
  const rows = await tx.$queryRaw<RecipientRow[]>`
    SELECT * FROM campaigns.recipients WHERE campaign_id = ${campaign.id}::uuid AND state = 'waiting'
    ORDER BY id LIMIT ${o.limit}::int`;
  const facts = await factsOf(tx, rows, o.nowMs);
  const blocks = await blocksOf(tx, rows);
  const limits = limitsOf(campaign);
  const seen = new Set<string>();
  return rows.map((row) => {
    const block = blocks.get(row.id);
    const shared = seen.has(row.number_key);
    seen.add(row.number_key);
    const at =
      row.excluded === null && !block
        ? nextCallAt(facts.get(row.id)!, limits, o.policy, row.next_call_at?.getTime() ?? 0, o.nowMs)
        : undefined;
    return {
      recipientId: row.id,
      name: o.cipher.open(row.tenant_id, row.name_sealed, sealContexts.recipientName),
      number: o.cipher.open(row.tenant_id, row.number_sealed, sealContexts.recipientNumber),
      timeZone: row.time_zone,
      callAtMs: at,
      reason: reasonOf(row, block, { at, shared, nowMs: o.nowMs }),
    };
  });
}

function reasonOf(
  row: RecipientRow,
  block: string | undefined,
  o: { at: number | undefined; shared: boolean; nowMs: number },
): string {
  if (row.excluded !== null) return row.excluded;
  if (block) return block === 'do-not-call' ? block : 'opted-out';
  if (o.at === undefined) return 'window-over';
  if (o.at > o.nowMs) return 'outside-window';
  return o.shared ? 'number-shared' : '';
}
