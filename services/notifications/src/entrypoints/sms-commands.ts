import { fromJson } from '@bufbuild/protobuf';
import { events } from '@wardline/contracts';
import type { BusEvent, EventBus, Outcome } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { Component } from '@wardline/service-runtime';
import { sendMessage } from '../app/send-message.ts';
import { sealContexts } from '../domain/seal-contexts.ts';
import type { MessageStore, NewMessage } from '../ports/message-store.ts';
import type { SmsProvider } from '../ports/sms-provider.ts';

/** `sms.send`: sends the text, once per message id, whoever asked for it. */
export function consumeSmsCommands(
  bus: EventBus,
  deps: {
    messages: MessageStore;
    provider: SmsProvider;
    cipher: Pick<FieldCipher, 'open'>;
    now: () => number;
  },
): Component {
  return bus.subscribe({
    group: 'notifications-sms',
    topics: ['sms.send'],
    handle: async (event): Promise<Outcome> => {
      const message = messageOf(event, deps.cipher);
      if (!message) return { kind: 'dead-letter', reason: 'malformed sms.send' };
      const result = await sendMessage(deps, message);
      return result.kind === 'unavailable' ? { kind: 'retry', reason: result.reason } : { kind: 'ok' };
    },
  });
}

function messageOf(event: BusEvent, cipher: Pick<FieldCipher, 'open'>): NewMessage | undefined {
  try {
    const m = fromJson(events.SmsSendSchema, event.data, { ignoreUnknownFields: true });
    if (!m.to || !m.text) return undefined;
    return {
      messageId: m.messageId,
      tenantId: event.tenantId,
      clinicId: m.clinicId,
      to: cipher.open(event.tenantId, m.to.sealed, sealContexts.eventTo),
      text: cipher.open(event.tenantId, m.text.sealed, sealContexts.eventText),
      purpose: m.purpose,
      appointmentId: m.appointmentId || undefined,
    };
  } catch {
    // JSON of another shape, or a value sealed for another place: neither gets better by waiting.
    return undefined;
  }
}
