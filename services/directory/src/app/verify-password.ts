import type { PasswordHasher, StaffUser, TenantLookup } from '../ports/directory-store.ts';

/** The staff user with this login and password, or nothing; it takes the same time either way. */
export async function verifyPassword(
  deps: { lookup: TenantLookup; passwords: PasswordHasher },
  login: string,
  password: string,
): Promise<StaffUser | undefined> {
  const user = await deps.lookup.ofLogin(login.trim().toLowerCase());
  const right = await deps.passwords.verify(password, user?.passwordHash);
  if (!user || !right) return undefined;
  const { tenantId, userId, displayName, role, generation } = user;
  return { tenantId, userId, displayName, role, generation };
}
