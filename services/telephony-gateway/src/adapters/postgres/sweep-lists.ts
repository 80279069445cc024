import type { PrismaClient } from '../../../generated/prisma/client.ts';
import type { CallStore, LocatedLeg } from '../../ports/call-store.ts';

type CallIds = { tenant_id: string; call_id: string };

/** The work across tenants, through the functions of migration 002: all that this role learns are ids. */
export function createSweepLists(
  client: PrismaClient,
): Pick<CallStore, 'locate' | 'dueCommands' | 'dueWakes' | 'claimChecks' | 'purge'> {
  const keyOf = (row: CallIds) => ({ tenantId: row.tenant_id, callId: row.call_id });
  return {
    async locate({ callControlId, callSessionId, callId }) {
      const [row] = await client.$queryRaw<(CallIds & Pick<LocatedLeg, 'leg'>)[]>`
        SELECT * FROM telephony.locate_leg(${callControlId}, ${callSessionId ?? null}, ${callId ?? null}::uuid)`;
      return row && { ...keyOf(row), leg: row.leg };
    },
    async dueCommands(now, limit) {
      const rows = await client.$queryRaw<{ tenant_id: string; command_id: string }[]>`
        SELECT * FROM telephony.due_commands(${new Date(now)}, ${limit}::int)`;
      return rows.map((row) => ({ tenantId: row.tenant_id, commandId: row.command_id }));
    },
    async dueWakes(now, limit) {
      const rows = await client.$queryRaw<CallIds[]>`
        SELECT * FROM telephony.due_wakes(${new Date(now)}, ${limit}::int)`;
      return rows.map(keyOf);
    },
    async claimChecks({ now, nextAt, all, limit }) {
      const rows = await client.$queryRaw<CallIds[]>`
        SELECT * FROM telephony.claim_checks(${new Date(now)}, ${new Date(nextAt)}, ${all}, ${limit}::int)`;
      return rows.map(keyOf);
    },
    async purge(limit) {
      await client.$queryRaw`SELECT telephony.purge_webhook_events(${limit}::int)`;
    },
  };
}
