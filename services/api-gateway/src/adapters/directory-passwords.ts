import { type Client, Code, ConnectError } from '@connectrpc/connect';
import type { directory } from '@wardline/contracts';
import type { VerifyPassword } from '../app/staff-sessions.ts';

/** Asks directory, which owns staff users, whether a password is right. */
export function verifyThroughDirectory(client: Client<typeof directory.DirectoryService>): VerifyPassword {
  return async (login, password) => {
    try {
      const { tenantId, userId, displayName, role } = await client.verifyStaffPassword({ login, password });
      return { tenantId, userId, displayName, role };
    } catch (err) {
      if (err instanceof ConnectError && err.code === Code.Unauthenticated) return undefined;
      throw err;
    }
  };
}
