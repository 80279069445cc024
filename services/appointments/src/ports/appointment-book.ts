import type { Personal } from '@wardline/personal-data';
import type { Occupancy } from '../domain/occupancy.ts';
import type { ScheduleException, WeeklyHours } from '../domain/schedule.ts';
import type { TimeRange } from '../domain/time-range.ts';

export type Channel = 'phone' | 'staff' | 'unspecified';

/** An appointment without the patient: what may be kept in the clear as the answer to an idempotency key. */
export interface AppointmentFacts {
  readonly appointmentId: string;
  readonly clinicId: string;
  readonly clinicName: string;
  readonly doctorId: string;
  readonly doctorName: string;
  readonly department: string;
  readonly serviceId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly timeZone: string;
  readonly channel: Channel;
  readonly callId: string;
  readonly status: 'booked' | 'cancelled';
}

export interface HoldFacts {
  readonly holdId: string;
  readonly expiresAtMs: number;
  readonly slot: SlotFacts;
}

export interface SlotFacts extends TimeRange {
  readonly doctorId: string;
  readonly doctorName: string;
  readonly department: string;
  readonly serviceId: string;
}

/** A doctor with everything that decides about their slots in the period that was asked for. */
export interface DoctorAgenda {
  readonly doctorId: string;
  readonly name: string;
  readonly department: string;
  readonly acceptsBookings: boolean;
  /** Absent while nobody has said what this doctor offers. */
  readonly service: { readonly serviceId: string; readonly slotMinutes: number } | undefined;
  readonly weekly: readonly WeeklyHours[];
  readonly exceptions: readonly ScheduleException[];
  readonly occupancy: readonly Occupancy[];
}

export interface Agenda {
  readonly clinic: { readonly name: string; readonly timeZone: string } | undefined;
  readonly doctors: readonly DoctorAgenda[];
}

export type WriteOperation = 'book' | 'hold' | 'move';

/** What was answered to a key before; `answer` is what `BookCommand.facts` or `HoldCommand.facts` was. */
export interface EarlierAnswer {
  readonly contentHash: string;
  readonly answer: unknown;
}

/** How the slot becomes ours: the row ids that a rule of `domain/occupancy.ts` named. */
export interface SlotClaim {
  readonly clear: readonly string[];
  readonly convert?: string;
}

export interface BookCommand {
  readonly facts: AppointmentFacts;
  readonly patient: { readonly name: Personal; readonly phone: Personal };
  readonly occupancyId: string;
  readonly claim: SlotClaim;
  readonly idempotency: { readonly key: string; readonly contentHash: string };
}

export interface HoldCommand {
  readonly clinicId: string;
  readonly facts: HoldFacts;
  readonly holder: string;
  readonly claim: SlotClaim;
  /** Absent when the caller gave no key: repeating a hold replaces it, which is harmless. */
  readonly idempotency: { readonly key: string; readonly contentHash: string } | undefined;
}

/**
 * - `done`: committed, with its event and its idempotency record.
 * - `taken`: the exclusion constraint refused it; nothing was written.
 * - `changed`: what `look` saw is no longer so (a key was used meanwhile, a hold vanished); nothing was written, look again.
 */
export type WriteResult = 'done' | 'taken' | 'changed';

/** The book of one installation, always seen through one tenant. @see FakeAppointmentBook in testing/ */
export interface AppointmentBook {
  /** Agendas of a clinic's doctors; occupancy includes expired holds that nobody has cleared yet. */
  agenda(
    tenantId: string,
    question: TimeRange & { clinicId: string; doctorId?: string; department?: string },
  ): Promise<Agenda>;
  /** The same for one doctor around one slot, with the earlier answer to the key and the hold(s) of the asker. */
  look(
    tenantId: string,
    question: TimeRange & {
      clinicId: string;
      doctorId: string;
      operation: WriteOperation;
      key: string;
      holder?: string;
      holdId?: string;
    },
  ): Promise<Agenda & { earlier: EarlierAnswer | undefined; ownHolds: readonly Occupancy[] }>;
  /** @throws TransactionContention when concurrent transactions won every time */
  book(tenantId: string, command: BookCommand): Promise<WriteResult>;
  /** @throws TransactionContention when concurrent transactions won every time */
  hold(tenantId: string, command: HoldCommand): Promise<WriteResult>;
  /** Does nothing when there is no such hold. */
  release(tenantId: string, holdId: string): Promise<void>;
}
