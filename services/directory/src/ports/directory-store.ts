import type { Clinic, StoredClinic } from '../domain/clinic.ts';
import type { Staff, StoredStaff } from '../domain/staff.ts';

export interface StaffUser {
  readonly tenantId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly role: string;
  readonly generation: number;
}

/** The directory's tables. Writes announce what changed in the same transaction. */
export interface DirectoryStore {
  clinic(tenantId: string, clinicId: string): Promise<StoredClinic | undefined>;
  /** By name. */
  clinics(tenantId: string): Promise<StoredClinic[]>;
  /**
   * Replaces the clinic as a whole; publishes `directory.changed` when its public facts are not those published last.
   * `stale`: it is not at `revision` any more, and nothing was written.
   */
  saveClinic(
    tenantId: string,
    clinic: Clinic,
    revision?: number,
  ): Promise<{ kind: 'saved'; published: boolean } | { kind: 'stale' }>;
  saveTenant(tenantId: string, name: string): Promise<void>;
  /** By name. */
  staff(tenantId: string): Promise<StoredStaff[]>;
  staffUser(tenantId: string, userId: string): Promise<StoredStaff | undefined>;
  /** Makes the user, or changes them; without a hash the password stays. */
  saveStaff(
    tenantId: string,
    staff: Staff,
    passwordHash: string | undefined,
  ): Promise<{ kind: 'saved'; staff: StoredStaff } | { kind: 'login-taken' } | { kind: 'last-admin' }>;
}

/** The two questions that come before a tenant is known. One exact match or nothing. */
export interface TenantLookup {
  ofNumber(number: string): Promise<{ tenantId: string; clinicId: string } | undefined>;
  ofLogin(login: string): Promise<(StaffUser & { passwordHash: string }) | undefined>;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Takes as long for `undefined` (no such user) as for a wrong password. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}
