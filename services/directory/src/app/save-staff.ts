import { problemsOfStaff, type Staff, type StoredStaff } from '../domain/staff.ts';
import type { DirectoryStore, PasswordHasher } from '../ports/directory-store.ts';

export type SaveStaffResult =
  | { readonly kind: 'saved'; readonly staff: StoredStaff }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'login-taken' }
  | { readonly kind: 'last-admin' };

/** Makes a staff user (an empty id) or changes one. An empty password leaves the present one. */
export async function saveStaff(
  deps: { store: DirectoryStore; passwords: PasswordHasher; newId: () => string },
  tenantId: string,
  wish: Staff,
  password: string,
): Promise<SaveStaffResult> {
  const isNew = wish.userId === '';
  if (!isNew && !(await deps.store.staffUser(tenantId, wish.userId))) return { kind: 'not-found' };
  const staff = {
    ...wish,
    userId: isNew ? deps.newId() : wish.userId,
    login: wish.login.trim().toLowerCase(),
    displayName: wish.displayName.trim(),
  };
  const given = isNew || password !== '' ? password : undefined;
  const problems = problemsOfStaff(staff, given);
  if (problems.length > 0) return { kind: 'invalid', problems };
  const hash = given === undefined ? undefined : await deps.passwords.hash(given);
  return deps.store.saveStaff(tenantId, staff, hash);
}
