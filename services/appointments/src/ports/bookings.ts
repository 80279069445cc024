import type { Personal } from '@wardline/personal-data';
import type { AppointmentFacts } from './appointment-book.ts';

export interface Booking extends Omit<AppointmentFacts, 'clinicName'> {
  readonly patient: { readonly name: Personal; readonly phone: Personal };
  /** When the patient said that they will come. */
  readonly confirmedAtMs: number | undefined;
  readonly revision: number;
}

export interface BookingQuery {
  /** Absent: every clinic of the tenant. */
  readonly clinicId?: string;
  /** Those that start in `[fromMs, toMs)`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly callId?: string;
  readonly doctorId?: string;
  /** E.164, exactly. */
  readonly patientPhone?: Personal;
  readonly limit: number;
}

/** Reading what was booked. */
export interface Bookings {
  /** By start, earliest first. */
  list(tenantId: string, query: BookingQuery): Promise<Booking[]>;
  find(tenantId: string, appointmentId: string): Promise<Booking | undefined>;
}
