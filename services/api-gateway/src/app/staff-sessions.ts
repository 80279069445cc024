import { createHash, randomBytes } from 'node:crypto';
import type { VerifyPassword } from './staff-directory.ts';
import type { SessionStore, StaffSession } from '../ports/session-store.ts';

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** Opens, finds and ends staff sessions. A token is 256 random bits; the store sees only its hash. */
export function createStaffSessions(o: {
  store: SessionStore;
  verifyPassword: VerifyPassword;
  sessionHours: number;
  now?: () => Date;
}) {
  const now = o.now ?? (() => new Date());
  return {
    async open(
      login: string,
      password: string,
    ): Promise<{ token: string; session: StaffSession } | undefined> {
      const found = await o.verifyPassword(login, password);
      if (!found) return undefined;
      const { tenantId, userId, displayName, role } = found;
      const identity = { tenantId, userId, displayName, role };
      const token = randomBytes(32).toString('base64url');
      const session = { ...identity, expiresAt: new Date(now().getTime() + o.sessionHours * 3_600_000) };
      await o.store.create(hashOf(token), session);
      return { token, session };
    },

    async find(token: string | undefined): Promise<StaffSession | undefined> {
      // Anything that is not the shape of our tokens is answered without a look at the database.
      if (!token || !/^[\w-]{43}$/.test(token)) return undefined;
      const session = await o.store.find(hashOf(token));
      return session && session.expiresAt > now() ? session : undefined;
    },

    async end(token: string, session: StaffSession): Promise<void> {
      await o.store.end(hashOf(token), session.tenantId);
    },
  };
}

export type StaffSessions = ReturnType<typeof createStaffSessions>;
