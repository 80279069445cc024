import type { FieldCipher, SealedRows } from '@wardline/field-encryption';
import type { Personal } from '@wardline/personal-data';
import { sealContexts } from '../../domain/seal-contexts.ts';
import type { Channel } from '../../ports/appointment-book.ts';
import type { Booking, Bookings } from '../../ports/bookings.ts';
import type { Booking as BookingRow } from '../../../generated/prisma/client.ts';
import type { AppointmentsDatabase } from './appointments-database.ts';

export function createPostgresBookings(
  database: AppointmentsDatabase,
  cipher: Pick<FieldCipher, 'open' | 'blindIndex'>,
): Bookings {
  const indexOf = (tenantId: string, phone: Personal): string =>
    cipher.blindIndex(tenantId, phone.reveal(), sealContexts.patientPhone);
  return {
    async list(tenantId, query) {
      const start = {
        ...(query.fromMs === undefined ? {} : { gte: new Date(query.fromMs) }),
        ...(query.toMs === undefined ? {} : { lt: new Date(query.toMs) }),
      };
      const rows = await database.inTenant(
        tenantId,
        (tx) =>
          tx.booking.findMany({
            where: {
              startAt: start,
              ...(query.clinicId ? { clinicId: query.clinicId } : {}),
              ...(query.callId ? { callId: query.callId } : {}),
              ...(query.doctorId ? { doctorId: query.doctorId } : {}),
              ...(query.patientPhone ? { patientPhoneIndex: indexOf(tenantId, query.patientPhone) } : {}),
            },
            orderBy: [{ startAt: 'asc' }, { id: 'asc' }],
            take: query.limit,
          }),
        { isolation: 'ReadCommitted' },
      );
      return rows.map((row) => bookingOf(cipher, tenantId, row));
    },

    async find(tenantId, appointmentId) {
      const row = await database.inTenant(
        tenantId,
        (tx) => tx.booking.findUnique({ where: { id: appointmentId } }),
        { isolation: 'ReadCommitted' },
      );
      return row ? bookingOf(cipher, tenantId, row) : undefined;
    },
  };
}

export function bookingOf(cipher: Pick<FieldCipher, 'open'>, tenantId: string, row: BookingRow): Booking {
  return {
    appointmentId: row.id,
    clinicId: row.clinicId,
    doctorId: row.doctorId,
    doctorName: row.doctorName,
    department: row.department,
    serviceId: row.serviceId,
    startMs: row.startAt.getTime(),
    endMs: row.endAt.getTime(),
    timeZone: row.timeZone,
    // Both columns have checks with exactly these values.
    channel: row.channel as Channel,
    callId: row.callId,
    status: row.status as 'booked' | 'cancelled',
    patient: {
      name: cipher.open(tenantId, row.patientNameSealed, sealContexts.patientName),
      phone: cipher.open(tenantId, row.patientPhoneSealed, sealContexts.patientPhone),
    },
    confirmedAtMs: row.confirmedAt?.getTime(),
    revision: row.revision,
  };
}

export function createPostgresSealedBookings(o: {
  database: AppointmentsDatabase;
  cipher: Pick<FieldCipher, 'open' | 'seal' | 'needsReseal'>;
}): SealedRows {
  const { cipher } = o;
  const anew = (tenantId: string, sealed: string, context: string): string =>
    cipher.needsReseal(tenantId, sealed)
      ? cipher.seal(tenantId, cipher.open(tenantId, sealed, context), context)
      : sealed;
  return {
    async tenants() {
      const rows = await o.database.client.$queryRaw<{ tenant: string }[]>`
        SELECT appointments.tenants() AS tenant`;
      return rows.map((row) => row.tenant);
    },

    resealBatch: (tenantId, { afterId, limit }) =>
      o.database.inTenant(
        tenantId,
        async (tx) => {
          const rows = await tx.booking.findMany({
            where: afterId === undefined ? {} : { id: { gt: afterId } },
            orderBy: { id: 'asc' },
            take: limit,
            select: { id: true, patientNameSealed: true, patientPhoneSealed: true },
          });
          let resealed = 0;
          for (const row of rows) {
            const name = anew(tenantId, row.patientNameSealed, sealContexts.patientName);
            const phone = anew(tenantId, row.patientPhoneSealed, sealContexts.patientPhone);
            if (name === row.patientNameSealed && phone === row.patientPhoneSealed) continue;
            // Only what we read is replaced: whatever changed the row meanwhile has sealed it itself.
            const { count } = await tx.booking.updateMany({
              where: {
                id: row.id,
                patientNameSealed: row.patientNameSealed,
                patientPhoneSealed: row.patientPhoneSealed,
              },
              data: { patientNameSealed: name, patientPhoneSealed: phone },
            });
            resealed += count;
          }
          return { resealed, examined: rows.length, lastId: rows.at(-1)?.id };
        },
        // Row by row and guarded by what was read, so a serializable snapshot would only disturb the bookings.
        { isolation: 'ReadCommitted' },
      ),
  };
}
