import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

export interface WebhookSender {
  /** Base64 of the raw 32 bytes, as in the carrier's portal. */
  readonly publicKey: string;
  /** Builds the carrier's envelope; `id` and `occurredAt` may be fixed to send the same webhook twice. */
  event(
    eventType: string,
    payload: Record<string, unknown>,
    o?: { id?: string; occurredAt?: number },
  ): string;
  /** The two signature headers over these bytes. */
  headers(body: string, o?: { at?: number; key?: KeyObject }): Record<string, string>;
  post(
    url: string,
    body: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: string }>;
}

/** Signs webhooks as Telnyx does (Ed25519 over `<unix seconds>|<body>`), with a key made for the test. */
export function createWebhookSender(): WebhookSender {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const sender: WebhookSender = {
    publicKey: Buffer.from(raw).toString('base64'),
    event: (eventType, payload, o = {}) =>
      JSON.stringify({
        data: {
          record_type: 'event',
          event_type: eventType,
          id: o.id ?? randomUUID(),
          occurred_at: new Date(o.occurredAt ?? Date.now()).toISOString(),
          payload,
        },
        meta: { attempt: 1, delivered_to: 'https://example.test/webhooks/telnyx' },
      }),
    headers(body, o = {}) {
      const timestamp = String(Math.floor((o.at ?? Date.now()) / 1000));
      const signature = sign(null, Buffer.from(`${timestamp}|${body}`), o.key ?? privateKey);
      return {
        'content-type': 'application/json',
        'user-agent': 'telnyx-webhooks',
        'telnyx-timestamp': timestamp,
        'telnyx-signature-ed25519': signature.toString('base64'),
      };
    },
    async post(url, body, headers = sender.headers(body)) {
      const answer = await fetch(url, { method: 'POST', body, headers });
      return { status: answer.status, body: await answer.text() };
    },
  };
  return sender;
}
