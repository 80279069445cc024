import type { FieldCipher } from '@wardline/field-encryption';
import type { Personal } from '@wardline/personal-data';
import type { CallRow } from '../../../generated/prisma/client.ts';
import type { CallDirection, CallOutcome, CallStateName } from '../../domain/call.ts';
import type { CallList, ListedCall } from '../../ports/call-list.ts';
import { campaignOf, NUMBER_PURPOSE, NUMBER_PURPOSE_OLD } from './call-rows.ts';
import { turnTaking, type TelephonyDatabase } from './telephony-database.ts';

const terminal: CallStateName[] = ['completed', 'escalated', 'failed'];

export function createPostgresCallList(database: TelephonyDatabase, cipher: FieldCipher): CallList {
  const listedCall = (row: CallRow): ListedCall => ({
    callId: row.id,
    clinicId: row.clinicId,
    direction: row.direction as CallDirection,
    state: row.state as CallStateName,
    outcome: row.outcome as CallOutcome | null,
    callerNumber: cipher.open(row.tenantId, row.callerNumberSealed, 'calls.caller_number'),
    initiatedAt: row.initiatedAt.getTime(),
    answeredAt: row.answeredAt?.getTime() ?? null,
    endedAt: row.endedAt?.getTime() ?? null,
    endReason: row.endReason,
    traceId: row.traceId,
    clinicNumber: row.clinicNumber,
    campaign: campaignOf(row),
  });

  /** As it is written now, and as it was in rows of before. */
  const keysOf = (tenantId: string, number: Personal) =>
    [NUMBER_PURPOSE, NUMBER_PURPOSE_OLD].map((purpose) =>
      cipher.blindIndex(tenantId, number.reveal(), purpose),
    );

  return {
    async listCalls(tenantId, o) {
      const rows = await database.inTenant(
        tenantId,
        (tx) =>
          tx.callRow.findMany({
            where: {
              ...(o.clinicId === undefined ? {} : { clinicId: o.clinicId }),
              ...(o.callId === undefined ? {} : { id: o.callId }),
              ...(o.direction === undefined ? {} : { direction: o.direction }),
              ...(o.outcome === undefined ? {} : { outcome: o.outcome }),
              ...(o.campaignId === undefined ? {} : { campaignId: o.campaignId }),
              ...(o.callerNumber === undefined
                ? {}
                : { callerNumberIndex: { in: keysOf(tenantId, o.callerNumber) } }),
              ...(o.from === undefined && o.until === undefined
                ? {}
                : {
                    initiatedAt: {
                      ...(o.from === undefined ? {} : { gte: new Date(o.from) }),
                      ...(o.until === undefined ? {} : { lt: new Date(o.until) }),
                    },
                  }),
              ...(o.liveOnly ? { state: { notIn: terminal } } : {}),
              ...(o.after === undefined
                ? {}
                : {
                    OR: [
                      { initiatedAt: { lt: new Date(o.after.initiatedAt) } },
                      { initiatedAt: new Date(o.after.initiatedAt), id: { lt: o.after.callId } },
                    ],
                  }),
            },
            orderBy: [{ initiatedAt: 'desc' }, { id: 'desc' }],
            take: o.limit,
          }),
        turnTaking,
      );
      return rows.map(listedCall);
    },
  };
}
