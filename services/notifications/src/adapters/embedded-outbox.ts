import type { SmsProvider } from '../ports/sms-provider.ts';

/**
 * The provider of an installation without one: messages stay in our own table, which the console shows, and nobody's
 * phone rings. Being sent once is the table's doing, so there is nothing to remember here.
 */
export function createEmbeddedOutbox(): SmsProvider {
  return {
    name: 'embedded outbox',
    send: async ({ messageId }) => ({ kind: 'accepted', reference: `embedded:${messageId}` }),
  };
}
