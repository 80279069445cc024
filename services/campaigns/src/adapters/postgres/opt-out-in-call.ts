import { nextAttempt } from '../../domain/attempt.ts';
import type { DiallingPolicy } from '../../domain/policy.ts';
import { campaignRow, wake } from './campaign-rows.ts';
import type { Tx } from './campaigns-database.ts';
import { resettle, restand } from './recipient-changes.ts';
import { attemptOf, lockRecipient, type AttemptRow } from './recipient-rows.ts';

/**
 * Whoever answered one of our calls has opted out in it. While the call goes on that is noted, and its end then counts as
 * the opt-out, whatever is told of it; a call whose end was told before is corrected, its recipient included. A call of
 * nobody's campaign changes nothing.
 */
export async function applyOptOutInCall(
  tx: Tx,
  callId: string,
  o: { policy: DiallingPolicy; nowMs: number },
): Promise<void> {
  const [known] = await tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE call_id = ${callId}::uuid`;
  if (!known) return;
  const campaign = await campaignRow(tx, known.campaign_id);
  const recipient = await lockRecipient(tx, known.recipient_id);
  const [attempt] = await tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE id = ${known.id}::uuid FOR UPDATE`;
  if (!campaign || !recipient || !attempt) return;
  const next = nextAttempt(attemptOf(attempt), { type: 'opted-out' });
  if (next?.state === 'live')
    await tx.$executeRaw`UPDATE campaigns.attempts SET opted_out = true WHERE id = ${attempt.id}::uuid`;
  if (next?.state !== 'over') return;
  await tx.$executeRaw`
    UPDATE campaigns.attempts SET opted_out = true, result = ${next.result} WHERE id = ${attempt.id}::uuid`;
  if (recipient.state === 'settled')
    await resettle(tx, recipient, { clinicId: campaign.clinic_id, result: 'opted-out', nowMs: o.nowMs });
  else await restand(tx, recipient, campaign, o);
  await wake(tx, [campaign.id], o.nowMs);
}
