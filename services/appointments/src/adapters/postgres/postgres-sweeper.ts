import type { Sweeper } from '../../ports/sweeper.ts';
import type { AppointmentsDatabase } from './appointments-database.ts';

/** Across tenants, as a role that sees nothing but what has run out (migration 002). */
export function createPostgresSweeper(database: AppointmentsDatabase): Sweeper {
  return {
    async sweep() {
      const [row] = await database.client.$queryRaw<{ holds: bigint; records: bigint }[]>`
        SELECT appointments.sweep_holds() AS holds, appointments.sweep_idempotency() AS records`;
      return { holds: Number(row?.holds ?? 0), idempotencyRecords: Number(row?.records ?? 0) };
    },
  };
}
