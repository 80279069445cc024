import { takeOnce, uuidv7 } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { Personal } from '@wardline/personal-data';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { DiallingPolicy } from '../../domain/policy.ts';
import { indexPurposes, sealContexts } from '../../domain/seal-contexts.ts';
import type { CallBlocks, Dialling } from '../../ports/call-blocks.ts';
import { locking, type CampaignsDatabase, type Tx } from './campaigns-database.ts';
import { applyProvenInCall } from './proven-in-call.ts';
import { resultOfBlock } from './recipient-rows.ts';
import { settleRecipients } from './recipient-removal.ts';

/** A thousand numbers may be on many lists. */
const LONG_MS = 30_000;

export function createPostgresCallBlocks(o: {
  database: CampaignsDatabase;
  cipher: Pick<FieldCipher, 'seal' | 'open' | 'blindIndex'>;
  policy: DiallingPolicy;
}): CallBlocks {
  const { database, cipher, policy } = o;
  const keyOf = (tenantId: string, number: Personal) =>
    cipher.blindIndex(tenantId, number.reveal(), indexPurposes.number);
  return {
    dialling: (tenantId) => database.inTenant(tenantId, diallingOf, locking),

    setDialling: (tenantId, { stopped, userId, displayName, note, nowMs }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const at = new Date(nowMs);
          // Waits for whoever has read that dialling is allowed and not committed yet.
          await tx.$executeRaw`
            INSERT INTO campaigns.dialling (tenant_id, stopped, user_id, display_name, note, changed_at)
            VALUES (${tenantId}::uuid, ${stopped}, ${userId}, ${displayName}, ${note}, ${at})
            ON CONFLICT (tenant_id) DO UPDATE SET stopped = excluded.stopped, user_id = excluded.user_id,
              display_name = excluded.display_name, note = excluded.note, changed_at = excluded.changed_at`;
          if (!stopped) await tx.$executeRaw`UPDATE campaigns.turns SET next_at = least(next_at, ${at})`;
          return diallingOf(tx);
        },
        { ...locking, idempotent: true },
      ),

    doNotCall: (tenantId, { limit, after, number }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const rows = await tx.doNotCallEntry.findMany({
            where: {
              ...(number && { numberKey: keyOf(tenantId, number) }),
              ...(after && {
                OR: [
                  { addedAt: { lt: new Date(after.atMs) } },
                  { addedAt: new Date(after.atMs), id: { lt: after.id } },
                ],
              }),
            },
            orderBy: [{ addedAt: 'desc' }, { id: 'desc' }],
            take: limit,
          });
          return rows.map((row) => ({
            entryId: row.id,
            number: cipher.open(tenantId, row.numberSealed, sealContexts.doNotCallNumber),
            note: cipher.open(tenantId, row.noteSealed, sealContexts.doNotCallNote),
            addedByName: row.addedByName,
            addedAtMs: row.addedAt.getTime(),
          }));
        },
        locking,
      ),

    addDoNotCall: (tenantId, { numbers, note, userId, displayName, nowMs }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const keys = numbers.map((number) => keyOf(tenantId, number));
          const { count: added } = await tx.doNotCallEntry.createMany({
            data: numbers.map((number, index) => ({
              id: uuidv7(),
              tenantId,
              numberKey: keys[index]!,
              numberSealed: cipher.seal(tenantId, number, sealContexts.doNotCallNumber),
              noteSealed: cipher.seal(tenantId, note, sealContexts.doNotCallNote),
              addedByUser: userId,
              addedByName: displayName,
              addedAt: new Date(nowMs),
            })),
            skipDuplicates: true,
          });
          const block = { result: 'not-allowed', reason: 'do-not-call' } as const;
          await settleRecipients(tx, Prisma.sql`r.number_key = ANY (${keys}::text[])`, () => block, nowMs);
          return { added, known: numbers.length - added };
        },
        { ...locking, deadlineMs: LONG_MS, idempotent: true },
      ),

    removeDoNotCall: (tenantId, entryId) =>
      database.inTenant(
        tenantId,
        async (tx) => (await tx.doNotCallEntry.deleteMany({ where: { id: entryId } })).count > 0,
        { ...locking, idempotent: true },
      ),

    applyPatient: (tenantId, e) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          if (!(await takeOnce(tx, 'campaigns', 'campaigns-patients', e.eventId))) return;
          const applied = await tx.$executeRaw`
            INSERT INTO campaigns.patients AS p (tenant_id, patient_id, outreach_allowed, source_sequence)
            VALUES (${tenantId}::uuid, ${e.patientId}::uuid, ${e.outreachAllowed}, ${BigInt(e.sequence)})
            ON CONFLICT (tenant_id, patient_id) DO UPDATE
            SET outreach_allowed = excluded.outreach_allowed, source_sequence = excluded.source_sequence
            WHERE p.source_sequence < excluded.source_sequence`;
          if (applied === 0) return;
          if (e.optedOutInCall !== undefined)
            await applyProvenInCall(tx, e.optedOutInCall, 'opted-out', { policy, nowMs: e.nowMs });
          const keys = [...new Set(e.blockedNumberKeys)];
          await tx.$executeRaw`DELETE FROM campaigns.blocked_numbers WHERE patient_id = ${e.patientId}::uuid`;
          await tx.$executeRaw`
            INSERT INTO campaigns.blocked_numbers (tenant_id, patient_id, number_key)
            SELECT ${tenantId}::uuid, ${e.patientId}::uuid, key FROM unnest(${keys}::text[]) AS key`;
          const person = e.outreachAllowed
            ? Prisma.sql`false`
            : Prisma.sql`r.patient_id = ${e.patientId}::uuid`;
          await settleRecipients(
            tx,
            Prisma.sql`(${person} OR r.number_key = ANY (${keys}::text[]))`,
            // The person has opted out now; who shares their telephone was never asked.
            (recipient) =>
              !e.outreachAllowed && recipient.patient_id === e.patientId
                ? { result: 'opted-out', reason: 'opted-out' }
                : resultOfBlock('number-blocked', recipient.attempts),
            e.nowMs,
          );
        },
        { ...locking, deadlineMs: LONG_MS, idempotent: true },
      ),

    applyAppointment: (tenantId, e) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          if (!(await takeOnce(tx, 'campaigns', 'campaigns-appointments', e.eventId))) return;
          const about = Prisma.sql`r.appointment_id = ${e.appointmentId}::uuid`;
          const reason = `appointment-${e.change}`;
          await tx.$executeRaw`
            UPDATE campaigns.recipients r SET excluded = ${reason} FROM campaigns.campaigns c
            WHERE c.id = r.campaign_id AND c.state = 'draft' AND r.state = 'waiting' AND ${about}`;
          const { appointmentId, nowMs } = e;
          if (e.callId) await applyProvenInCall(tx, e.callId, e.change, { appointmentId, policy, nowMs });
          await settleRecipients(
            tx,
            about,
            (recipient) => ({ result: recipient.attempts > 0 ? 'not-reached' : 'not-called', reason }),
            nowMs,
          );
        },
        { ...locking, idempotent: true },
      ),
  };
}

async function diallingOf(tx: Tx): Promise<Dialling> {
  const row = await tx.dialling.findFirst();
  return {
    stopped: row?.stopped ?? false,
    changedByName: row?.displayName ?? '',
    note: row?.note ?? '',
    changedAtMs: row?.changedAt?.getTime(),
  };
}
