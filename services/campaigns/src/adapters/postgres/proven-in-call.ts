import { nextAttempt } from '../../domain/attempt.ts';
import type { DiallingPolicy } from '../../domain/policy.ts';
import type { ProvenResult, RecipientResult } from '../../domain/results.ts';
import { campaignRow, wake } from './campaign-rows.ts';
import type { Tx } from './campaigns-database.ts';
import { resettle, restand } from './recipient-changes.ts';
import { attemptOf, lockRecipient, type AttemptRow } from './recipient-rows.ts';

/** What a settled recipient may be corrected from, unless they have opted out: nobody knew better. */
const unknowing: ReadonlySet<RecipientResult | null> = new Set(['no-decision', 'not-reached', 'not-called']);

/**
 * Another service has it that something was done in one of our calls. While the call goes on that is noted, and its end
 * then counts accordingly, whatever is told of it; a call whose end was told before is corrected, its recipient included.
 * A call of nobody's campaign changes nothing.
 *
 * @param o.appointmentId what was changed; the campaign is about one appointment of each recipient
 */
export async function applyProvenInCall(
  tx: Tx,
  callId: string,
  proven: ProvenResult,
  o: { appointmentId?: string; policy: DiallingPolicy; nowMs: number },
): Promise<void> {
  const [known] = await tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE call_id = ${callId}::uuid`;
  if (!known) return;
  const campaign = await campaignRow(tx, known.campaign_id);
  const recipient = await lockRecipient(tx, known.recipient_id);
  const [attempt] = await tx.$queryRaw<AttemptRow[]>`
    SELECT * FROM campaigns.attempts WHERE id = ${known.id}::uuid FOR UPDATE`;
  if (!campaign || !recipient || !attempt) return;
  if (o.appointmentId !== undefined && recipient.appointment_id !== o.appointmentId) return;
  const next = nextAttempt(attemptOf(attempt), { type: 'proven', result: proven });
  if (!next) return;
  const result = next.state === 'over' ? next.result : null;
  await tx.$executeRaw`
    UPDATE campaigns.attempts SET proven = ${proven}, result = ${result} WHERE id = ${attempt.id}::uuid`;
  if (result === null || result === attempt.result) return;
  if (recipient.state !== 'settled') await restand(tx, recipient, campaign, o);
  else if (proven === 'opted-out' || unknowing.has(recipient.result) || recipient.result === attempt.result)
    await resettle(tx, recipient, { clinicId: campaign.clinic_id, result: proven, nowMs: o.nowMs });
  await wake(tx, [campaign.id], o.nowMs);
}
