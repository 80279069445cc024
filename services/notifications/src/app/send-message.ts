import type { MessageStore, NewMessage } from '../ports/message-store.ts';
import type { SmsProvider, SmsResult } from '../ports/sms-provider.ts';

/** A provider that has not answered by then has not answered; the message is handed over again later. */
export const providerDeadlineMs = 10_000;

export type SendResult =
  { readonly kind: 'sent' | 'failed' | 'known' } | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * Sends a message once: stored as queued, handed to the provider under its own id, then marked. Whoever dies in between
 * begins again at the stored message, and the provider recognises the id.
 */
export async function sendMessage(
  deps: { messages: MessageStore; provider: SmsProvider; now: () => number },
  message: NewMessage,
): Promise<SendResult> {
  const status = await deps.messages.accept(message, new Date(deps.now()));
  if (status !== 'queued') return { kind: 'known' };
  const result = await handOver(deps.provider, message);
  switch (result.kind) {
    case 'accepted':
      await deps.messages.settle(message.tenantId, message.messageId, {
        status: 'sent',
        reference: result.reference,
        at: new Date(deps.now()),
      });
      return { kind: 'sent' };
    case 'rejected':
      await deps.messages.settle(message.tenantId, message.messageId, {
        status: 'failed',
        reason: result.reason,
      });
      return { kind: 'failed' };
    case 'unavailable':
      return result;
    default:
      return result satisfies never;
  }
}

async function handOver(provider: SmsProvider, message: NewMessage): Promise<SmsResult> {
  const deadline = AbortSignal.timeout(providerDeadlineMs);
  try {
    return await Promise.race([
      provider.send(message, deadline),
      new Promise<never>((_resolve, reject) => {
        deadline.addEventListener('abort', () => reject(deadline.reason as Error), { once: true });
      }),
    ]);
  } catch {
    // Whatever went wrong, the message may or may not have left; its id makes handing it over again harmless.
    return { kind: 'unavailable', reason: deadline.aborted ? 'provider-timeout' : 'provider-error' };
  }
}
