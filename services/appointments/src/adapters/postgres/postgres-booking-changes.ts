import { appendToOutbox } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { BookingChanges, ChangeOrigin, MoveCommand } from '../../ports/booking-changes.ts';
import type { Booking } from '../../ports/bookings.ts';
import { changedEvent } from '../appointment-events.ts';
import { writeDeadlineMs, type AppointmentsDatabase, type AppointmentsTx } from './appointments-database.ts';
import { clear, ReadIsOld, settled } from './postgres-appointment-book.ts';

/**
 * Changes of bookings in PostgreSQL. Each is made to the revision that was read; the exclusion constraint decides about
 * the new slot of a move, as it does for a booking.
 */
export function createPostgresBookingChanges(o: {
  database: AppointmentsDatabase;
  cipher: Pick<FieldCipher, 'seal'>;
}): BookingChanges {
  const { database, cipher } = o;

  async function announce(
    tx: AppointmentsTx,
    tenantId: string,
    booking: Booking,
    change: 'moved' | 'cancelled' | 'confirmed',
    origin: ChangeOrigin,
  ): Promise<void> {
    const clinic = await tx.clinic.findUnique({
      where: { tenantId_clinicId: { tenantId, clinicId: booking.clinicId } },
      select: { name: true },
    });
    const { channel, callId } = origin;
    const facts = { ...booking, clinicName: clinic?.name ?? '', channel, callId };
    await appendToOutbox(
      tx,
      'appointments',
      changedEvent(cipher, tenantId, { facts, patient: booking.patient, change }),
    );
  }

  return {
    async move(tenantId, command) {
      const moved = movedBooking(command);
      const result = await settled(() =>
        database.inTenant(
          tenantId,
          async (tx) => {
            await claimKey(tx, tenantId, command, moved);
            await writeMove(tx, command);
            await occupy(tx, tenantId, command);
            await announce(tx, tenantId, moved, 'moved', command);
          },
          // Safe to repeat after a lost commit: the key is then found used, and the answer is replayed.
          { deadlineMs: writeDeadlineMs, idempotent: true },
        ),
      );
      return result === 'done' ? { kind: 'done', booking: moved } : { kind: result };
    },

    setStatus: (tenantId, command) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const { booking, change, atMs } = command;
          const { count } = await tx.booking.updateMany({
            where: { id: booking.appointmentId, status: 'booked', revision: booking.revision },
            data: {
              revision: booking.revision + 1,
              ...(change === 'cancelled' ? { status: 'cancelled' } : { confirmedAt: new Date(atMs) }),
            },
          });
          if (count === 0) return { kind: 'changed' as const };
          if (change === 'cancelled') await free(tx, booking);
          const changed: Booking = {
            ...booking,
            revision: booking.revision + 1,
            ...(change === 'cancelled' ? { status: 'cancelled' } : { confirmedAtMs: atMs }),
          };
          await announce(tx, tenantId, changed, change, command);
          return { kind: 'done' as const, booking: changed };
        },
        // Guarded by the revision; repeated after a lost commit it finds itself done.
        { isolation: 'ReadCommitted', deadlineMs: writeDeadlineMs, idempotent: true },
      ),
  };
}

function movedBooking({ booking, slot }: MoveCommand): Booking {
  return { ...booking, ...slot, confirmedAtMs: undefined, revision: booking.revision + 1 };
}

/** Before anything else, so that a twin with the same key waits here and then replays. */
async function claimKey(
  tx: AppointmentsTx,
  tenantId: string,
  { idempotency }: MoveCommand,
  moved: Booking,
): Promise<void> {
  const { patient: _, ...answer } = moved;
  await tx.$executeRaw`
    /* prepared */ INSERT INTO appointments.idempotency (tenant_id, operation, key, content_hash, answer)
    VALUES (${tenantId}::uuid, 'move', ${idempotency.key}, ${idempotency.contentHash}, ${JSON.stringify(answer)}::jsonb)`;
}

async function writeMove(tx: AppointmentsTx, { booking, slot }: MoveCommand): Promise<void> {
  const { count } = await tx.booking.updateMany({
    where: { id: booking.appointmentId, status: 'booked', revision: booking.revision },
    data: {
      doctorId: slot.doctorId,
      doctorName: slot.doctorName,
      department: slot.department,
      serviceId: slot.serviceId,
      startAt: new Date(slot.startMs),
      endAt: new Date(slot.endMs),
      confirmedAt: null,
      revision: booking.revision + 1,
    },
  });
  if (count === 0) throw new ReadIsOld();
}

/** The old place first: a longer appointment may move into a part of its own time. */
async function occupy(tx: AppointmentsTx, tenantId: string, command: MoveCommand): Promise<void> {
  const { booking, slot, claim } = command;
  const start = new Date(slot.startMs);
  const end = new Date(slot.endMs);
  await clear(tx, claim);
  await free(tx, booking);
  if (claim.convert) {
    const converted = await tx.$executeRaw`
      UPDATE appointments.occupancy
      SET kind = 'booking', holder = NULL, expires_at = NULL, booking_id = ${booking.appointmentId}::uuid
      WHERE id = ${claim.convert}::uuid AND kind = 'hold' AND doctor_id = ${slot.doctorId}::uuid
        AND during = tstzrange(${start}::timestamptz, ${end}::timestamptz)`;
    if (converted === 0) throw new ReadIsOld();
    return;
  }
  await tx.$executeRaw`
    INSERT INTO appointments.occupancy (id, tenant_id, clinic_id, doctor_id, during, kind, booking_id)
    VALUES (${command.occupancyId}::uuid, ${tenantId}::uuid, ${booking.clinicId}::uuid, ${slot.doctorId}::uuid,
      tstzrange(${start}::timestamptz, ${end}::timestamptz), 'booking', ${booking.appointmentId}::uuid)`;
}

async function free(tx: AppointmentsTx, { appointmentId }: Booking): Promise<void> {
  await tx.$executeRaw`DELETE FROM appointments.occupancy WHERE booking_id = ${appointmentId}::uuid`;
}
