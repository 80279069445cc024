import type { Personal } from '@wardline/personal-data';
import type { ListPosition } from './campaign-store.ts';

export interface Dialling {
  readonly stopped: boolean;
  readonly changedByName: string;
  readonly note: string;
  readonly changedAtMs: number | undefined;
}

export interface DoNotCallEntry {
  readonly entryId: string;
  readonly number: Personal;
  readonly note: Personal;
  readonly addedByName: string;
  readonly addedAtMs: number;
}

export type AppointmentChangeWord = 'moved' | 'cancelled' | 'confirmed';

/** Everything that keeps people from being called; each of it holds for every call that is not dialled yet. */
export interface CallBlocks {
  dialling(tenantId: string): Promise<Dialling>;
  setDialling(
    tenantId: string,
    o: { stopped: boolean; userId: string; displayName: string; note: string; nowMs: number },
  ): Promise<Dialling>;
  /** Newest first; of one number alone, in E.164, when it is given. */
  doNotCall(
    tenantId: string,
    o: { limit: number; after: ListPosition | undefined; number?: Personal | undefined },
  ): Promise<DoNotCallEntry[]>;
  addDoNotCall(
    tenantId: string,
    o: { numbers: readonly Personal[]; note: Personal; userId: string; displayName: string; nowMs: number },
  ): Promise<{ added: number; known: number }>;
  /** False when there is no such entry. Who was settled because of it stays settled. */
  removeDoNotCall(tenantId: string, entryId: string): Promise<boolean>;
  /**
   * What patients says of somebody, whole; applied once per event, and never over something newer. Of a call of ours in which
   * they opted out, the opt-out is what it came to, whatever telephony says of it, before or after.
   */
  applyPatient(
    tenantId: string,
    o: {
      eventId: string;
      sequence: number;
      patientId: string;
      outreachAllowed: boolean;
      blockedNumberKeys: readonly string[];
      /** UUID of the call in which they opted out, if it was in one. */
      optedOutInCall: string | undefined;
      nowMs: number;
    },
  ): Promise<void>;
  /**
   * Somebody has dealt with an appointment: who was to be called about it is not any more. Where it was done in a call of
   * ours, that is what the call came to, unless telephony knows better how it ended.
   */
  applyAppointment(
    tenantId: string,
    o: {
      eventId: string;
      appointmentId: string;
      change: AppointmentChangeWord;
      callId: string | undefined;
      nowMs: number;
    },
  ): Promise<void>;
}
