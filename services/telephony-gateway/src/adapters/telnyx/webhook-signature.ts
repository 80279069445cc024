import Telnyx from 'telnyx';

import type { SignedHeaders, Verified } from '../../ports/carrier-webhooks.ts';

const SIGNATURE = 'telnyx-signature-ed25519';
const TIMESTAMP = 'telnyx-timestamp';

/**
 * Checks that a webhook comes from the carrier and was signed within the last 300 seconds (Telnyx: Ed25519 over
 * `<timestamp>|<raw body>`), with the carrier's own SDK.
 */
export function createWebhookVerifier(o: { apiKey: string; publicKey: string }) {
  const { webhooks } = new Telnyx({ apiKey: o.apiKey });
  return async (rawBody: Buffer, headers: SignedHeaders): Promise<Verified> => {
    const signature = headers[SIGNATURE];
    const timestamp = headers[TIMESTAMP];
    // Checked here although the SDK does too: versions of it took a webhook without headers as one not to verify.
    if (typeof signature !== 'string' || typeof timestamp !== 'string') {
      return { kind: 'refused', reason: 'signature headers missing' };
    }
    try {
      const body: unknown = await webhooks.unwrap(rawBody.toString('utf8'), {
        headers: { [SIGNATURE]: signature, [TIMESTAMP]: timestamp },
        key: o.publicKey,
      });
      return { kind: 'genuine', body };
    } catch (error) {
      // The SDK has one class for everything that is wrong with a signature; anything else is a body that is no JSON.
      const forged = (error as { name?: unknown }).name === 'TelnyxWebhookVerificationError';
      return forged ? { kind: 'refused', reason: 'signature not valid' } : { kind: 'unreadable' };
    }
  };
}
