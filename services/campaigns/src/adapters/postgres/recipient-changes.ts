import { appendAllToOutbox, appendToOutbox } from '@wardline/event-bus';
import type { DiallingPolicy } from '../../domain/policy.ts';
import { countedAttempts, standingOf, type Standing } from '../../domain/recipient.ts';
import type { RecipientResult } from '../../domain/results.ts';
import { recipientSettled } from '../campaign-events.ts';
import { limitsOf, type CampaignRow } from './campaign-rows.ts';
import type { Tx } from './campaigns-database.ts';
import { blocksOf, factsOf, resultOfBlock, type RecipientRow } from './recipient-rows.ts';

/**
 * Settles a locked recipient for good and says so once. A call of theirs that is queued is withdrawn in the same
 * transaction: whoever asks for leave to dial it hears that it is over.
 */
export async function settle(
  tx: Tx,
  recipient: RecipientRow,
  o: { clinicId: string; result: RecipientResult; reason: string; attempts?: number; nowMs: number },
): Promise<void> {
  const attempts = o.attempts ?? recipient.attempts;
  const at = new Date(o.nowMs);
  const changed = await tx.$executeRaw`
    UPDATE campaigns.recipients
    SET state = 'settled', result = ${o.result}, reason = ${o.reason}, attempts = ${attempts}, settled_at = ${at},
        next_call_at = NULL
    WHERE id = ${recipient.id}::uuid AND state <> 'settled'`;
  if (changed === 0) return;
  await withdrawQueued(tx, [recipient.id], o.nowMs);
  await appendToOutbox(tx, 'campaigns', settledEvent(recipient, { ...o, attempts }));
}

/**
 * Corrects what a locked recipient was settled with, and says so again: of what is said of a recipient, the newest counts.
 * Rare, since what is known of a call is known before its end.
 */
export async function resettle(
  tx: Tx,
  recipient: RecipientRow,
  o: { clinicId: string; result: RecipientResult; nowMs: number },
): Promise<void> {
  if (recipient.state !== 'settled' || recipient.result === o.result) return;
  const atMs = Math.max(o.nowMs, (recipient.settled_at?.getTime() ?? 0) + 1);
  await tx.$executeRaw`
    UPDATE campaigns.recipients SET result = ${o.result}, reason = '', settled_at = ${new Date(atMs)}
    WHERE id = ${recipient.id}::uuid`;
  const { attempts } = recipient;
  await appendToOutbox(tx, 'campaigns', settledEvent(recipient, { ...o, attempts, nowMs: atMs }));
}

/** `settle` for many locked recipients of one campaign in a few statements, each with the result that they are given. */
export async function settleMany(
  tx: Tx,
  settled: readonly { readonly recipient: RecipientRow; readonly result: RecipientResult }[],
  o: { clinicId: string; reason: string; nowMs: number },
): Promise<void> {
  const at = new Date(o.nowMs);
  const ids = settled.map(({ recipient }) => recipient.id);
  const results = settled.map(({ result }) => result);
  await tx.$executeRaw`
    UPDATE campaigns.recipients r
    SET state = 'settled', result = s.result, reason = ${o.reason}, settled_at = ${at}, next_call_at = NULL
    FROM unnest(${ids}::uuid[], ${results}::text[]) AS s(id, result)
    WHERE r.id = s.id`;
  await withdrawQueued(tx, ids, o.nowMs);
  await appendAllToOutbox(
    tx,
    'campaigns',
    settled.map(({ recipient, result }) =>
      settledEvent(recipient, { ...o, result, attempts: recipient.attempts }),
    ),
  );
}

const settledEvent = (
  recipient: RecipientRow,
  o: { clinicId: string; result: RecipientResult; attempts: number; nowMs: number },
) =>
  recipientSettled({
    tenantId: recipient.tenant_id,
    recipientId: recipient.id,
    campaignId: recipient.campaign_id,
    clinicId: o.clinicId,
    result: o.result,
    attempts: o.attempts,
    appointmentId: recipient.appointment_id ?? undefined,
    patientId: recipient.patient_id ?? undefined,
    atMs: o.nowMs,
  });

export async function withdrawQueued(tx: Tx, recipientIds: readonly string[], nowMs: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE campaigns.attempts SET state = 'over', result = 'not-dialled', ended_at = ${new Date(nowMs)}
    WHERE recipient_id = ANY (${[...recipientIds]}::uuid[]) AND state = 'queued'`;
}

/**
 * Works out anew where a locked recipient stands, after something has happened to one of their attempts, and writes it.
 * Who is settled stays as they are: a campaign tells one result of a person (but see `resettle`).
 *
 * @param notBeforeMs not to be called before this, whatever else allows it
 */
export async function restand(
  tx: Tx,
  recipient: RecipientRow,
  campaign: CampaignRow,
  o: { policy: DiallingPolicy; nowMs: number; notBeforeMs?: number },
): Promise<Standing['state']> {
  if (recipient.state === 'settled') return 'settled';
  const facts = (await factsOf(tx, [recipient], o.nowMs)).get(recipient.id)!;
  const attempts = countedAttempts(facts.attempts, o.policy);
  const clinicId = campaign.clinic_id;
  const standing = standingOf(facts, limitsOf(campaign), o.policy, o.nowMs);
  switch (standing.state) {
    case 'settled':
      await settle(tx, recipient, { ...standing, clinicId, attempts, nowMs: o.nowMs });
      break;
    case 'waiting': {
      const block = (await blocksOf(tx, [recipient])).get(recipient.id);
      if (block) {
        await settle(tx, recipient, {
          ...resultOfBlock(block, attempts),
          clinicId,
          attempts,
          nowMs: o.nowMs,
        });
        return 'settled';
      }
      const at = new Date(Math.max(standing.nextCallAtMs, o.notBeforeMs ?? 0));
      await tx.$executeRaw`
        UPDATE campaigns.recipients SET state = 'waiting', attempts = ${attempts}, next_call_at = ${at}
        WHERE id = ${recipient.id}::uuid`;
      break;
    }
    case 'queued':
    case 'live':
      await tx.$executeRaw`
        UPDATE campaigns.recipients SET state = ${standing.state}, attempts = ${attempts}, next_call_at = NULL
        WHERE id = ${recipient.id}::uuid`;
      break;
    default:
      return standing satisfies never;
  }
  return standing.state;
}
