import type { Logger } from '@wardline/observability';
import { createTenantDatabase } from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export const openBrainDatabase = (connectionString: string, logger: Logger) =>
  createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax: 5,
    logger,
  });

export type BrainDatabase = ReturnType<typeof openBrainDatabase>;
