import { Code, ConnectError, type Client } from '@connectrpc/connect';
import type { directory } from '@wardline/contracts';
import type { ClinicContacts } from '../ports/clinic-contacts.ts';

const DEADLINE_MS = 3_000;

/** Asks the directory each time: confirmations are rare, and a number that has changed must not be told to anybody. */
export function createDirectoryContacts(
  clientOf: (tenantId: string) => Client<typeof directory.DirectoryService>,
): ClinicContacts {
  return {
    async numberOf(tenantId, clinicId) {
      try {
        const { clinic } = await clientOf(tenantId).getClinic({ clinicId }, { timeoutMs: DEADLINE_MS });
        return clinic?.numbers[0];
      } catch (error) {
        // A clinic that is gone has no number; the booking stands and its confirmation is still owed.
        if (ConnectError.from(error).code === Code.NotFound) return undefined;
        throw error;
      }
    },
  };
}
