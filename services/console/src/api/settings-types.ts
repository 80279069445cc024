import type { Clinic } from './types.ts';

export interface OpeningHours {
  /** 1 Monday to 7 Sunday. */
  readonly isoWeekday: number;
  /** "09:00"; `closes` may be "24:00". */
  readonly opens: string;
  readonly closes: string;
}

export interface Doctor {
  /** Empty for one that is not saved yet. */
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly alsoCalled: readonly string[];
  readonly acceptsBookings: boolean;
}

/** A clinic with all that can be set of it. */
export interface ClinicFacts extends Clinic {
  /** The reception; empty when there is none. */
  readonly transferNumber: string;
  readonly emergencyNumber: string;
  readonly emergencyText: string;
  readonly assistantName: string;
  readonly openingHours: readonly OpeningHours[];
  readonly doctors: readonly Doctor[];
  readonly revision: number;
}

export interface DoNotCallEntry {
  readonly id: string;
  readonly number: string;
  readonly note: string;
  readonly addedByName: string;
  readonly addedAt: string | null;
}

export const roles = ['admin', 'manager', 'supervisor', 'frontdesk', 'integrator', 'auditor'] as const;
export type Role = (typeof roles)[number];

export interface StaffUser {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly active: boolean;
  readonly phone: string | null;
}

/** What is sent of a user; the password only when it is to be another one. */
export type StaffWish = Omit<StaffUser, 'id'> & { readonly password?: string };
