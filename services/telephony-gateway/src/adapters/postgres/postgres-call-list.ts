import type { FieldCipher } from '@wardline/field-encryption';
import type { CallBackRow, CallRow } from '../../../generated/prisma/client.ts';
import type { CallDirection, CallOutcome, CallStateName } from '../../domain/call.ts';
import type { CallList, ListedCall, ListedCallBack } from '../../ports/call-list.ts';
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
  });
  const listedCallBack = (row: CallBackRow): ListedCallBack => ({
    callBackId: row.id,
    callId: row.callId,
    clinicId: row.clinicId,
    reason: row.reason,
    note: cipher.open(row.tenantId, row.noteSealed, 'call_backs.note'),
    callerNumber: cipher.open(row.tenantId, row.callerNumberSealed, 'call_backs.caller_number'),
    requestedAt: row.requestedAt.getTime(),
  });

  return {
    async listCalls(tenantId, o) {
      const rows = await database.inTenant(
        tenantId,
        (tx) =>
          tx.callRow.findMany({
            where: {
              ...(o.clinicId === undefined ? {} : { clinicId: o.clinicId }),
              ...(o.callId === undefined ? {} : { id: o.callId }),
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

    async listCallBacks(tenantId, { clinicId, limit }) {
      const rows = await database.inTenant(
        tenantId,
        (tx) =>
          tx.callBackRow.findMany({
            where: clinicId === undefined ? {} : { clinicId },
            orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
            take: limit,
          }),
        turnTaking,
      );
      return rows.map(listedCallBack);
    },

    addCallBack: (tenantId, o, authorise) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const call = await tx.callRow.findUnique({ where: { id: o.callId } });
          if (!call) return undefined;
          authorise(call.ownerEpoch);
          const number = cipher.open(tenantId, call.callerNumberSealed, 'calls.caller_number');
          await tx.callBackRow.createMany({
            data: [
              {
                id: o.callBackId,
                tenantId,
                callId: o.callId,
                clinicId: call.clinicId,
                reason: o.reason,
                noteSealed: cipher.seal(tenantId, o.note, 'call_backs.note'),
                callerNumberSealed: cipher.seal(tenantId, number, 'call_backs.caller_number'),
                requestedAt: new Date(o.at),
              },
            ],
            skipDuplicates: true,
          });
          const stored = await tx.callBackRow.findUnique({
            where: { callId_reason: { callId: o.callId, reason: o.reason } },
          });
          return stored?.id;
        },
        turnTaking,
      ),
  };
}
