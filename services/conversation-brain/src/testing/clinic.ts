import type { ClinicDoctor, ClinicFacts } from '../domain/clinic.ts';
import type { Slot } from '../domain/state.ts';
import { fromLocal, Temporal } from '@wardline/clinic-time';

export const sharma: ClinicDoctor = {
  doctorId: 'd-sharma',
  name: 'Dr. Anita Sharma',
  department: 'Cardiology',
  alsoCalled: ['cardiologist', 'heart doctor', 'heart specialist'],
  acceptsBookings: true,
};
export const brown: ClinicDoctor = {
  doctorId: 'd-brown',
  name: 'Dr. David Brown',
  department: 'General Medicine',
  alsoCalled: ['general practitioner', 'family doctor', 'physician', 'general doctor'],
  acceptsBookings: true,
};
export const miller: ClinicDoctor = {
  doctorId: 'd-miller',
  name: 'Dr. Laura Miller',
  department: 'Dermatology',
  alsoCalled: ['dermatologist', 'skin doctor', 'skin specialist'],
  acceptsBookings: true,
};

export function aClinic(o: Partial<ClinicFacts> = {}): ClinicFacts {
  return {
    clinicId: '01930000-0000-7000-8000-0000000000c1',
    name: 'Riverside Clinic',
    timeZone: 'America/New_York',
    assistantName: 'the automated assistant of Riverside Clinic',
    emergencyText: 'This sounds like an emergency. Please stay on the line.',
    callingCode: '+1',
    doctors: [sharma, brown, miller],
    ...o,
  };
}

/** A free slot at a local time of the clinic, such as `slotAt('2026-11-24T10:30')`. */
export function slotAt(
  local: string,
  o: { doctor?: ClinicDoctor; minutes?: number; zone?: string } = {},
): Slot {
  const { doctor = sharma, minutes = 30, zone = 'America/New_York' } = o;
  const at = Temporal.PlainDateTime.from(local);
  const startMs = fromLocal(at.toPlainDate(), at.toPlainTime(), zone).getTime();
  return {
    doctorId: doctor.doctorId,
    doctorName: doctor.name,
    department: doctor.department,
    startMs,
    endMs: startMs + minutes * 60_000,
  };
}
