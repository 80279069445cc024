import { appendToOutbox, uuidv7 } from '@wardline/event-bus';
import { queueTimes, type DiallingPolicy } from '../../domain/policy.ts';
import { nextCallAt } from '../../domain/recipient.ts';
import { nextOpen, withinLaw } from '../../domain/window.ts';
import { callQueued, campaignChanged } from '../campaign-events.ts';
import { campaignRow, diallingStopped, limitsOf, type CampaignRow } from './campaign-rows.ts';
import { readInIndexOrder, type Tx } from './campaigns-database.ts';
import { settle, settleMany } from './recipient-changes.ts';
import { blocksOf, factsOf, resultOfBlock, type RecipientRow } from './recipient-rows.ts';

/** Recipients looked at in one turn; what is left has its turn with the next tick, after the other campaigns. */
const BATCH = 50;
/** Of a cancelled campaign, which needs a handful of statements for all of them. */
const CANCELLED_BATCH = 1_000;

export interface TurnOutcome {
  queued: number;
  settled: number;
  /** When the campaign is looked at again; undefined: never. */
  nextAtMs: number | undefined;
}

/** One turn of one campaign, in the caller's transaction. */
export async function turn(
  tx: Tx,
  campaignId: string,
  o: { policy: DiallingPolicy; nowMs: number },
): Promise<TurnOutcome> {
  const { nowMs } = o;
  const idle = { queued: 0, settled: 0, nextAtMs: nowMs + queueTimes.turnIdleMs };
  // A lease that ran out under a slow turn would otherwise let two count the free places at once.
  const [lock] = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${campaignId}, 0)) AS mine`;
  if (!lock?.mine) return idle;
  const campaign = await campaignRow(tx, campaignId, 'share');
  if (!campaign || campaign.state === 'completed') return { ...idle, nextAtMs: undefined };
  if (campaign.state === 'cancelled') return settleTheRest(tx, campaign, nowMs);
  if (campaign.state !== 'running') return { ...idle, nextAtMs: nowMs + 3_600_000 };

  const counts = await countStates(tx, campaignId);
  if (counts.unsettled === 0) {
    await complete(tx, campaign, nowMs);
    return { ...idle, nextAtMs: undefined };
  }
  if (await diallingStopped(tx)) return idle;
  await readInIndexOrder(tx);
  const free = campaign.calls_at_once_max - counts.outstanding;
  const due = await dueRecipients(tx, campaignId, nowMs);
  const { queued, settled } = await queueDue(tx, campaign, due, { ...o, free });
  if (free - queued <= 0) return { queued, settled, nextAtMs: nowMs + queueTimes.turnIdleMs };
  const [next] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT min(next_call_at) AS at FROM campaigns.recipients
    WHERE campaign_id = ${campaignId}::uuid AND state = 'waiting'`;
  const nextMs = next?.at?.getTime();
  // Nobody waits: either all are in calls, whose ends wake the campaign, or it is complete, which the next look finds.
  const nextAtMs = nextMs ?? (settled > 0 ? nowMs : idle.nextAtMs);
  return { queued, settled, nextAtMs: Math.min(Math.max(nextAtMs, nowMs), idle.nextAtMs) };
}

async function countStates(tx: Tx, campaignId: string): Promise<{ unsettled: number; outstanding: number }> {
  const [row] = await tx.$queryRaw<{ unsettled: boolean; outstanding: number }[]>`
    SELECT EXISTS (SELECT FROM campaigns.recipients WHERE campaign_id = ${campaignId}::uuid
                   AND state IN ('waiting', 'queued', 'live')) AS unsettled,
      (SELECT count(*)::int FROM campaigns.attempts WHERE campaign_id = ${campaignId}::uuid
       AND state IN ('queued', 'live')) AS outstanding`;
  return { unsettled: row?.unsettled ? 1 : 0, outstanding: row?.outstanding ?? 0 };
}

async function dueRecipients(tx: Tx, campaignId: string, nowMs: number): Promise<RecipientRow[]> {
  return tx.$queryRaw<RecipientRow[]>`
    SELECT * FROM campaigns.recipients
    WHERE campaign_id = ${campaignId}::uuid AND state = 'waiting' AND next_call_at <= ${new Date(nowMs)}
    ORDER BY next_call_at, id LIMIT ${BATCH}::int FOR UPDATE SKIP LOCKED`;
}

async function queueDue(
  tx: Tx,
  campaign: CampaignRow,
  due: readonly RecipientRow[],
  o: { policy: DiallingPolicy; nowMs: number; free: number },
): Promise<{ queued: number; settled: number }> {
  const { nowMs, policy } = o;
  const limits = limitsOf(campaign);
  const facts = await factsOf(tx, due, nowMs);
  const blocks = await blocksOf(tx, due);
  const shut = new Set<string>();
  let queued = 0;
  let settled = 0;
  for (const recipient of due) {
    const end = async (
      result: 'not-called' | 'not-reached' | 'not-allowed' | 'opted-out',
      reason: string,
    ) => {
      await settle(tx, recipient, { clinicId: campaign.clinic_id, result, reason, nowMs });
      settled += 1;
    };
    const block = blocks.get(recipient.id);
    if (recipient.excluded !== null) await end('not-called', recipient.excluded);
    else if (block) {
      const { result, reason } = resultOfBlock(block, recipient.attempts);
      await end(result as 'not-allowed' | 'opted-out', reason);
    } else if (!shut.has(zoneKeyOf(recipient))) {
      const at = nextCallAt(facts.get(recipient.id)!, limits, policy, nowMs, nowMs);
      if (at === undefined) await end(recipient.attempts > 0 ? 'not-reached' : 'not-called', 'window-over');
      else if (at > nowMs) {
        await postpone(tx, recipient, at);
        const window = withinLaw(limits.window, policy.countries[recipient.country]);
        const opens = nextOpen(window, recipient.zones, nowMs);
        if (opens !== undefined && opens > nowMs) {
          // Everybody who lives by these clocks waits for the same opening; one statement says so.
          await postponeZone(tx, recipient, opens, nowMs);
          shut.add(zoneKeyOf(recipient));
        }
      } else if (queued < o.free && (await queueCall(tx, campaign, recipient, nowMs))) queued += 1;
    }
  }
  return { queued, settled };
}

const zoneKeyOf = (recipient: RecipientRow): string => `${recipient.country} ${recipient.zones.join(' ')}`;

async function postpone(tx: Tx, recipient: RecipientRow, atMs: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE campaigns.recipients SET next_call_at = ${new Date(atMs)} WHERE id = ${recipient.id}::uuid`;
}

/** So many at once, since the turn has a deadline; the next turn goes on with the rest. */
const POSTPONED_AT_ONCE = 1_000;

async function postponeZone(tx: Tx, of: RecipientRow, atMs: number, nowMs: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE campaigns.recipients SET next_call_at = ${new Date(atMs)}
    WHERE id IN (
      SELECT id FROM campaigns.recipients
      WHERE campaign_id = ${of.campaign_id}::uuid AND state = 'waiting' AND next_call_at <= ${new Date(nowMs)}
        AND country = ${of.country} AND zones = ${of.zones}::text[] AND excluded IS NULL
      ORDER BY next_call_at, id LIMIT ${POSTPONED_AT_ONCE}::int FOR UPDATE SKIP LOCKED
    )`;
}

/** False when the number is in a call, or about to be: the recipient waits for its end. */
async function queueCall(
  tx: Tx,
  campaign: CampaignRow,
  recipient: RecipientRow,
  nowMs: number,
): Promise<boolean> {
  const attemptId = uuidv7();
  const dialByMs = nowMs + queueTimes.dialWithinMs;
  const inserted = await tx.$executeRaw`
    INSERT INTO campaigns.attempts
      (id, tenant_id, campaign_id, recipient_id, person_key, number_key, call_id, state, queued_at, dial_by)
    VALUES (${attemptId}::uuid, ${recipient.tenant_id}::uuid, ${recipient.campaign_id}::uuid, ${recipient.id}::uuid,
      ${recipient.person_key}, ${recipient.number_key}, ${uuidv7()}::uuid, 'queued', ${new Date(nowMs)},
      ${new Date(dialByMs)})
    ON CONFLICT DO NOTHING`;
  if (inserted === 0) {
    await postpone(tx, recipient, nowMs + queueTimes.numberBusyMs);
    return false;
  }
  await tx.$executeRaw`
    UPDATE campaigns.recipients SET state = 'queued', next_call_at = NULL WHERE id = ${recipient.id}::uuid`;
  const { tenant_id: tenantId, campaign_id: campaignId, id: recipientId, number_key: numberKey } = recipient;
  const clinicId = campaign.clinic_id;
  await appendToOutbox(
    tx,
    'campaigns',
    callQueued({ tenantId, attemptId, campaignId, clinicId, recipientId, numberKey, dialByMs }),
  );
  return true;
}

/** After a campaign was cancelled: a batch per turn, so that no transaction grows with the campaign. */
async function settleTheRest(tx: Tx, campaign: CampaignRow, nowMs: number): Promise<TurnOutcome> {
  const rest = await tx.$queryRaw<RecipientRow[]>`
    SELECT * FROM campaigns.recipients
    WHERE campaign_id = ${campaign.id}::uuid AND state IN ('waiting', 'queued')
    ORDER BY id LIMIT ${CANCELLED_BATCH}::int FOR UPDATE SKIP LOCKED`;
  await settleMany(
    tx,
    rest.map((recipient) => ({ recipient, result: recipient.attempts > 0 ? 'not-reached' : 'not-called' })),
    { clinicId: campaign.clinic_id, reason: 'campaign-cancelled', nowMs },
  );
  const { unsettled } = await countStates(tx, campaign.id);
  // Those who are left are in calls, whose ends wake the campaign.
  const againMs = rest.length > 0 ? nowMs : nowMs + queueTimes.turnIdleMs;
  return { queued: 0, settled: rest.length, nextAtMs: unsettled === 0 ? undefined : againMs };
}

async function complete(tx: Tx, campaign: CampaignRow, nowMs: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE campaigns.campaigns SET state = 'completed', ended_at = ${new Date(nowMs)}, revision = revision + 1
    WHERE id = ${campaign.id}::uuid AND state = 'running'`;
  await announce(tx, campaign, 'completed', nowMs);
}

/** `campaigns.changed`, with the campaign as it is after the change. */
export async function announce(
  tx: Tx,
  campaign: CampaignRow,
  state: CampaignRow['state'],
  nowMs: number,
): Promise<void> {
  // Recipients come by imports alone; counting them would keep a pause from committing.
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT coalesce(sum(accepted), 0)::int AS count FROM campaigns.imports WHERE campaign_id = ${campaign.id}::uuid`;
  await appendToOutbox(
    tx,
    'campaigns',
    campaignChanged({
      tenantId: campaign.tenant_id,
      campaignId: campaign.id,
      clinicId: campaign.clinic_id,
      name: campaign.name,
      flowId: campaign.flow_id,
      state,
      recipients: row?.count ?? 0,
      atMs: nowMs,
    }),
  );
}
