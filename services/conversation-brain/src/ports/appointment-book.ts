import type { Slot } from '../domain/state.ts';
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
}
