import { once } from 'node:events';
import type { Request } from 'express';
import net from 'node:net';
import { z } from 'zod';
import { bearer, startTestApp, type TestApp } from '../testing/test-app.ts';
import { endpoint } from './kernel/endpoint.ts';
import { forwardBody } from './upload.ts';

const user = { tenantId: '0190a0b0-0000-7000-8000-000000000001' };

describe('a request that cannot be read', () => {
  let app: TestApp;
  const upload = { taken: 0, broken: Promise.withResolvers<void>() };
  const takes = endpoint({
    id: 'takeFile',
    method: 'post',
    path: '/file',
    summary: 'Takes a file',
    access: 'campaigns:write',
    body: { contentType: 'text/csv', description: 'A file.' },
    responses: { 200: z.object({}) },
    handler: async ({ req, res }) => {
      await forwardBody({ req: req as Request, res, bytesMax: 1_000 }, async (pieces) => {
        for await (const piece of pieces) upload.taken += piece.length;
      }).catch((error: unknown) => {
        upload.broken.resolve();
        throw error;
      });
      return { status: 200, body: {} };
    },
  });
  const speaks = endpoint({
    id: 'speak',
    method: 'get',
    path: '/speak',
    summary: 'Begins an answer and leaves it open',
    access: 'campaigns:write',
    responses: { 200: z.object({}) },
    handler: async ({ res }) => {
      res.writeHead(200, { 'content-type': 'text/plain' }).write('begun');
      await once(res, 'close');
      return { status: 200, body: {} };
    },
  });
  beforeAll(async () => {
    app = await startTestApp({ endpoints: [takes, speaks] });
  });
  afterAll(() => app.close());

  /** Sends this and no more; with `end`, the sending side of the connection ends. What comes back until it ends. */
  async function answerTo(text: string, o: { end: boolean; afterHearing?: [string, string] }) {
    const socket = net.connect({
      ...{ port: Number(new URL(app.origin).port), host: '127.0.0.1', allowHalfOpen: true },
    });
    let heard = '';
    socket.on('data', (chunk) => {
      const [word, then] = o.afterHearing ?? ['', ''];
      const had = heard.includes(word);
      heard += String(chunk);
      if (o.afterHearing && !had && heard.includes(word)) socket.write(then);
    });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (o.end) socket.end(text);
    else socket.write(text);
    // A reset is an end as well.
    await new Promise<void>((resolve) => socket.once('end', resolve).once('close', () => resolve()));
    socket.destroy();
    return heard;
  }
  const request = (line: string, ...headers: string[]) =>
    [`${line} HTTP/1.1`, 'Host: x', `Authorization: ${bearer(user).authorization}`, ...headers, '', ''].join(
      '\r\n',
    );
  const problemIn = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));

  it.each([
    ['fewer bytes than announced', ['Content-Length: 100'], 'Ada,+1202'],
    ['no last chunk', ['Transfer-Encoding: chunked'], '9\r\nAda,+1202\r\n'],
  ])('because its sender stops in the middle (%s) is told so, and nothing is taken', async (_, how, body) => {
    upload.taken = 0;
    upload.broken = Promise.withResolvers();
    const asked = request('POST /api/v1/file', 'Content-Type: text/csv', ...how) + body;
    const answer = await answerTo(asked, { end: true });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(problemIn(answer)).toMatchObject({ status: 400, code: 'upload-broken' });
    // Its reader learns of it too: this never counts as a whole file.
    await upload.broken.promise;
    expect(upload.taken).toBeLessThanOrEqual(body.length);
  });

  it.each([
    ['no HTTP', 'what is this\r\n\r\n', 400, 'malformed'],
    ['too many headers', request('GET /api/v1/file', `X: ${'x'.repeat(70_000)}`), 431, 'headers-too-large'],
  ])('is answered with a problem (%s)', async (_, text, status, code) => {
    const answer = await answerTo(text, { end: false });
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(problemIn(answer)).toMatchObject({ status, code });
  });

  it('gets no answer in the middle of that to the request before', async () => {
    const answer = await answerTo(request('GET /api/v1/speak'), {
      ...{ end: false, afterHearing: ['begun', 'and then nonsense\r\n\r\n'] },
    });
    expect(answer).toContain('begun');
    expect(answer).not.toContain('400');
  });
});
