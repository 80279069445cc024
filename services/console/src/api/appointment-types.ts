import type { Appointment } from './types.ts';

/** An appointment as the calendar needs it. */
export interface Booked extends Appointment {
  readonly doctor: string;
  /** When the patient said that they will come. */
  readonly confirmedAt: string | null;
  readonly revision: number;
}

export interface Slot {
  readonly doctor: string;
  readonly doctorName: string;
  readonly department: string;
  readonly start: string;
  readonly end: string;
}

export interface Booking {
  readonly clinic: string;
  readonly doctor: string;
  readonly start: string;
  readonly patient: { readonly name: string; readonly phone: string };
}
