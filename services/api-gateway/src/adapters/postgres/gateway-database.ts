import type { Logger } from '@wardline/observability';
import { createTenantDatabase, type ServiceSchema } from '@wardline/persistence';
import { fileURLToPath } from 'node:url';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export const gatewaySchema: ServiceSchema = {
  service: 'api-gateway',
  schema: 'gateway',
  role: 'wardline_gateway',
  migrationsDir: fileURLToPath(new URL('../../../migrations', import.meta.url)),
};

export const openGatewayDatabase = (connectionString: string, logger: Logger) =>
  createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax: 5,
    logger,
  });

export type GatewayDatabase = ReturnType<typeof openGatewayDatabase>;
