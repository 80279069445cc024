import type { Logger } from '@wardline/observability';
import { endpoint, handled, type Endpoint } from './kernel/endpoint.ts';
import express from 'express';
import { Problem } from './problem.ts';

/** Telnyx signs the raw bytes: what reaches telephony-gateway must be what the carrier sent, byte for byte. */
const forwarded = ['content-type', 'telnyx-signature-ed25519', 'telnyx-timestamp', 'user-agent'];
const readWhole = express.raw({ type: () => true, limit: '256kb' });

/** What telephony refuses with, in the words of this API. */
const refusals: Partial<Record<number, () => Problem>> = {
  400: () => new Problem(400, 'bad-request', 'This is no webhook that is understood here.'),
  401: () => new Problem(401, 'unauthenticated', 'The signature is not right.'),
  413: () => new Problem(413, 'too-large', 'This is larger than a webhook can be.'),
  503: () => new Problem(503, 'unavailable', 'Not now; please repeat.'),
};

/**
 * The carrier's webhooks arrive at the public port and go on, untouched, to telephony-gateway, which alone verifies and
 * understands them. When it does not answer, the carrier gets a 503 and repeats the webhook.
 */
export function carrierWebhooks(o: { targetUrl: string; logger: Logger; deadlineMs?: number }): Endpoint[] {
  return [
    endpoint({
      id: 'takeCarrierWebhook',
      method: 'post',
      path: '/webhooks/telnyx',
      root: true,
      summary: 'Webhooks of the carrier, for telephony',
      access: 'carrier-signature',
      body: { contentType: '*/*', description: 'As the carrier signed it, at most 256 kB.' },
      responses: { 200: { contentType: 'application/json', description: 'As telephony answered.' } },
      problems: { 401: 'The signature is not right.' },
      handler: async ({ req, res }) => {
        await new Promise<void>((resolve, reject) =>
          readWhole(req, res, (err?: unknown) => (err ? reject(err) : resolve())),
        );
        const headers = Object.fromEntries(
          forwarded.flatMap((name) =>
            typeof req.headers[name] === 'string' ? [[name, req.headers[name]]] : [],
          ),
        );
        // express.raw leaves an empty object where there was no body.
        const body = Buffer.isBuffer(req.body) ? new Uint8Array(req.body) : new Uint8Array();
        let answer: Response;
        try {
          answer = await fetch(o.targetUrl, {
            method: 'POST',
            headers,
            body,
            signal: AbortSignal.timeout(o.deadlineMs ?? 8_000),
          });
        } catch (err) {
          o.logger.warn('telephony-gateway did not take a webhook; the carrier will repeat it', { err });
          throw new Problem(503, 'unavailable', 'Not now; please repeat.');
        }
        const refusal = refusals[answer.status >= 500 ? 503 : answer.status];
        if (refusal) throw refusal();
        res.status(answer.status);
        const type = answer.headers.get('content-type');
        if (type) res.type(type);
        res.send(Buffer.from(await answer.arrayBuffer()));
        return handled;
      },
    }),
  ];
}
