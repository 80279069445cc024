import type { Logger } from '@wardline/observability';
import { createTenantDatabase } from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export const openGatewayDatabase = (connectionString: string, logger: Logger) =>
  createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax: 10,
    logger,
  });

export type GatewayDatabase = ReturnType<typeof openGatewayDatabase>;
