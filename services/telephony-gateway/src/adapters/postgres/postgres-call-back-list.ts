import type { FieldCipher } from '@wardline/field-encryption';
import type { CallBackRow } from '../../../generated/prisma/client.ts';
import type { CallBackList, ListedCallBack } from '../../ports/call-back-list.ts';
import { turnTaking, type TelephonyDatabase } from './telephony-database.ts';

export function createPostgresCallBackList(database: TelephonyDatabase, cipher: FieldCipher): CallBackList {
  const listed = (row: CallBackRow): ListedCallBack => ({
    callBackId: row.id,
    callId: row.callId,
    clinicId: row.clinicId,
    reason: row.reason,
    note: cipher.open(row.tenantId, row.noteSealed, 'call_backs.note'),
    callerNumber: cipher.open(row.tenantId, row.callerNumberSealed, 'call_backs.caller_number'),
    requestedAt: row.requestedAt.getTime(),
    completedAt: row.completedAt?.getTime() ?? null,
    completedByName: row.completedByName,
  });

  return {
    async list(tenantId, { clinicId, openOnly, limit }) {
      const rows = await database.inTenant(
        tenantId,
        (tx) =>
          tx.callBackRow.findMany({
            where: {
              ...(clinicId === undefined ? {} : { clinicId }),
              ...(openOnly ? { completedAt: null } : {}),
            },
            orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
            take: limit,
          }),
        turnTaking,
      );
      return rows.map(listed);
    },

    add: (tenantId, o, authorise) =>
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

    complete: (tenantId, { callBackId, userId, name, at }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          await tx.callBackRow.updateMany({
            where: { id: callBackId, completedAt: null },
            data: { completedAt: new Date(at), completedByUserId: userId, completedByName: name },
          });
          const row = await tx.callBackRow.findUnique({ where: { id: callBackId } });
          return row ? listed(row) : undefined;
        },
        turnTaking,
      ),
  };
}
