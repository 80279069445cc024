import type { Clinic } from '../domain/clinic.ts';

export interface StaffUser {
  readonly tenantId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly role: string;
}

/** The directory's tables. Writes announce what changed in the same transaction. */
export interface DirectoryStore {
  clinic(tenantId: string, clinicId: string): Promise<Clinic | undefined>;
  /** By name. */
  clinics(tenantId: string): Promise<Clinic[]>;
  /** Replaces the clinic as a whole; publishes `directory.changed` when its public facts are not those published last. */
  saveClinic(tenantId: string, clinic: Clinic): Promise<{ published: boolean }>;
  saveTenant(tenantId: string, name: string): Promise<void>;
  hasStaffUser(tenantId: string, userId: string): Promise<boolean>;
  addStaffUser(user: StaffUser & { readonly login: string; readonly passwordHash: string }): Promise<void>;
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
