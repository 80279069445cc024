import { type Client, Code, ConnectError } from '@connectrpc/connect';
import type { directory } from '@wardline/contracts';
import type { FindStaff, VerifyPassword } from '../app/staff-directory.ts';
import type { HospitalOf } from '../ports/hospital.ts';

const hasCode = (err: unknown, ...codes: Code[]) => err instanceof ConnectError && codes.includes(err.code);

/** Asks directory, which owns staff users, whether a password is right. */
export function verifyThroughDirectory(client: Client<typeof directory.DirectoryService>): VerifyPassword {
  return async (login, password) => {
    try {
      const { tenantId, userId, displayName, role, generation } = await client.verifyStaffPassword({
        login,
        password,
      });
      return { tenantId, userId, displayName, role, generation };
    } catch (err) {
      if (hasCode(err, Code.Unauthenticated)) return undefined;
      throw err;
    }
  };
}

/** Asks directory what a member of staff is now. */
export function findThroughDirectory(hospitalOf: HospitalOf): FindStaff {
  return async (tenantId, userId) => {
    try {
      const { staff } = await hospitalOf(tenantId).directory.getStaff({ userId });
      if (!staff) return undefined;
      const { displayName, role, active, generation } = staff;
      return {
        tenantId,
        userId,
        name: displayName,
        role,
        active,
        generation,
        phone: staff.phone || undefined,
      };
    } catch (err) {
      if (hasCode(err, Code.NotFound)) return undefined;
      throw err;
    }
  };
}
