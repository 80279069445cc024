import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { EgressEvent } from '../domain/egress-event.ts';

export interface ReceivedWebhook {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly event: EgressEvent;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/**
 * An integrator's endpoint on loopback, which answers as it is told and remembers what it was sent. Undefined as an answer:
 * it does not answer at all.
 */
export async function startWebhookReceiver(
  o: {
    answer?: (
      received: ReceivedWebhook,
      nth: number,
    ) => Answer | number | undefined | Promise<Answer | number>;
    tls?: { key: string; cert: string };
    port?: number;
  } = {},
) {
  const received: ReceivedWebhook[] = [];
  /** Those that were answered with 2xx. */
  const accepted: ReceivedWebhook[] = [];
  const receiver = { answer: o.answer ?? (() => 204) };
  let waiting: (() => void)[] = [];
  let underWay = 0;
  let underWayMax = 0;
  const handle: http.RequestListener = (req, res) => {
    const chunks: Buffer[] = [];
    underWay += 1;
    underWayMax = Math.max(underWay, underWayMax);
    res.on('close', () => (underWay -= 1));
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = req.headers as Record<string, string>;
      const one = { headers, body, event: JSON.parse(body) as EgressEvent };
      received.push(one);
      void Promise.resolve(receiver.answer(one, received.length)).then((given) => {
        const answer = typeof given === 'number' ? { status: given } : given;
        if (answer && answer.status < 300) accepted.push(one);
        if (answer) res.writeHead(answer.status, answer.headers).end('thank you');
        for (const resolve of waiting.splice(0)) resolve();
      });
    });
  };
  const server = o.tls ? https.createServer(o.tls, handle) : http.createServer(handle);
  await new Promise<void>((resolve) => server.listen(o.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    accepted,
    port,
    url: `${o.tls ? 'https' : 'http'}://127.0.0.1:${port}/hook`,
    set answer(answer: NonNullable<typeof o.answer>) {
      receiver.answer = answer;
    },
    /** How many requests were under way at the same time, at most. */
    get underWayMax(): number {
      return underWayMax;
    },
    /** Resolves when the condition holds, looked at after each request. */
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await new Promise<void>((resolve) => (waiting = [...waiting, resolve]));
    },
    /** What was accepted, as the library verifies and reads it. @throws when one is not as it was signed */
    verified(secret: string): EgressEvent[] {
      const webhook = new Webhook(secret);
      return accepted.map(({ body, headers }) => webhook.verify(body, headers) as EgressEvent);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export type WebhookReceiver = Awaited<ReturnType<typeof startWebhookReceiver>>;
