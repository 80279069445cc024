import type { FieldCipher } from '@wardline/field-encryption';
import { isTerminal } from '../../domain/call.ts';
import type { HandOffStore, ListedHandOff } from '../../ports/hand-off-store.ts';
import { storedCallOf } from './call-rows.ts';
import { readHandOff } from './hand-off-changes.ts';
import { handOffOf } from './hand-off-rows.ts';
import { turnTaking, type TelephonyDatabase, type TelephonyTx } from './telephony-database.ts';

export function createPostgresHandOffStore(database: TelephonyDatabase, cipher: FieldCipher): HandOffStore {
  const read = <T>(tenantId: string, work: (tx: TelephonyTx) => Promise<T>) =>
    database.inTenant(tenantId, work, turnTaking);

  return {
    callOf: (tenantId, handOffId) =>
      read(tenantId, async (tx) => {
        const row = await tx.handOffRow.findUnique({ where: { id: handOffId }, select: { callId: true } });
        return row ? { tenantId, callId: row.callId } : undefined;
      }),

    view: ({ tenantId, callId }) =>
      read(tenantId, async (tx) => {
        const row = await tx.callRow.findUnique({ where: { id: callId } });
        if (!row) return undefined;
        const stored = storedCallOf(row);
        return { stored, handOff: isTerminal(stored.call) ? null : await readHandOff(tx, stored.call) };
      }),

    list: (tenantId, o) =>
      read(tenantId, async (tx): Promise<ListedHandOff[]> => {
        const rows = await tx.handOffRow.findMany({
          where: {
            ...(o.clinicId === undefined ? {} : { clinicId: o.clinicId }),
            ...(o.callId === undefined ? {} : { callId: o.callId }),
            ...(o.handOffId === undefined ? {} : { id: o.handOffId }),
            ...(o.openOnly ? { endedAt: null } : {}),
          },
          orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
          take: o.limit,
        });
        const calls = await tx.callRow.findMany({ where: { id: { in: rows.map(({ callId }) => callId) } } });
        const callOf = new Map(calls.map((call) => [call.id, call]));
        const declines = await tx.handOffDeclineRow.findMany({
          where: { handOffId: { in: rows.filter(({ endedAt }) => endedAt === null).map(({ id }) => id) } },
          orderBy: { declinedAt: 'asc' },
        });
        return rows.flatMap((row) => {
          const call = callOf.get(row.callId);
          if (!call) return [];
          return {
            handOff: handOffOf(row),
            callId: row.callId,
            clinicId: row.clinicId,
            reason: row.reason,
            briefing:
              row.endedAt === null
                ? cipher.open(tenantId, row.briefingSealed, 'hand_offs.briefing')
                : undefined,
            callerNumber: cipher.open(tenantId, call.callerNumberSealed, 'calls.caller_number'),
            campaignId: call.campaignId,
            declinedByUserIds: declines.filter((d) => d.handOffId === row.id).map(({ userId }) => userId),
          };
        });
      }),

    supervisorNumber: (tenantId, handOffId) =>
      read(tenantId, async (tx) => {
        const row = await tx.handOffRow.findUnique({ where: { id: handOffId } });
        const sealed = row?.acceptedNumberSealed ?? null;
        return sealed === null ? undefined : cipher.open(tenantId, sealed, 'hand_offs.accepted_number');
      }),

    async due(now, limit) {
      const rows = await database.client.$queryRaw<{ tenant_id: string; call_id: string }[]>`
        SELECT * FROM telephony.due_hand_offs(${new Date(now)}, ${limit}::int)`;
      return rows.map((row) => ({ tenantId: row.tenant_id, callId: row.call_id }));
    },
  };
}
