import { appendToOutbox, takeOnce } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import { sealContexts } from '../../domain/seal-contexts.ts';
import type { MessageStatus, MessageStore } from '../../ports/message-store.ts';
import { smsCommand } from '../sms-command.ts';
import type { NotificationsDatabase } from './notifications-database.ts';

const CONFIRMATIONS = 'notifications-confirmations';
/** The purpose under which every service matches a number. */
const NUMBER_PURPOSE = 'patient-number';
const plain = { isolation: 'ReadCommitted' } as const;

export function createPostgresMessageStore(
  database: NotificationsDatabase,
  cipher: Pick<FieldCipher, 'seal' | 'open' | 'blindIndex'>,
): MessageStore {
  return {
    request: ({ causeEventId, occurrence, ...message }) =>
      database.inTenant(
        message.tenantId,
        async (tx) => {
          if (!(await takeOnce(tx, 'notifications', CONFIRMATIONS, causeEventId))) return false;
          // The inbox knows this event; the table knows the appointment, also when it was announced twice.
          const { count } = await tx.messageRequest.createMany({
            data: {
              tenantId: message.tenantId,
              appointmentId: message.appointmentId,
              purpose: message.purpose,
              occurrence,
              messageId: message.messageId,
            },
            skipDuplicates: true,
          });
          if (count === 0) return false;
          await appendToOutbox(tx, 'notifications', smsCommand(cipher, message));
          return true;
        },
        { ...plain, idempotent: true },
      ),

    accept: (message, at) =>
      database.inTenant(
        message.tenantId,
        async (tx) => {
          await tx.message.createMany({
            data: {
              id: message.messageId,
              tenantId: message.tenantId,
              clinicId: message.clinicId,
              toSealed: cipher.seal(message.tenantId, message.to, sealContexts.to),
              textSealed: cipher.seal(message.tenantId, message.text, sealContexts.text),
              toIndex: cipher.blindIndex(message.tenantId, message.to.reveal(), NUMBER_PURPOSE),
              purpose: message.purpose,
              appointmentId: message.appointmentId ?? null,
              status: 'queued',
              createdAt: at,
            },
            skipDuplicates: true,
          });
          const stored = await tx.message.findUniqueOrThrow({
            where: { id: message.messageId },
            select: { status: true },
          });
          return stored.status as MessageStatus;
        },
        { ...plain, idempotent: true },
      ),

    async settle(tenantId, messageId, outcome) {
      await database.inTenant(
        tenantId,
        (tx) =>
          tx.message.updateMany({
            where: { id: messageId, status: 'queued' },
            data:
              outcome.status === 'sent'
                ? { status: 'sent', sentAt: outcome.at, providerReference: outcome.reference }
                : { status: 'failed', failureReason: outcome.reason },
          }),
        { ...plain, idempotent: true },
      );
    },

    async list(tenantId, { clinicId, appointmentId, to, status, after, limit }) {
      const rows = await database.inTenant(
        tenantId,
        (tx) =>
          tx.message.findMany({
            where: {
              ...(clinicId ? { clinicId } : {}),
              ...(appointmentId ? { appointmentId } : {}),
              ...(to ? { toIndex: cipher.blindIndex(tenantId, to.reveal(), NUMBER_PURPOSE) } : {}),
              ...(status ? { status } : {}),
              ...(after
                ? {
                    OR: [
                      { createdAt: { lt: after.createdAt } },
                      { createdAt: after.createdAt, id: { lt: after.messageId } },
                    ],
                  }
                : {}),
            },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            take: limit,
          }),
        plain,
      );
      return rows.map((row) => ({
        messageId: row.id,
        clinicId: row.clinicId,
        to: cipher.open(tenantId, row.toSealed, sealContexts.to),
        text: cipher.open(tenantId, row.textSealed, sealContexts.text),
        purpose: row.purpose,
        appointmentId: row.appointmentId ?? undefined,
        status: row.status as MessageStatus,
        createdAt: row.createdAt,
        sentAt: row.sentAt ?? undefined,
        failureReason: row.failureReason ?? undefined,
      }));
    },
  };
}
