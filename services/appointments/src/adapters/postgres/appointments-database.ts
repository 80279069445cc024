import type { Logger } from '@wardline/observability';
import { createTenantDatabase } from '@wardline/persistence';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export function openAppointmentsDatabase(connectionString: string, logger: Logger, poolSizeMax: number) {
  return createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax,
    logger,
  });
}

export type AppointmentsDatabase = ReturnType<typeof openAppointmentsDatabase>;
/** A transaction with the tenant set. */
export type AppointmentsTx = Parameters<Parameters<AppointmentsDatabase['inTenant']>[1]>[0];

/**
 * Writes wait for a connection when many callers want the same thing at once; that takes its time and is no fault. Running
 * out of it is reported as contention, which the caller may repeat.
 */
export const writeDeadlineMs = 10_000;
