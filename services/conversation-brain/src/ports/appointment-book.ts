import type { AppointmentFacts, Slot } from '../domain/state.ts';
import type { WhoWish } from '../domain/understanding/who.ts';

/**
 * How a request ended. `refused`: it certainly has no effect. `lost`: it may or may not have had one (deadline, broken
 * connection); repeat it with the same key to learn which.
 */
export type BookFailure = { kind: 'refused' } | { kind: 'lost' };

/** The schedule of the clinic. Times are milliseconds since 1970 UTC. Fake: `FakeAppointmentBook`. */
export interface AppointmentBook {
  findSlots(
    tenantId: string,
    o: { clinicId: string; who: WhoWish; fromMs: number; toMs: number },
  ): Promise<{ kind: 'slots'; slots: Slot[] } | BookFailure>;
  hold(
    tenantId: string,
    o: { clinicId: string; slot: Slot; holder: string; key: string },
  ): Promise<{ kind: 'held'; holdId: string } | { kind: 'taken' } | BookFailure>;
  release(tenantId: string, holdId: string): Promise<void>;
  book(
    tenantId: string,
    o: {
      clinicId: string;
      callId: string;
      slot: Slot;
      holdId: string;
      name: string;
      phone: string;
      key: string;
    },
  ): Promise<{ kind: 'done' } | { kind: 'taken' } | BookFailure>;
  appointment(
    tenantId: string,
    appointmentId: string,
  ): Promise<{ kind: 'found'; appointment: AppointmentFacts } | { kind: 'unknown' } | BookFailure>;
  move(
    tenantId: string,
    o: { appointmentId: string; callId: string; slot: Slot; holdId: string; key: string },
  ): Promise<{ kind: 'done' } | { kind: 'taken' } | BookFailure>;
  /** Notes that the patient will come. Repeating it changes nothing. */
  confirm(tenantId: string, o: ChangeOf): Promise<{ kind: 'done' } | BookFailure>;
  /** Repeating it changes nothing. */
  cancel(tenantId: string, o: ChangeOf): Promise<{ kind: 'done' } | BookFailure>;
}

export interface ChangeOf {
  readonly appointmentId: string;
  readonly callId: string;
}
