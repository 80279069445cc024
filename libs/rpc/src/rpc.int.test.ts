import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { dialogue, keyvalue } from '@wardline/contracts';
import { currentTraceparent, withSpan } from '@wardline/observability';
import { createRecordingLogger } from '@wardline/observability/testing';
import {
  callerOf,
  createRpcClient,
  createRpcServer,
  createServiceTokens,
  tenantOf,
  type RpcServer,
  type ServiceTokens,
} from './index.ts';
import { refusalOf } from './testing/index.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const TENANT = '0190a0b0-0000-7000-8000-000000000001';
const { KeyValueService } = keyvalue;
const { DialogueService } = dialogue;
const tokensOf = (service: string, now?: () => number): ServiceTokens =>
  createServiceTokens(now ? { key: KEY, service, now } : { key: KEY, service });

type Seen = { traceparent: string | undefined };
type KeyValueHandlers = Partial<ServiceImpl<typeof KeyValueService>>;
type DialogueHandlers = Partial<ServiceImpl<typeof DialogueService>>;

async function serve(
  keyValue: KeyValueHandlers,
  more: { allow?: Record<string, string[]>; dialogue?: DialogueHandlers } = {},
) {
  const logger = createRecordingLogger();
  const server = createRpcServer({
    service: 'brain',
    port: 0,
    tokens: tokensOf('brain'),
    logger,
    ...(more.allow ? { allow: more.allow } : {}),
    routes: (router) => {
      router.service(KeyValueService, keyValue);
      if (more.dialogue) router.service(DialogueService, more.dialogue);
    },
  });
  await server.start();
  open.push(server);
  return { server, logger };
}

const open: (RpcServer | { close(): void })[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function clientOf(server: RpcServer, service = 'media', tokens = tokensOf(service)) {
  const client = createRpcClient(KeyValueService, { baseUrl: server.baseUrl, callee: 'brain', tokens });
  open.push(client);
  return client;
}

describe('identity', () => {
  it('tells the handler who calls and for which tenant', async () => {
    let caller: unknown;
    const { server } = await serve({
      get: (_request: unknown, ctx: HandlerContext) => {
        caller = { ...callerOf(ctx), again: tenantOf(ctx) };
        return { value: 'v' };
      },
    });
    const response = await clientOf(server).forTenant(TENANT).get({ key: 'k' });
    expect(response.value).toBe('v');
    expect(caller).toEqual({ tenantId: TENANT, service: 'media', again: TENANT });
  });

  it('refuses a method that needs a tenant when the token has none', async () => {
    const { server } = await serve({ get: (_r: unknown, ctx: HandlerContext) => ({ value: tenantOf(ctx) }) });
    const error = await refusalOf(clientOf(server).withoutTenant().get({ key: 'k' }));
    expect(error.code).toBe(Code.PermissionDenied);
  });

  const wrong: Record<string, () => Promise<string | undefined>> = {
    'no token': () => Promise.resolve(undefined),
    'no bearer token': () => Promise.resolve('Basic Zm9v'),
    'a token of another secret': async () => {
      const key = Buffer.alloc(32, 8).toString('base64');
      return `Bearer ${await createServiceTokens({ key, service: 'media' }).mint('brain', TENANT)}`;
    },
    'a token for another audience': async () => `Bearer ${await tokensOf('media').mint('directory', TENANT)}`,
    'an expired token': async () => {
      const hourAgo = () => Date.now() - 3_600_000;
      return `Bearer ${await tokensOf('media', hourAgo).mint('brain', TENANT)}`;
    },
    'an unsigned token': () => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = { iss: 'media', aud: 'brain', exp: 4_000_000_000 };
      return Promise.resolve(`Bearer ${part({ alg: 'none' })}.${part(claims)}.`);
    },
  };
  it.each(Object.keys(wrong))('refuses a call with %s before its handler runs', async (name) => {
    let handled = false;
    const { server } = await serve({
      get: () => {
        handled = true;
        return {};
      },
    });
    const header = await wrong[name]?.();
    const transport = createGrpcTransport({ baseUrl: server.baseUrl });
    const headers = header === undefined ? {} : { authorization: header };
    const error = await refusalOf(createClient(KeyValueService, transport).get({ key: 'k' }, { headers }));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(handled).toBe(false);
  });

  it('refuses callers that are not in the method’s list, and lets those in it', async () => {
    const allow = { 'wardline.keyvalue.v1.KeyValueService/Get': ['gateway'] };
    const { server } = await serve(
      { get: () => ({ value: 'v' }), delete: () => ({ existed: true }) },
      { allow },
    );
    expect((await refusalOf(clientOf(server, 'media').withoutTenant().get({ key: 'k' }))).code).toBe(
      Code.PermissionDenied,
    );
    expect((await clientOf(server, 'gateway').withoutTenant().get({ key: 'k' })).value).toBe('v');
    expect((await clientOf(server, 'media').withoutTenant().delete({ key: 'k' })).existed).toBe(true);
  });
});

describe('limits', () => {
  it('ends a call at its deadline and aborts the handler', async () => {
    const aborted = Promise.withResolvers<void>();
    const { server } = await serve({
      get: (_r: unknown, ctx: HandlerContext) => {
        ctx.signal.addEventListener('abort', () => aborted.resolve());
        return new Promise<never>(() => undefined);
      },
    });
    const error = await refusalOf(clientOf(server).withoutTenant().get({ key: 'k' }, { timeoutMs: 50 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
    await aborted.promise;
  });

  it('sends a deadline with every unary call, also where the caller asks for none', async () => {
    const timeouts: (number | undefined)[] = [];
    const { server } = await serve({
      get: (_r: unknown, ctx: HandlerContext) => {
        timeouts.push(ctx.timeoutMs());
        return {};
      },
    });
    const client = clientOf(server).withoutTenant();
    await client.get({ key: 'k' });
    await client.get({ key: 'k' }, { timeoutMs: 0 });
    for (const timeout of timeouts) expect(timeout).toBeLessThanOrEqual(5_000);
    expect(timeouts).toHaveLength(2);
  });

  it('hands the caller’s abort to the handler', async () => {
    const handling = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const { server } = await serve({
      get: (_r: unknown, ctx: HandlerContext) => {
        handling.resolve();
        return new Promise<never>((_resolve, reject) => {
          ctx.signal.addEventListener('abort', () => {
            aborted.resolve();
            reject(ctx.signal.reason as Error);
          });
        });
      },
    });
    const abort = new AbortController();
    const call = refusalOf(clientOf(server).withoutTenant().get({ key: 'k' }, { signal: abort.signal }));
    await handling.promise;
    abort.abort();
    expect((await call).code).toBe(Code.Canceled);
    await aborted.promise;
  });

  it('refuses messages above 1 MB, both ways', async () => {
    const big = 'x'.repeat(1024 * 1024 + 1);
    const { server } = await serve({ set: () => ({ stored: true }), get: () => ({ value: big }) });
    const client = clientOf(server).withoutTenant();
    expect((await refusalOf(client.set({ key: 'k', value: big }))).code).toBe(Code.ResourceExhausted);
    expect((await refusalOf(client.get({ key: 'k' }))).code).toBe(Code.ResourceExhausted);
    expect((await client.set({ key: 'k', value: 'small' })).stored).toBe(true);
  });
});

describe('errors', () => {
  it('hides the text of an unexpected error and logs it once', async () => {
    const { server, logger } = await serve({
      get: () => {
        throw new Error('the row of Mrs Miller');
      },
    });
    const error = await refusalOf(clientOf(server).withoutTenant().get({ key: 'k' }));
    expect(error.code).toBe(Code.Internal);
    expect(error.message).not.toContain('Miller');
    expect(logger.lines.filter((line) => line.level === 'error')).toHaveLength(1);
  });

  it('turns exhausted transaction retries into ABORTED, which callers may repeat', async () => {
    const { server } = await serve({
      get: () => {
        throw Object.assign(new Error('40001'), { code: 'transaction-contention' });
      },
    });
    expect((await refusalOf(clientOf(server).withoutTenant().get({ key: 'k' }))).code).toBe(Code.Aborted);
  });

  it('passes an error that says a great deal, as far as it fits', async () => {
    const { server } = await serve({
      get: () => {
        throw new ConnectError('🏥 é doctor is not of this clinic; '.repeat(2_000), Code.InvalidArgument);
      },
    });
    const error = await refusalOf(clientOf(server).withoutTenant().get({ key: 'k' }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toMatch(/^🏥 é doctor is not of this clinic; .+…$/u);
  });

  it('passes the errors that a handler means', async () => {
    const { server } = await serve({
      get: () => {
        throw new ConnectError('taken', Code.AlreadyExists);
      },
    });
    const error = await refusalOf(clientOf(server).withoutTenant().get({ key: 'k' }));
    expect([error.code, error.rawMessage]).toEqual([Code.AlreadyExists, 'taken']);
  });

  it('hides what a stream throws midway as well', async () => {
    const { server } = await serve({
      async *subscribe() {
        yield { channel: 'c', message: '1' };
        await Promise.resolve();
        throw new Error('the row of Mrs Miller');
      },
    });
    const received: string[] = [];
    const reading = async () => {
      for await (const m of clientOf(server).withoutTenant().subscribe({ channel: 'c' }))
        received.push(m.message);
    };
    const error = await refusalOf(reading());
    expect([error.code, received]).toEqual([Code.Internal, ['1']]);
    expect(error.message).not.toContain('Miller');
  });
});

describe('traces', () => {
  it('carries one trace id into unary and streaming handlers', async () => {
    const seen: Seen[] = [];
    const { server } = await serve({
      get: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push({ traceparent: currentTraceparent() });
        return {};
      },
      async *subscribe() {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push({ traceparent: currentTraceparent() });
        yield { channel: 'c', message: 'm' };
        seen.push({ traceparent: currentTraceparent() });
      },
    });
    const client = clientOf(server).withoutTenant();
    const traceId = await withSpan('test', {}, async (span) => {
      await client.get({ key: 'k' });
      for await (const _ of client.subscribe({ channel: 'c' })) expect(_.message).toBe('m');
      return span.spanContext().traceId;
    });
    expect(seen.map((s) => s.traceparent?.slice(3, 35))).toEqual([traceId, traceId, traceId]);
  });
});

describe('connections', () => {
  it('runs a bidirectional stream without a deadline, element by element', async () => {
    let timeoutMs: number | undefined = 1;
    const { server } = await serve(
      {},
      {
        dialogue: {
          async *converse(requests: AsyncIterable<dialogue.CallerEvent>, ctx: HandlerContext) {
            timeoutMs = ctx.timeoutMs();
            for await (const request of requests) {
              if (request.event.case === 'callerHungUp') return;
              yield create(dialogue.AgentCommandSchema, {});
            }
          },
        },
      },
    );
    const client = createRpcClient(DialogueService, {
      baseUrl: server.baseUrl,
      callee: 'brain',
      tokens: tokensOf('media'),
      defaultDeadlineMs: 1,
    });
    open.push(client);
    let answered = Promise.withResolvers<void>();
    async function* events() {
      for (let i = 0; i < 3; i++) {
        yield { event: { case: 'keyPressed' as const, value: {} } };
        await answered.promise;
        answered = Promise.withResolvers<void>();
      }
      yield { event: { case: 'callerHungUp' as const, value: {} } };
    }
    let count = 0;
    for await (const command of client.forTenant(TENANT).converse(events())) {
      expect(command.$typeName).toBe('wardline.dialogue.v1.AgentCommand');
      count += 1;
      answered.resolve();
    }
    expect([count, timeoutMs]).toEqual([3, undefined]);
  });

  it('finishes a running call while draining, and refuses new ones', async () => {
    const handling = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { server } = await serve({
      get: async () => {
        handling.resolve();
        await finish.promise;
        return { value: 'done' };
      },
    });
    const client = clientOf(server).withoutTenant();
    const newcomer = clientOf(server).withoutTenant();
    const running = client.get({ key: 'k' });
    await handling.promise;
    const drained = server.drain?.();
    expect((await refusalOf(newcomer.get({ key: 'k' }))).code).toBe(Code.Unavailable);
    finish.resolve();
    expect((await running).value).toBe('done');
    await drained;
  });

  it('ends open streams when it closes', async () => {
    const { server } = await serve({
      async *subscribe(_r: unknown, ctx: HandlerContext) {
        yield { channel: 'c', message: '' };
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
      },
    });
    const first = Promise.withResolvers<void>();
    const reading = (async () => {
      for await (const message of clientOf(server).withoutTenant().subscribe({ channel: 'c' })) {
        expect(message.channel).toBe('c');
        first.resolve();
      }
    })().catch(() => undefined);
    await first.promise;
    await server.close();
    await reading;
  });

  it('survives a server that ends its connections while it is asked on', async () => {
    // The moment that matters is between the client's hearing of it and the end of its socket. An error that nobody listens
    // for fails the test by itself.
    for (let turns = 0; turns < 12; turns += 1) {
      const { server } = await serve({ get: () => ({ value: 'v' }) });
      const client = clientOf(server).withoutTenant();
      await client.get({ key: 'k' });
      const drained = server.drain?.();
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect((await refusalOf(client.get({ key: 'k' }))).code).toBe(Code.Unavailable);
      await drained;
      await server.close();
    }
  });

  it('reconnects by itself after the server came back', async () => {
    const handlers = { get: () => ({ value: 'v' }) };
    const { server } = await serve(handlers);
    const { port } = server;
    const client = clientOf(server).withoutTenant();
    await client.get({ key: 'k' });
    await server.close();
    expect((await refusalOf(client.get({ key: 'k' }))).code).toBe(Code.Unavailable);
    const again = createRpcServer({
      service: 'brain',
      port,
      tokens: tokensOf('brain'),
      logger: createRecordingLogger(),
      routes: (router) => router.service(KeyValueService, handlers),
    });
    await again.start();
    open.push(again);
    expect((await client.get({ key: 'k' })).value).toBe('v');
  });
});
