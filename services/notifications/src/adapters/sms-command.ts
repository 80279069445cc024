import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { events } from '@wardline/contracts';
import type { NewEvent } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import { sealContexts } from '../domain/seal-contexts.ts';
import type { NewMessage } from '../ports/message-store.ts';

const { SmsSendSchema } = events;

/** The command `sms.send`. Its key is a keyed hash of the number, so that texts to one person stay in order. */
export function smsCommand(cipher: Pick<FieldCipher, 'seal' | 'blindIndex'>, message: NewMessage): NewEvent {
  const { tenantId } = message;
  const command = create(SmsSendSchema, {
    messageId: message.messageId,
    clinicId: message.clinicId,
    to: { sealed: cipher.seal(tenantId, message.to, sealContexts.eventTo) },
    text: { sealed: cipher.seal(tenantId, message.text, sealContexts.eventText) },
    purpose: message.purpose,
    appointmentId: message.appointmentId ?? '',
  });
  return {
    topic: 'sms.send',
    type: SmsSendSchema.typeName,
    key: cipher.blindIndex(tenantId, message.to.reveal(), 'sms.send/key'),
    subject: `messages/${message.messageId}`,
    tenantId,
    data: toJson(SmsSendSchema, command, { alwaysEmitImplicit: true }) as JsonObject,
  };
}
