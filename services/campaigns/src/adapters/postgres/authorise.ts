import { nextAttempt } from '../../domain/attempt.ts';
import { queueTimes, type DiallingPolicy } from '../../domain/policy.ts';
import { nextCallAt } from '../../domain/recipient.ts';
import type { Authorisation, RefusalReason } from '../../ports/dial-queue.ts';
import { campaignRow, diallingStopped, limitsOf, wake, type CampaignRow } from './campaign-rows.ts';
import type { Tx } from './campaigns-database.ts';
import { restand, settle } from './recipient-changes.ts';
import {
  attemptOf,
  blocksOf,
  factsOf,
  lockRecipient,
  resultOfBlock,
  type AttemptRow,
  type RecipientRow,
} from './recipient-rows.ts';

/**
 * The decision at the instant of dialling. Campaign and hospital switch are locked for sharing first: who pauses or stops
 * waits for those who have already read that they may dial, and once their change has committed, nobody reads otherwise.
 * The recipient is locked, too: who puts a number on the do-not-call list settles its recipients in the same transaction.
 *
 * A refusal takes the attempt back in the same transaction, so that its recipient is called again when they may be.
 */
export async function authorise(
  tx: Tx,
  attemptId: string,
  o: { policy: DiallingPolicy; nowMs: number; outreach: 'allowed' | 'refused' | 'unknown' },
): Promise<Authorisation> {
  const [known] = await tx.$queryRaw<{ campaign_id: string; recipient_id: string }[]>`
    SELECT campaign_id, recipient_id FROM campaigns.attempts WHERE id = ${attemptId}::uuid`;
  const campaign = known && (await campaignRow(tx, known.campaign_id, 'share'));
  if (!known || !campaign) return { kind: 'refused', reason: 'over' };
  const stopped = await diallingStopped(tx);
  const recipient = await lockRecipient(tx, known.recipient_id);
  const [attempt] = await tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE id = ${attemptId}::uuid FOR UPDATE`;
  if (!recipient || !attempt || attempt.state === 'over') return { kind: 'refused', reason: 'over' };
  if (attempt.state === 'live') {
    // Asked again because the first answer was lost: a pause, a stop or an opt-out that came meanwhile counts. Nobody has
    // dialled: who asks holds the only lease on the dial, and whoever has made a call of it does not ask again.
    const reason = await forbidden(tx, { campaign, stopped, recipient }, o);
    if (!reason) return { kind: 'allowed' };
    await takeBack(tx, { campaign, recipient, attempt, reason }, o);
    return { kind: 'refused', reason };
  }

  const reason = await refusalOf(tx, { campaign, stopped, recipient, attempt }, o);
  if (reason) {
    await takeBack(tx, { campaign, recipient, attempt, reason }, o);
    return { kind: 'refused', reason };
  }
  await tx.$executeRaw`
    UPDATE campaigns.attempts SET state = 'live', dialled_at = ${new Date(o.nowMs)},
      check_at = ${new Date(o.nowMs + queueTimes.liveCheckMs)}
    WHERE id = ${attemptId}::uuid`;
  await restand(tx, recipient, campaign, o);
  return { kind: 'allowed' };
}

async function refusalOf(
  tx: Tx,
  {
    campaign,
    stopped,
    recipient,
    attempt,
  }: { campaign: CampaignRow; stopped: boolean; recipient: RecipientRow; attempt: AttemptRow },
  o: { policy: DiallingPolicy; nowMs: number; outreach: 'allowed' | 'refused' | 'unknown' },
): Promise<RefusalReason | undefined> {
  const against = await forbidden(tx, { campaign, stopped, recipient }, o);
  if (against) return against;
  if (nextAttempt(attemptOf(attempt), { type: 'authorised', atMs: o.nowMs }) === undefined) return 'too-late';
  const facts = (await factsOf(tx, [recipient], o.nowMs)).get(recipient.id)!;
  const at = nextCallAt(facts, limitsOf(campaign), o.policy, o.nowMs, o.nowMs);
  if (at !== o.nowMs) return 'outside-window';
  const [other] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM campaigns.attempts
    WHERE number_key = ${attempt.number_key} AND state = 'live' AND id <> ${attempt.id}::uuid LIMIT 1`;
  return other ? 'number-busy' : undefined;
}

/** What people have decided: that nobody is called now, or that this one is not. */
async function forbidden(
  tx: Tx,
  { campaign, stopped, recipient }: { campaign: CampaignRow; stopped: boolean; recipient: RecipientRow },
  { outreach }: { outreach: 'allowed' | 'refused' | 'unknown' },
): Promise<RefusalReason | undefined> {
  if (campaign.state === 'paused') return 'paused';
  if (campaign.state !== 'running') return 'over';
  if (stopped) return 'dialling-stopped';
  const block = (await blocksOf(tx, [recipient])).get(recipient.id);
  if (block) return block === 'do-not-call' ? 'do-not-call' : 'opted-out';
  if (outreach === 'refused') return 'opted-out';
  return outreach === 'unknown' ? 'consent-unknown' : undefined;
}

async function takeBack(
  tx: Tx,
  {
    campaign,
    recipient,
    attempt,
    reason,
  }: { campaign: CampaignRow; recipient: RecipientRow; attempt: AttemptRow; reason: RefusalReason },
  o: { policy: DiallingPolicy; nowMs: number },
): Promise<void> {
  const { nowMs } = o;
  await tx.$executeRaw`
    UPDATE campaigns.attempts
    SET state = 'over', result = 'not-dialled', ended_at = ${new Date(nowMs)}, dialled_at = NULL, check_at = NULL
    WHERE id = ${attempt.id}::uuid`;
  if (reason === 'do-not-call' || reason === 'opted-out') {
    const block = reason === 'do-not-call' ? reason : 'opted-out';
    const clinicId = campaign.clinic_id;
    await settle(tx, recipient, { ...resultOfBlock(block, recipient.attempts), clinicId, nowMs });
  } else {
    const notBeforeMs = reason === 'consent-unknown' ? nowMs + queueTimes.askAgainMs : 0;
    await restand(tx, recipient, campaign, { ...o, notBeforeMs });
  }
  await wake(tx, [campaign.id], nowMs);
}
