import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { notifications } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import type { MessageStore, StoredMessage } from '../ports/message-store.ts';

/** Which services may ask; whoever else has a valid token is refused. */
export const allowedCallers = {
  [`${notifications.NotificationsService.typeName}/*`]: ['api-gateway', 'standalone'],
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LIMIT = { default: 50, max: 200 };

export function notificationsRoutes(messages: MessageStore): (router: ConnectRouter) => void {
  return (router) => {
    router.service(notifications.NotificationsService, {
      async listMessages({ clinicId, appointmentId, limit }, ctx) {
        const tenantId = tenantOf(ctx);
        if (clinicId !== '' && !UUID.test(clinicId)) throw invalid('clinic_id must be a UUID');
        if (appointmentId !== '' && !UUID.test(appointmentId)) throw invalid('appointment_id must be a UUID');
        if (limit < 0 || limit > LIMIT.max) throw invalid(`limit must be between 1 and ${LIMIT.max}`);
        const found = await messages.list(tenantId, {
          ...(clinicId ? { clinicId } : {}),
          ...(appointmentId ? { appointmentId } : {}),
          limit: limit || LIMIT.default,
        });
        return { messages: found.map(messageOf) };
      },
    });
  };
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
