import {
  createTenantDatabase,
  type PersistenceLogger,
  type TenantDatabase,
  type TxOf,
} from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export type TelephonyTx = TxOf<PrismaClient>;
export type TelephonyDatabase = TenantDatabase<TelephonyTx> & { client: PrismaClient };

export function openTelephonyDatabase(
  connectionString: string,
  logger: PersistenceLogger,
): TelephonyDatabase {
  return createTenantDatabase({
    connectionString,
    logger,
    createClient: (adapter) => new PrismaClient({ adapter }),
  });
}

/**
 * Every change of a call begins by locking its row, so changes of one call take turns and need nothing stronger than
 * READ COMMITTED; under SERIALIZABLE the losers of simultaneous webhooks would be undone and repeated for nothing.
 * Repeating a change after a lost connection is safe: webhook marks and command ids make it idempotent.
 */
export const turnTaking = { isolation: 'ReadCommitted', idempotent: true } as const;
