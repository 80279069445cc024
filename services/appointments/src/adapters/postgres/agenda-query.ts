import type { Occupancy } from '../../domain/occupancy.ts';
import type { ScheduleException, WeeklyHours } from '../../domain/schedule.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Agenda, EarlierAnswer } from '../../ports/appointment-book.ts';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { AppointmentsTx } from './appointments-database.ts';

interface OccupancyJson {
  id: string;
  doctorId: string;
  kind: 'hold' | 'booking';
  holder: string | null;
  startMs: number;
  endMs: number;
  expiresAtMs: number | null;
}

interface AgendaRow {
  clinic: { name: string; timeZone: string } | null;
  doctors: {
    doctorId: string;
    name: string;
    department: string;
    acceptsBookings: boolean;
    serviceId: string | null;
    slotMinutes: number | null;
    weekly: WeeklyHours[];
    exceptions: ScheduleException[];
    occupancy: OccupancyJson[];
  }[];
  earlier: EarlierAnswer | null;
  ownHolds: OccupancyJson[];
}

export interface AgendaQuestion extends TimeRange {
  readonly clinicId: string;
  readonly doctorId?: string;
  readonly department?: string;
  readonly operation?: string;
  readonly key?: string;
  readonly holder?: string;
  readonly holdId?: string;
}

const occupancyJson = Prisma.raw(`jsonb_build_object(
  'id', o.id, 'doctorId', o.doctor_id, 'kind', o.kind, 'holder', o.holder,
  'startMs', round(extract(epoch FROM lower(o.during)) * 1000),
  'endMs', round(extract(epoch FROM upper(o.during)) * 1000),
  'expiresAtMs', round(extract(epoch FROM o.expires_at) * 1000))`);

/**
 * Everything that decides about a clinic's slots, in one statement and so in one round trip. The tenant's policy selects
 * the rows; no statement here names a tenant.
 */
export async function queryAgenda(
  tx: AppointmentsTx,
  q: AgendaQuestion,
): Promise<Agenda & { earlier: EarlierAnswer | undefined; ownHolds: Occupancy[] }> {
  const from = new Date(q.startMs);
  const to = new Date(q.endMs);
  // A local day is at most 14 hours away from the UTC day of the same date.
  const firstDay = new Date(q.startMs - DAY_MS).toISOString().slice(0, 10);
  const lastDay = new Date(q.endMs + DAY_MS).toISOString().slice(0, 10);
  const rows = await tx.$queryRaw<AgendaRow[]>`
    /* prepared */ SELECT
      (SELECT jsonb_build_object('name', c.name, 'timeZone', c.time_zone)
         FROM appointments.clinics c WHERE c.clinic_id = ${q.clinicId}::uuid) AS clinic,
      (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'doctorId', d.doctor_id, 'name', d.name, 'department', d.department, 'acceptsBookings', d.accepts_bookings,
          'serviceId', s.service_id, 'slotMinutes', s.duration_minutes,
          'weekly', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'isoWeekday', w.iso_weekday, 'fromMinute', w.from_minute, 'toMinute', w.to_minute)), '[]')
              FROM appointments.working_hours w WHERE w.doctor_id = d.doctor_id),
          'exceptions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'date', e.on_date, 'kind', e.kind, 'fromMinute', e.from_minute, 'toMinute', e.to_minute)), '[]')
              FROM appointments.exceptions e
              WHERE e.doctor_id = d.doctor_id AND e.on_date BETWEEN ${firstDay}::date AND ${lastDay}::date),
          'occupancy', (SELECT coalesce(jsonb_agg(${occupancyJson}), '[]')
              FROM appointments.occupancy o
              WHERE o.tenant_id = d.tenant_id AND o.doctor_id = d.doctor_id
                AND o.during && tstzrange(${from}::timestamptz, ${to}::timestamptz))
        ) ORDER BY d.name), '[]')
        FROM appointments.doctors d
        LEFT JOIN appointments.doctor_services ds ON ds.doctor_id = d.doctor_id
        LEFT JOIN appointments.services s ON s.service_id = ds.service_id
        WHERE d.clinic_id = ${q.clinicId}::uuid
          AND (${q.doctorId ?? null}::uuid IS NULL OR d.doctor_id = ${q.doctorId ?? null}::uuid)
          AND (${q.department ?? null}::text IS NULL OR lower(d.department) = lower(${q.department ?? null}::text))
      ) AS doctors,
      (SELECT jsonb_build_object('contentHash', i.content_hash, 'answer', i.answer)
         FROM appointments.idempotency i
         WHERE i.operation = ${q.operation ?? ''} AND i.key = ${q.key ?? ''}) AS earlier,
      (SELECT coalesce(jsonb_agg(${occupancyJson}), '[]')
         FROM appointments.occupancy o
         WHERE o.kind = 'hold' AND (o.holder = ${q.holder ?? null}::text OR o.id = ${q.holdId ?? null}::uuid)
      ) AS "ownHolds"`;
  const row = rows[0];
  if (!row) throw new Error('a SELECT without FROM gave no row');
  return {
    clinic: row.clinic ?? undefined,
    doctors: row.doctors.map(({ serviceId, slotMinutes, occupancy, ...doctor }) => ({
      ...doctor,
      service: serviceId !== null && slotMinutes !== null ? { serviceId, slotMinutes } : undefined,
      occupancy: occupancy.map(occupancyOf),
    })),
    earlier: row.earlier ?? undefined,
    ownHolds: row.ownHolds.map(occupancyOf),
  };
}

const DAY_MS = 86_400_000;

function occupancyOf(o: OccupancyJson): Occupancy {
  const place = { id: o.id, doctorId: o.doctorId, range: { startMs: o.startMs, endMs: o.endMs } };
  if (o.kind === 'booking') return { kind: 'booking', ...place };
  // The table's own check sees to it that a hold has both.
  return { kind: 'hold', ...place, holder: o.holder ?? '', expiresAtMs: o.expiresAtMs ?? 0 };
}
