import { events, readEvent } from '@wardline/contracts';
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
      if ('kind' in message) return message;
      const result = await sendMessage(deps, message);
      return result.kind === 'unavailable' ? { kind: 'retry', reason: result.reason } : { kind: 'ok' };
    },
  });
}

function messageOf(event: BusEvent, cipher: Pick<FieldCipher, 'open'>): NewMessage | Outcome {
  const read = readEvent(events.SmsSendSchema, event.data, event.type);
  if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
  const m = read.message;
  if (!m.to || !m.text) return { kind: 'dead-letter', reason: 'sms.send without number or text' };
  try {
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
    // Sealed for another place or with a key that is gone: neither gets better by waiting.
    return { kind: 'dead-letter', reason: 'a personal value of sms.send cannot be opened' };
  }
}
