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

/**
 * Has the planner read an index in its order for the rest of the transaction. A list of 100,000 recipients that has just
 * been imported is to the statistics a handful, and a handful is sorted: then each page, and each turn, sorts them all.
 */
export async function readInIndexOrder(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`;
}
