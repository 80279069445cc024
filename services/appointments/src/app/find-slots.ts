import { freeSlots } from '../domain/free-slots.ts';
import { isLive } from '../domain/occupancy.ts';
import type { AppointmentBook, SlotFacts } from '../ports/appointment-book.ts';
import type { Refusal } from './outcome.ts';

export interface SlotQuery {
  readonly clinicId: string;
  readonly doctorId: string | undefined;
  readonly department: string | undefined;
  readonly fromMs: number;
  /** Exclusive. What lies more than `periodDaysMax` after `fromMs` is not looked at. */
  readonly toMs: number;
  readonly limit: number;
}

export const periodDaysMax = 92;

export type FoundSlots =
  | { readonly kind: 'found'; readonly slots: SlotFacts[]; readonly timeZone: string }
  | Extract<Refusal, { kind: 'not-found' }>;

/** Free slots, earliest first, that neither a live hold nor a booking touches. */
export async function findSlots(
  deps: { book: AppointmentBook; now: () => number },
  tenantId: string,
  query: SlotQuery,
): Promise<FoundSlots> {
  const nowMs = deps.now();
  const fromMs = Math.max(query.fromMs, nowMs);
  const toMs = Math.min(query.toMs, fromMs + periodDaysMax * 86_400_000);
  const agenda = await deps.book.agenda(tenantId, {
    clinicId: query.clinicId,
    startMs: fromMs,
    endMs: Math.max(toMs, fromMs),
    ...(query.doctorId ? { doctorId: query.doctorId } : {}),
    ...(query.department ? { department: query.department } : {}),
  });
  if (!agenda.clinic) return { kind: 'not-found', what: 'clinic' };
  if (query.doctorId && agenda.doctors.length === 0) return { kind: 'not-found', what: 'doctor' };
  const { timeZone } = agenda.clinic;
  const days = agenda.doctors.flatMap((doctor) => {
    const { service } = doctor;
    if (!doctor.acceptsBookings || !service) return [];
    return [
      {
        doctor: { ...doctor, service },
        schedule: {
          timeZone,
          slotMinutes: service.slotMinutes,
          weekly: doctor.weekly,
          exceptions: doctor.exceptions,
        },
        busy: doctor.occupancy.filter((o) => isLive(o, nowMs)).map((o) => o.range),
      },
    ];
  });
  const slots = freeSlots(days, { fromMs, toMs, nowMs, limit: query.limit }).map(({ doctor, slot }) => ({
    doctorId: doctor.doctorId,
    doctorName: doctor.name,
    department: doctor.department,
    serviceId: doctor.service.serviceId,
    ...slot,
  }));
  return { kind: 'found', slots, timeZone };
}
