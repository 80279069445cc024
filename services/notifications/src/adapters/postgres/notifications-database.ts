import type { Logger } from '@wardline/observability';
import { createTenantDatabase } from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export function openNotificationsDatabase(connectionString: string, logger: Logger) {
  return createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax: 5,
    logger,
  });
}

export type NotificationsDatabase = ReturnType<typeof openNotificationsDatabase>;
