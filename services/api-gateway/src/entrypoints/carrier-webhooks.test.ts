import { createLogger } from '@wardline/observability';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { startTestApp } from '../testing/test-app.ts';
import { carrierWebhooks } from './carrier-webhooks.ts';

const logger = createLogger({ service: 'test', destination: new PassThrough() });

async function listen(handler: http.RequestListener): Promise<{ url: string; close: () => void }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('forwarding of the carrier’s webhooks', () => {
  const opened: { close: () => void }[] = [];
  afterEach(() => opened.splice(0).forEach(({ close }) => close()));
  const gateway = async (targetUrl: string) => {
    const app = await startTestApp({ endpoints: carrierWebhooks({ targetUrl, logger, deadlineMs: 500 }) });
    opened.push(app);
    return `${app.origin}/webhooks/telnyx`;
  };

  it('hands on the very bytes and the signature, and what came of it back', async () => {
    const seen: { body: Buffer; headers: http.IncomingHttpHeaders }[] = [];
    const telephony = await listen((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        seen.push({ body: Buffer.concat(chunks), headers: req.headers });
        res.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"no"}');
      });
    });
    opened.push(telephony);
    // Spacing and key order that a parser would not keep, and a byte that is no UTF-8.
    const body = Buffer.concat([Buffer.from('{ "b":1,\t"a" : "é'), Buffer.from([0xff]), Buffer.from('" }')]);
    const answer = await fetch(await gateway(telephony.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'Telnyx-Signature-Ed25519': 'sig',
        'telnyx-timestamp': '17',
      },
      body,
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(seen[0]?.body.equals(body)).toBe(true);
    expect(seen[0]?.headers).toMatchObject({
      'telnyx-signature-ed25519': 'sig',
      'telnyx-timestamp': '17',
      'content-type': 'application/json',
    });
  });

  it('says 503 when telephony does not answer, so that the carrier repeats', async () => {
    const silent = await listen(() => {});
    opened.push(silent);
    expect((await fetch(await gateway(silent.url), { method: 'POST', body: '{}' })).status).toBe(503);
  });

  it('refuses a body beyond what a webhook can be', async () => {
    const url = await gateway('http://127.0.0.1:9');
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(413);
  });
});
