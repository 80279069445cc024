import type { Logger } from '@wardline/observability';
import { createTenantDatabase, type TransactionOptions, type TxOf } from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export function openInsightsDatabase(connectionString: string, logger: Logger) {
  return createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax: 6,
    logger,
  });
}

export type InsightsDatabase = ReturnType<typeof openInsightsDatabase>;
export type InsightsTx = TxOf<PrismaClient>;

export const reading = { isolation: 'ReadCommitted' } as const satisfies TransactionOptions;
/** `oneWriterAtATime` gives the order; run twice, the inbox and the facts' ids let nothing count twice. */
export const writing = {
  isolation: 'ReadCommitted',
  idempotent: true,
  deadlineMs: 30_000,
} as const satisfies TransactionOptions;

/**
 * Makes a tenant's writers wait for each other until they commit. Figures are made of all facts of a call together, and
 * these come in different topics: of two writers at once, neither would see the other's facts.
 */
export async function oneWriterAtATime(tx: InsightsTx, tenantId: string): Promise<void> {
  await tx.$executeRawUnsafe(
    `SELECT pg_advisory_xact_lock(hashtextextended('insights.writer ' || $1, 0))`,
    tenantId,
  );
}
