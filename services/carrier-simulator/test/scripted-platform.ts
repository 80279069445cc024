import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeMulaw } from '@wardline/audio';
import { createLogger } from '@wardline/observability';
import { Writable } from 'node:stream';
import { Telnyx } from 'telnyx';
import { WebSocketServer, type WebSocket } from 'ws';
import { compose, type Simulator } from '../src/compose.ts';
import type { CallerEar } from '../src/ports/caller-ear.ts';
import type { CallReport } from '../src/entrypoints/control-api.ts';
import type { PersonInput } from '../src/people/person.ts';
import type { CallTruth } from '../src/people/truth.ts';
import { createScriptedEar } from '../src/testing/scripted-ear.ts';
import { createToneVoice, tone } from '../src/testing/tone-voice.ts';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly attempt: number;
  readonly userAgent: string | undefined;
}

/** What the platform's side of one media stream has seen. */
export class MediaPeer {
  readonly messages: { readonly at: number; readonly data: Record<string, unknown> }[] = [];
  closed = false;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) =>
      this.messages.push({ at: performance.now(), data: JSON.parse(data.toString()) }),
    );
    socket.on('close', () => (this.closed = true));
  }

  of(event: string): Record<string, unknown>[] {
    return this.messages.filter((m) => m.data['event'] === event).map((m) => m.data);
  }

  /** Plays a tone at once: the carrier's buffer paces it. */
  play(ms: number, mark?: string): void {
    this.send({ event: 'media', media: { payload: Buffer.from(encodeMulaw(tone(ms))).toString('base64') } });
    if (mark !== undefined) this.send({ event: 'mark', mark: { name: mark } });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}

/**
 * A platform of a few lines on the real wire: the carrier's own SDK for commands and signatures, a real WebSocket server
 * for media. `onEvent` is what it does; everything it saw is kept.
 */
export async function startScriptedPlatform(
  o: {
    ear?: CallerEar;
    webhookStatus?: () => number;
    retryDelays?: readonly number[];
    callsPerSecondMax?: number;
  } = {},
) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const rawPublicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const events: ReceivedEvent[] = [];
  const refused: string[] = [];
  const peers: MediaPeer[] = [];
  const platform = { onEvent: undefined as ((event: ReceivedEvent) => void) | undefined };

  const http = createServer((request, response) => {
    void (async () => {
      const body = await read(request);
      const status = o.webhookStatus?.() ?? 200;
      try {
        const event = await client.webhooks.unwrap(body, {
          headers: flat(request.headers),
          key: rawPublicKey,
        });
        const envelope = JSON.parse(body) as { meta: { attempt: number } };
        const { id, event_type, payload } = (event as { data: unknown }).data as {
          id: string;
          event_type: string;
          payload: Record<string, unknown>;
        };
        const received = {
          id,
          type: event_type,
          payload,
          attempt: envelope.meta.attempt,
          userAgent: request.headers['user-agent'],
        };
        events.push(received);
        response.writeHead(status).end();
        if (status === 200) platform.onEvent?.(received);
      } catch (error) {
        refused.push(String(error));
        response.writeHead(403).end();
      }
    })();
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => peers.push(new MediaPeer(socket)));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const port = (http.address() as AddressInfo).port;

  const lines: string[] = [];
  const simulator: Simulator = compose(
    {
      host: '127.0.0.1',
      port: 0,
      apiKey: 'test-api-key',
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      webhookUrl: `http://127.0.0.1:${port}/webhooks/telnyx`,
      codec: 'PCMU',
      controlKey: 'test-control-key',
      callsMax: 20,
      callsPerSecondMax: o.callsPerSecondMax ?? 0,
      hearing: 'timing',
      logLevel: 'info',
    },
    {
      logger: createLogger({
        service: 'test',
        destination: new Writable({ write: (chunk, _e, done) => (lines.push(String(chunk)), done()) }),
      }),
      voice: createToneVoice(),
      ear: o.ear ?? createScriptedEar(),
      ...(o.retryDelays ? { webhookRetryDelays: o.retryDelays } : {}),
    },
  );
  await simulator.start();
  const base = `http://127.0.0.1:${simulator.port}`;
  const client = new Telnyx({ apiKey: 'test-api-key', baseURL: `${base}/v2`, maxRetries: 0 });

  const sim = (method: string, path: string, body?: unknown) => control(method, `/sim${path}`, body);
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: 'Bearer test-control-key', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, response };
  };

  return Object.assign(platform, {
    base,
    client,
    events,
    refused,
    peers,
    streamUrl: `ws://127.0.0.1:${port}/media`,
    ofType: (type: string) => events.filter((e) => e.type === type),
    async call(scenario: object) {
      const { status, response } = await sim('POST', '/calls', {
        scenario: { ...plain, ...scenario },
        from: '+12025550143',
        to: '+12025550110',
      });
      const body = (await response.json()) as { id: string };
      return { status, id: body.id, body: body as Record<string, unknown> };
    },
    /** Who can be called, and what they do. */
    async people(...people: readonly PersonInput[]) {
      const { status, response } = await control('PUT', '/control/people', { people });
      return { status, body: (await response.json()) as Record<string, unknown> };
    },
    carrier: (settings: object) => control('PUT', '/control/carrier', settings),
    /** What really happened in the calls to people, oldest first. */
    truths: async (to?: string) => {
      const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
      const { response } = await control('GET', `/control/calls${query}`);
      return ((await response.json()) as { items: CallTruth[] }).items;
    },
    /** Dials with the carrier's own SDK, as the platform does. */
    async dial(to: string, rest: Partial<Telnyx.CallDialParams> = {}) {
      const { data } = await client.calls.dial({
        connection_id: '1494404757140276705',
        from: '+12025550110',
        to,
        answering_machine_detection: 'premium',
        timeout_secs: 30,
        ...rest,
      });
      return data!;
    },
    report: async (id: string) =>
      (await sim('GET', `/calls/${encodeURIComponent(id)}`)).response.json() as Promise<CallReport>,
    audio: async (id: string) =>
      new Uint8Array(
        await (await sim('GET', `/calls/${encodeURIComponent(id)}/audio.wav`)).response.arrayBuffer(),
      ),
    async stop() {
      await simulator.stop();
      for (const peer of peers) peer.socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
}

export const plain = {
  name: 'test',
  title: 'a caller in a test',
  to: '+12025550110',
  steps: [
    { id: 'hello', say: 'hello' },
    { id: 'quiet', staySilent: true },
  ],
  expect: { state: 'COMPLETED', outcome: ['NOT_BOOKED'], appointment: 'none', confirmations: 0 },
};

/** Resolves as soon as the condition holds. The bound is for what never does. */
export async function until<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  msMax = 90_000,
): Promise<T> {
  for (const since = performance.now(); performance.now() - since < msMax;) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`not within ${msMax} ms: ${condition.toString()}`);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const flat = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)]));
