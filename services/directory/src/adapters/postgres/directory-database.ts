import type { Logger } from '@wardline/observability';
import { createTenantDatabase } from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export function openDirectoryDatabase(connectionString: string, logger: Logger) {
  return createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax: 5,
    logger,
  });
}

export type DirectoryDatabase = ReturnType<typeof openDirectoryDatabase>;
export type DirectoryTx = Parameters<Parameters<DirectoryDatabase['inTenant']>[1]>[0];
