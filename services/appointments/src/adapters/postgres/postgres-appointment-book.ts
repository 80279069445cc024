import type { FieldCipher } from '@wardline/field-encryption';
import { appendToOutbox } from '@wardline/event-bus';
import { isConstraintViolation } from '@wardline/persistence';
import { sealContexts } from '../../domain/seal-contexts.ts';
import type {
  AppointmentBook,
  BookCommand,
  HoldCommand,
  SlotClaim,
  WriteResult,
} from '../../ports/appointment-book.ts';
import { Prisma } from '../../../generated/prisma/client.ts';
import { changedEvent } from '../appointment-events.ts';
import { queryAgenda } from './agenda-query.ts';
import { writeDeadlineMs, type AppointmentsDatabase, type AppointmentsTx } from './appointments-database.ts';

/** What was read before the write is not there any more; undoes the transaction. */
export class ReadIsOld extends Error {}

/**
 * The book in PostgreSQL. Reads are single statements; writes are serializable, claim the idempotency key first (a twin
 * with the same key waits there), and leave the decision about the slot to the exclusion constraint. They read nothing
 * through the occupancy's index: under SERIALIZABLE a GiST scan locks whole index pages, and neighbours who book
 * different slots would undo each other.
 */
export function createPostgresAppointmentBook(o: {
  database: AppointmentsDatabase;
  cipher: Pick<FieldCipher, 'seal' | 'blindIndex'>;
}): AppointmentBook {
  const { database, cipher } = o;
  const read = { isolation: 'ReadCommitted', deadlineMs: writeDeadlineMs } as const;
  return {
    agenda: (tenantId, question) => database.inTenant(tenantId, (tx) => queryAgenda(tx, question), read),
    look: (tenantId, question) => database.inTenant(tenantId, (tx) => queryAgenda(tx, question), read),

    book: (tenantId, command) =>
      settled(() =>
        database.inTenant(
          tenantId,
          async (tx) => {
            await clear(tx, command.claim);
            if ((await insertBooking(tx, cipher, tenantId, command)) === 0) throw new ReadIsOld();
            await appendToOutbox(
              tx,
              'appointments',
              changedEvent(cipher, tenantId, { ...command, change: 'booked' }),
            );
          },
          // Safe to repeat after a lost commit: the key is then found used, and the answer is replayed.
          { deadlineMs: writeDeadlineMs, idempotent: true },
        ),
      ),

    hold: (tenantId, command) =>
      settled(() =>
        database.inTenant(
          tenantId,
          async (tx) => {
            await clear(tx, command.claim);
            await insertHold(tx, tenantId, command);
          },
          // Repeated, a hold that did commit is found by its key, or as the holder's one hold, and looked at again.
          { deadlineMs: writeDeadlineMs, idempotent: true },
        ),
      ),

    async release(tenantId, holdId) {
      await database.inTenant(
        tenantId,
        (tx) =>
          tx.$executeRaw`DELETE FROM appointments.occupancy WHERE id = ${holdId}::uuid AND kind = 'hold'`,
        read,
      );
    },
  };
}

/** How a write that claims a slot ended. */
export async function settled(write: () => Promise<void>): Promise<WriteResult> {
  try {
    await write();
    return 'done';
  } catch (error) {
    // Answered at once and never repeated: whoever holds the range has committed.
    if (isConstraintViolation(error, 'exclusion')) return 'taken';
    // The key, or the holder's one hold, was inserted by a twin after we looked.
    if (isConstraintViolation(error, 'unique') || error instanceof ReadIsOld) return 'changed';
    throw error;
  }
}

/** Removes the expired holds in the way. */
export async function clear(tx: AppointmentsTx, claim: SlotClaim): Promise<void> {
  if (claim.clear.length === 0) return;
  // Only holds: one that has become a booking meanwhile stays, and the constraint then refuses us.
  await tx.$executeRaw`
    DELETE FROM appointments.occupancy WHERE id = ANY(${[...claim.clear]}::uuid[]) AND kind = 'hold'`;
}

/**
 * Key, booking and occupancy in one statement. Each part reads from the one before, which fixes their order: a twin with
 * the same key must be found out before the slot is looked at.
 */
function insertBooking(
  tx: AppointmentsTx,
  cipher: Pick<FieldCipher, 'seal' | 'blindIndex'>,
  tenantId: string,
  { facts, patient, occupancyId, claim, idempotency }: BookCommand,
): Promise<number> {
  const start = new Date(facts.startMs);
  const end = new Date(facts.endMs);
  const phone = patient.phone.reveal();
  const occupy = claim.convert
    ? Prisma.sql`
      UPDATE appointments.occupancy o
      SET kind = 'booking', holder = NULL, expires_at = NULL, booking_id = booked.id
      FROM booked
      WHERE o.id = ${claim.convert}::uuid AND o.kind = 'hold' AND o.doctor_id = ${facts.doctorId}::uuid
        AND o.during = tstzrange(${start}::timestamptz, ${end}::timestamptz)`
    : Prisma.sql`
      INSERT INTO appointments.occupancy (id, tenant_id, clinic_id, doctor_id, during, kind, booking_id)
      SELECT ${occupancyId}::uuid, booked.tenant_id, ${facts.clinicId}::uuid, ${facts.doctorId}::uuid,
             tstzrange(${start}::timestamptz, ${end}::timestamptz), 'booking', booked.id
      FROM booked`;
  return tx.$executeRaw`
    /* prepared */ WITH claimed AS (
      INSERT INTO appointments.idempotency (tenant_id, operation, key, content_hash, answer)
      VALUES (${tenantId}::uuid, 'book', ${idempotency.key}, ${idempotency.contentHash}, ${JSON.stringify(facts)}::jsonb)
      RETURNING tenant_id
    ), booked AS (
      INSERT INTO appointments.bookings (
        id, tenant_id, clinic_id, doctor_id, doctor_name, department, service_id, start_at, end_at, time_zone,
        patient_name_sealed, patient_phone_sealed, patient_phone_index, channel, call_id, status)
      SELECT ${facts.appointmentId}::uuid, claimed.tenant_id, ${facts.clinicId}::uuid, ${facts.doctorId}::uuid,
        ${facts.doctorName}, ${facts.department}, ${facts.serviceId}::uuid, ${start}::timestamptz, ${end}::timestamptz,
        ${facts.timeZone}, ${cipher.seal(tenantId, patient.name, sealContexts.patientName)},
        ${cipher.seal(tenantId, patient.phone, sealContexts.patientPhone)},
        ${cipher.blindIndex(tenantId, phone, sealContexts.patientPhone)},
        ${facts.channel}, ${facts.callId}, ${facts.status}
      FROM claimed
      RETURNING id, tenant_id
    )
    ${occupy}`;
}

async function insertHold(tx: AppointmentsTx, tenantId: string, command: HoldCommand): Promise<void> {
  const { facts, idempotency } = command;
  if (idempotency) {
    await tx.$executeRaw`
      /* prepared */ INSERT INTO appointments.idempotency (tenant_id, operation, key, content_hash, answer)
      VALUES (${tenantId}::uuid, 'hold', ${idempotency.key}, ${idempotency.contentHash}, ${JSON.stringify(facts)}::jsonb)`;
  }
  await tx.$executeRaw`
    /* prepared */ INSERT INTO appointments.occupancy (id, tenant_id, clinic_id, doctor_id, during, kind, holder, expires_at)
    VALUES (${facts.holdId}::uuid, ${tenantId}::uuid, ${command.clinicId}::uuid, ${facts.slot.doctorId}::uuid,
      tstzrange(${new Date(facts.slot.startMs)}::timestamptz, ${new Date(facts.slot.endMs)}::timestamptz),
      'hold', ${command.holder}, ${new Date(facts.expiresAtMs)}::timestamptz)`;
}
