import type { Logger } from '@wardline/observability';
import { createTenantDatabase } from '@wardline/persistence';
import { createHash } from 'node:crypto';
import { PrismaClient } from '../../../generated/prisma/client.ts';

export function openAppointmentsDatabase(connectionString: string, logger: Logger, poolSizeMax: number) {
  return createTenantDatabase({
    connectionString,
    createClient: (adapter) => new PrismaClient({ adapter }),
    poolSizeMax,
    preparedNameOf,
    logger,
  });
}

/** Our own statements on the way of a booking; each begins so, and its text never varies. */
const frequent = /^\s*(\/\* prepared \*\/|select set_config|insert into "appointments"\.outbox)/;
const names = new Map<string, string>();

/** Parsing and planning the look at a slot costs more than twice its execution. */
function preparedNameOf(sql: string): string {
  if (!frequent.test(sql)) return '';
  let name = names.get(sql);
  if (name === undefined) {
    name = `w${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`;
    names.set(sql, name);
  }
  return name;
}

export type AppointmentsDatabase = ReturnType<typeof openAppointmentsDatabase>;
/** A transaction with the tenant set. */
export type AppointmentsTx = Parameters<Parameters<AppointmentsDatabase['inTenant']>[1]>[0];

/**
 * Work waits for a connection when many callers want the same thing at once; that takes its time and is no fault. Running
 * out of it is reported as contention, which the caller may repeat; so it ends before the patience of the API does (15 s).
 */
export const writeDeadlineMs = 14_000;
