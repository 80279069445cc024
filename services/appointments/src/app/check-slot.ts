import { leadMs } from '../domain/free-slots.ts';
import { slotAt } from '../domain/schedule.ts';
import type { TimeRange } from '../domain/time-range.ts';
import type { Agenda, DoctorAgenda } from '../ports/appointment-book.ts';
import type { Refusal } from './outcome.ts';

export interface CheckedSlot {
  readonly kind: 'slot';
  readonly clinic: NonNullable<Agenda['clinic']>;
  readonly doctor: DoctorAgenda & { service: NonNullable<DoctorAgenda['service']> };
  readonly range: TimeRange;
}

/** The longest service, so that what is asked about a slot covers it before its duration is known. */
export const slotMsMax = 480 * 60_000;

/** Whether this start is a real slot of that doctor; says what is wrong when it is not. */
export function checkSlot(
  agenda: Agenda,
  o: { doctorId: string; startMs: number; nowMs: number; leadTime: boolean },
): CheckedSlot | Refusal {
  if (!agenda.clinic) return { kind: 'not-found', what: 'clinic' };
  const doctor = agenda.doctors.find((d) => d.doctorId === o.doctorId);
  if (!doctor) return { kind: 'not-found', what: 'doctor' };
  if (!doctor.acceptsBookings || !doctor.service) return invalid('the doctor does not accept bookings');
  if (o.startMs <= o.nowMs) return invalid('start lies in the past');
  if (o.leadTime && o.startMs < o.nowMs + leadMs) return invalid('start is less than 5 minutes away');
  const found = slotAt(
    {
      timeZone: agenda.clinic.timeZone,
      slotMinutes: doctor.service.slotMinutes,
      weekly: doctor.weekly,
      exceptions: doctor.exceptions,
    },
    o.startMs,
  );
  if (found.kind === 'none') {
    return invalid(
      found.why === 'not-aligned'
        ? 'start is not the beginning of a slot'
        : "start is outside the doctor's working hours",
    );
  }
  return {
    kind: 'slot',
    clinic: agenda.clinic,
    doctor: { ...doctor, service: doctor.service },
    range: found.slot,
  };
}

function invalid(problem: string): Refusal {
  return { kind: 'invalid', problems: [problem] };
}
