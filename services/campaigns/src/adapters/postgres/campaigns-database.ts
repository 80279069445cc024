import type { Logger } from '@wardline/observability';
import { createTenantDatabase, type TxOf } from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export function openCampaignsDatabase(connectionString: string, logger: Logger, poolSizeMax = 8) {
  return createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax,
    logger,
  });
}

export type CampaignsDatabase = ReturnType<typeof openCampaignsDatabase>;
export type Tx = TxOf<PrismaClient>;

/**
 * Rows are locked by hand and in one order (campaign, hospital switch, recipient, attempt), so snapshots of a serializable
 * transaction would only make unrelated calls wait for each other.
 */
export const locking = { isolation: 'ReadCommitted' } as const;
