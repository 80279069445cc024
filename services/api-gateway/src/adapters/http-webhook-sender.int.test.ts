import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startWebhookReceiver } from '../testing/webhook-receiver.ts';
import { createHttpWebhookSender } from './http-webhook-sender.ts';
import { createTargetPolicy, type Resolve } from './webhook-targets.ts';

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});
const receive = async (o: Parameters<typeof startWebhookReceiver>[0] = {}) => {
  const receiver = await startWebhookReceiver(o);
  opened.push(() => receiver.close());
  return receiver;
};
/** A server that does what no HTTP library lets one do. */
const listen = async (server: net.Server) => {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
};
const sender = (
  o: Partial<Parameters<typeof createHttpWebhookSender>[0]> & {
    allow?: string[];
    resolve?: Resolve;
    ports?: number[];
  } = {},
) => {
  const { allow = ['127.0.0.1'], resolve, ports = [443], ...rest } = o;
  const made = createHttpWebhookSender({
    targets: createTargetPolicy({ allow, http: true, ports }, resolve),
    ...rest,
  });
  opened.push(() => made.close());
  return (url: string) =>
    made.send({ url, headers: { 'content-type': 'application/json' }, body: '{"n":1}' });
};
const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: 4 }));
const refused = { kind: 'no-answer', reason: 'target-refused' };

describe('a target that only we can reach', () => {
  it('is refused when it is written in the URL', async () => {
    const receiver = await receive();
    const send = sender({ allow: [], ports: [receiver.port] });
    expect(await send(receiver.url)).toEqual(refused);
    expect(receiver.received).toHaveLength(0);
  });

  it('is refused when a name resolves to it, also beside a public address', async () => {
    const receiver = await receive();
    const url = `http://hms.example:${receiver.port}/`;
    const o = { allow: [], ports: [receiver.port] };
    expect(await sender({ ...o, resolve: resolvesTo('127.0.0.1') })(url)).toEqual(refused);
    expect(await sender({ ...o, resolve: resolvesTo('127.0.0.1', '192.0.2.1') })(url)).toEqual(refused);
    expect(await sender({ ...o, resolve: resolvesTo('8.8.8.8', '127.0.0.1') })(url)).toEqual(refused);
    expect(receiver.received).toHaveLength(0);
  });

  it('is refused when the name was public a moment ago', async () => {
    const receiver = await receive();
    const answers = [['8.8.8.8'], ['127.0.0.1']];
    const resolve: Resolve = async () => (answers.shift() ?? []).map((address) => ({ address, family: 4 }));
    const targets = createTargetPolicy({ allow: [], http: true, ports: [receiver.port] }, resolve);
    const url = `http://rebinding.example:${receiver.port}/`;
    expect(await targets.checkResolved(url)).toBeUndefined();
    const made = createHttpWebhookSender({ targets });
    opened.push(() => made.close());
    expect(await made.send({ url, headers: {}, body: '{}' })).toEqual(refused);
    expect(receiver.received).toHaveLength(0);
  });

  it('is refused by the system’s own name for it', async () => {
    const receiver = await receive();
    const send = sender({ allow: [], ports: [receiver.port] });
    expect(await send(`http://localhost:${receiver.port}/`)).toEqual(refused);
    expect(receiver.received).toHaveLength(0);
  });

  it('is not reached by a redirect, nor is any other', async () => {
    const inner = await receive();
    for (const status of [301, 302, 303, 307, 308]) {
      const outer = await receive({ answer: () => ({ status, headers: { location: inner.url } }) });
      // Both would be allowed: it is the redirect that is not followed.
      expect(await sender()(outer.url)).toMatchObject({ kind: 'answer', status });
      expect(outer.received).toHaveLength(1);
    }
    expect(inner.received).toHaveLength(0);
  });

  it('is reached through a name that the installation allows', async () => {
    const receiver = await receive();
    const send = sender({ allow: ['*.intern'], resolve: resolvesTo('127.0.0.1') });
    expect(await send(`http://hooks.intern:${receiver.port}/`)).toMatchObject({ status: 204 });
    const byNetwork = sender({
      allow: ['127.0.0.0/8'],
      ports: [receiver.port],
      resolve: resolvesTo('127.0.0.1'),
    });
    expect(await byNetwork(`http://hms.example:${receiver.port}/`)).toMatchObject({ status: 204 });
  });
});

describe('a receiver that misbehaves', () => {
  it('has its time, and no more', async () => {
    const receiver = await receive({ answer: () => undefined });
    expect(await sender({ totalMs: 100 })(receiver.url)).toEqual({ kind: 'no-answer', reason: 'timeout' });
  });

  it('may not drip its headers beyond its time', async () => {
    const port = await listen(
      net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('x-drip: 1\r\n'), 10);
        socket.on('close', () => clearInterval(drip));
      }),
    );
    expect(await sender({ totalMs: 200 })(`http://127.0.0.1:${port}/`)).toEqual({
      kind: 'no-answer',
      reason: 'timeout',
    });
  });

  it('loses the connection when its answer has no end, and the status counts', async () => {
    let closed: () => void;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const port = await listen(
      http.createServer((req, res) => {
        req.resume();
        res.writeHead(200);
        const flood = (): void => {
          while (res.write('x'.repeat(16_384)));
          res.once('drain', flood);
        };
        res.on('close', () => closed());
        flood();
      }),
    );
    expect(await sender()(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'answer', status: 200 });
    await gone;
  });

  it('is told from one that is not there and one that is no HTTP server', async () => {
    const port = await listen(net.createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')));
    expect(await sender()(`http://127.0.0.1:${port}/`)).toEqual({
      kind: 'no-answer',
      reason: 'answer-not-http',
    });
    const receiver = await receive();
    const { url } = receiver;
    await receiver.close();
    expect(await sender()(url)).toEqual({ kind: 'no-answer', reason: 'connection-refused' });
    const unknown: Resolve = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect(await sender({ resolve: unknown })('https://nowhere.example/')).toEqual({
      kind: 'no-answer',
      reason: 'name-not-resolved',
    });
  });

  it('that closes idle connections costs no failed attempt', async () => {
    let connections = 0;
    const server = http.createServer((req, res) => {
      req.resume();
      res.writeHead(200).end();
      // Closed without a word, as a receiver does that is restarted.
      setImmediate(() => req.socket.destroy());
    });
    server.on('connection', () => (connections += 1));
    const port = await listen(server);
    const send = sender();
    for (let i = 0; i < 20; i++)
      expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 });
    expect(connections).toBeGreaterThan(1);
  });
});

it('uses a connection again', async () => {
  const connections = new Set<number | undefined>();
  const port = await listen(
    http.createServer((req, res) => {
      connections.add(req.socket.remotePort);
      req.resume().on('end', () => res.writeHead(200).end('thanks'));
    }),
  );
  const send = sender();
  let sent = 0;
  do {
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 });
    sent += 1;
  } while (connections.size === sent && sent < 100);
  expect(connections.size).toBeLessThan(sent);
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
(hasOpenssl || process.env['CI'] === 'true' ? describe : describe.skip)('over TLS (needs openssl)', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-tls-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const certificate = (name: string, san: string) => {
    const [key, cert] = [path.join(dir, `${name}.key`), path.join(dir, `${name}.crt`)];
    const made = spawnSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=${san}`, '-keyout', key, '-out', cert],
    ]);
    expect(made.status).toBe(0);
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  };

  it('delivers to a receiver whose certificate is trusted, and to no other', async () => {
    const good = certificate('good', 'DNS:hooks.intern');
    const wrongName = certificate('wrong-name', 'DNS:other.intern');
    const o = { allow: ['*.intern'], resolve: resolvesTo('127.0.0.1') };
    const receiver = await receive({ tls: good });
    const url = `https://hooks.intern:${receiver.port}/`;
    expect(await sender({ ...o, ca: good.cert })(url)).toMatchObject({ kind: 'answer', status: 204 });
    expect(await sender(o)(url)).toEqual({ kind: 'no-answer', reason: 'tls-not-trusted' });
    const other = await receive({ tls: wrongName });
    expect(await sender({ ...o, ca: wrongName.cert })(`https://hooks.intern:${other.port}/`)).toEqual({
      kind: 'no-answer',
      reason: 'tls-not-trusted',
    });
    expect([receiver.received.length, other.received.length]).toEqual([1, 0]);
  });
});
