import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { notifications } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { tenantOf } from '@wardline/rpc';
import type { MessageStatus, MessageStore, StoredMessage } from '../ports/message-store.ts';
import { cursorAfter, positionOf } from './message-cursor.ts';

/** Which services may ask; whoever else has a valid token is refused. */
export const allowedCallers = {
  [`${notifications.NotificationsService.typeName}/*`]: ['api-gateway', 'standalone'],
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const E164 = /^\+[1-9]\d{6,14}$/;
const STATUSES = ['queued', 'sent', 'failed'] as const satisfies readonly MessageStatus[];
const LIMIT = { default: 50, max: 200 };

export function notificationsRoutes(messages: MessageStore): (router: ConnectRouter) => void {
  return (router) => {
    router.service(notifications.NotificationsService, {
      async listMessages({ clinicId, appointmentId, limit, to, status, cursor }, ctx) {
        const tenantId = tenantOf(ctx);
        if (clinicId !== '' && !UUID.test(clinicId)) throw invalid('clinic_id must be a UUID');
        if (appointmentId !== '' && !UUID.test(appointmentId)) throw invalid('appointment_id must be a UUID');
        if (limit < 0 || limit > LIMIT.max) throw invalid(`limit must be between 1 and ${LIMIT.max}`);
        if (to !== '' && !E164.test(to)) throw invalid('to must be a number in E.164');
        if (!isStatus(status)) throw invalid(`status must be one of ${STATUSES.join(', ')}`);
        const size = limit || LIMIT.default;
        const found = await messages.list(tenantId, {
          ...(clinicId ? { clinicId } : {}),
          ...(appointmentId ? { appointmentId } : {}),
          ...(to ? { to: Personal.of(to) } : {}),
          ...(status ? { status } : {}),
          ...(cursor ? { after: positionOf(cursor) } : {}),
          // One more than asked for tells whether there is more.
          limit: size + 1,
        });
        const page = found.slice(0, size);
        const last = page.at(-1);
        return {
          messages: page.map(messageOf),
          nextCursor: found.length > size && last ? cursorAfter(last) : '',
        };
      },
    });
  };
}

/** Empty: all. */
function isStatus(status: string): status is MessageStatus | '' {
  return status === '' || STATUSES.some((known) => known === status);
}

function invalid(problem: string): ConnectError {
  return new ConnectError(problem, Code.InvalidArgument);
}

function messageOf(m: StoredMessage) {
  return {
    messageId: m.messageId,
    clinicId: m.clinicId,
    to: m.to.reveal(),
    text: m.text.reveal(),
    purpose: m.purpose,
    status: m.status,
    createdAt: timestampFromDate(m.createdAt),
    ...(m.sentAt ? { sentAt: timestampFromDate(m.sentAt) } : {}),
    appointmentId: m.appointmentId ?? '',
    failureReason: m.failureReason ?? '',
  };
}
