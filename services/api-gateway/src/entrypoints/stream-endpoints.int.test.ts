import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import { Personal } from '@wardline/personal-data';
import pg from 'pg';
import { createIntegratorAccess } from '../app/integrator-access.ts';
import { gatewaySchema } from '../schema.ts';
import { callEvent, tenantA, tenantB } from '../testing/egress-fixture.ts';
import { FakeTenantTopicCluster } from '../testing/fake-tenant-topic-cluster.ts';
import { openStream, type StreamClient } from '../testing/stream-client.ts';
import { startStreamGateway, type StreamGateway } from '../testing/stream-gateway.ts';
import { egressTopics } from './egress-consumer.ts';

const logger = createRecordingLogger('api-gateway');
const cipher = createFieldCipher(createMemoryKeyring());
let server: TestDatabase;
let admin: pg.Client;
let gateway: StreamGateway;
const opened: { close(): void }[] = [];
const started: StreamGateway[] = [];

beforeAll(async () => {
  server = await startTestDatabase({ services: [gatewaySchema] });
  admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  gateway = await another();
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.close();
  await admin.query(
    'TRUNCATE gateway.egress_heads, gateway.egress_events, gateway.inbox, gateway.egress_subscriptions CASCADE',
  );
});
afterAll(async () => {
  await Promise.all(started.map((each) => each.stop()));
  await admin?.end();
  await server?.stop();
});

/** One more instance on the same database. */
async function another(o: Partial<Parameters<typeof startStreamGateway>[0]> = {}): Promise<StreamGateway> {
  const instance = await startStreamGateway({
    ...{ databaseUrl: server.url('wardline_gateway'), cipher, logger, heartbeatMs: 50 },
    ...o,
  });
  started.push(instance);
  return instance;
}
const access = () =>
  createIntegratorAccess({
    ...{
      store: gateway.store,
      offered: egressTopics,
      cluster: new FakeTenantTopicCluster(),
      topicPrefix: '',
    },
    openTopic: async () => undefined,
  });
const letIn = (o: { tenantId?: string; topics?: readonly string[]; personal?: boolean } = {}) =>
  access().openStream(o.tenantId ?? tenantA, {
    ...{ name: 'HMS', topics: o.topics ?? egressTopics, personal: o.personal ?? false, expiresAt: null },
    createdBy: '01930000-0000-7000-8000-0000000000cc',
  });
async function open(
  o: { token?: string; lastEventId?: string; query?: string; at?: StreamGateway } = {},
): Promise<StreamClient> {
  const { at = gateway, query = '', ...rest } = o;
  const client = await openStream(at.url + query, rest);
  opened.push(client);
  return client;
}
const append = (count: number, tenantId = tenantA, o: Parameters<typeof callEvent>[0] = {}) =>
  gateway.log.append(
    tenantId,
    Array.from({ length: count }, () => callEvent({ tenantId, ...o })),
  );
/** Events of 100 kB: more than the buffers of sockets take. */
async function appendMuch(count: number): Promise<void> {
  for (let i = 0; i < count; i += 16) await append(16, tenantA, { data: { note: 'x'.repeat(100_000) } });
}
const ids = (client: StreamClient) => client.events.map((event) => Number(event.id));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('where it begins and goes on', () => {
  it('gives everything kept for ?after=0, and goes on with what happens, as CloudEvents', async () => {
    const { token } = await letIn();
    await append(150);
    const client = await open({ token, query: '?after=0' });
    await client.until(() => client.events.length === 150);
    await append(3);
    await client.until(() => client.events.length === 153);
    expect(ids(client)).toEqual(range(1, 153));
    expect(client.headers['content-type']).toBe('text/event-stream');
    expect(client.events[0]?.event).toBe('wardline.events.v1.CallChanged');
    expect(JSON.parse(client.events[0]?.data ?? '')).toMatchObject({
      ...{
        specversion: '1.0',
        type: 'wardline.events.v1.CallChanged',
        tenantid: tenantA,
        topic: 'calls.changed',
      },
      data: { callId: 'call-1' },
    });
  });

  it('begins at the present without a position', async () => {
    const { token } = await letIn();
    await append(5);
    const client = await open({ token });
    await client.until(() => client.lastEventId === '5');
    await append(1);
    await client.until(() => client.events.length > 0);
    expect(ids(client)).toEqual([6]);
  });

  it('goes on exactly behind Last-Event-ID, on any instance, and the header wins over ?after', async () => {
    const { token } = await letIn();
    const instances = [gateway, await another(), await another()];
    const got: number[] = [];
    let lastEventId: string | undefined;
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 40; i += 1) await append(10);
      writing = false;
    })();
    for (let turn = 0; writing || got.length < 400; turn += 1) {
      const at = instances[turn % instances.length] ?? gateway;
      const client = await open({ token, at, query: '?after=0', ...(lastEventId ? { lastEventId } : {}) });
      await client.until(() => client.events.length >= 23 || got.length + client.events.length >= 400);
      // What has come after the cut is lost on the way, as with any connection that breaks.
      const taken = client.events.slice(0, 23);
      client.close();
      got.push(...taken.map((event) => Number(event.id)));
      lastEventId = taken.at(-1)?.id ?? lastEventId;
    }
    await writer;
    expect(got).toEqual(range(1, 400));
  });

  it('moves the position past events of other topics, so that a resume does not begin far behind', async () => {
    const { token } = await letIn({ topics: ['calls.completed'] });
    const client = await open({ token });
    await append(30);
    await append(1, tenantA, { topic: 'calls.completed' });
    await append(30);
    await client.until(() => client.lastEventId === '61');
    expect(ids(client)).toEqual([31]);
  });

  it.each([
    ['text', { lastEventId: 'abc' }, 'position-malformed'],
    ['a negative number', { lastEventId: '-1' }, 'position-malformed'],
    ['two parameters', { query: '?after=1&after=2' }, 'position-malformed'],
    ['nothing', { query: '?after=' }, 'position-malformed'],
    ["another log's position", { lastEventId: '6' }, 'position-unknown'],
    ['a parameter that does not exist', { query: '?since=1' }, 'parameter-unknown'],
  ])('refuses %s as a position with 400', async (_what, o, code) => {
    const { token } = await letIn();
    await append(5);
    const client = await open({ token, ...o });
    expect([client.status, client.body?.['code']]).toEqual([400, code]);
  });

  it('says 410 when what comes next is no longer kept, and where the log begins', async () => {
    const { token } = await letIn();
    await append(10);
    await admin.query(`DELETE FROM gateway.egress_events WHERE position <= 4`);
    const gone = await open({ token, lastEventId: '3' });
    expect([gone.status, gone.body]).toMatchObject([410, { code: 'position-gone', oldest: '5' }]);
    const fits = await open({ token, lastEventId: '4' });
    const oldest = await open({ token, query: '?after=0' });
    await Promise.all([fits, oldest].map((client) => client.until(() => client.events.length === 6)));
    expect([ids(fits), ids(oldest)]).toEqual([range(5, 10), range(5, 10)]);
  });

  it('ends with an event "gap" when the log was forgotten faster than it was read', async () => {
    let pages = 0;
    const slow = await another({
      log: (log) => ({
        range: (tenantId) => log.range(tenantId),
        async read(tenantId, o) {
          pages += 1;
          if (pages === 2) await admin.query(`DELETE FROM gateway.egress_events WHERE position <= 80`);
          return log.read(tenantId, o);
        },
      }),
    });
    const { token } = await letIn();
    await append(100);
    const client = await open({ token, at: slow, query: '?after=0' });
    await client.over;
    expect(ids(client).slice(0, -1)).toEqual(range(1, 64));
    expect(client.events.at(-1)).toMatchObject({ event: 'gap', data: '{"after":"64","oldest":"81"}' });
    expect((await open({ token, lastEventId: client.lastEventId ?? '' })).status).toBe(410);
  });
});

describe('who may read', () => {
  it.each([
    ['no token', {}, 401],
    ['a token that nobody has', { token: `wl_${'a'.repeat(43)}` }, 401],
    ['anything else', { token: 'secret' }, 401],
  ])('refuses %s', async (_what, o, status) => {
    const client = await open(o);
    expect([client.status, client.headers['www-authenticate']]).toEqual([
      status,
      expect.stringMatching(/^Bearer/),
    ]);
  });

  it('refuses a token in the address, also a right one, also beside a right header', async () => {
    const { token } = await letIn();
    for (const query of [`?token=${token}`, `?access_token=${token}`, `?after=${token}`])
      for (const o of [{ query }, { query, token }])
        expect((await open(o)).body).toMatchObject({ status: 400, code: 'token-in-query' });
    expect(logger.text()).not.toContain(token);
  });

  it('ends open streams when access is revoked or rotated, and takes the old token no more', async () => {
    const second = await another();
    const [one, two] = [await letIn(), await letIn()];
    const clients = [await open({ token: one.token }), await open({ token: two.token, at: second })];
    const stays = await letIn();
    const staying = await open({ token: stays.token });
    await Promise.all([...clients, staying].map((client) => client.until(() => client.lastEventId === '0')));
    await access().revokeStream(tenantA, one.subscription.id);
    const rotated = await access().rotateStream(tenantA, two.subscription.id);
    await Promise.all(clients.map((client) => client.over));
    expect(staying.ended).toBe(false);
    expect((await open({ token: one.token })).status).toBe(401);
    expect((await open({ token: two.token })).status).toBe(401);
    expect((await open({ token: rotated?.token ?? '' })).status).toBe(200);
  });

  it('opens personal fields only with the scope', async () => {
    const sealed = (text: string, field: string) => ({
      sealed: cipher.seal(tenantA, Personal.of(text), `appointments.changed/${field}`),
    });
    const [plain, personal] = [await letIn(), await letIn({ personal: true })];
    const clients = [await open({ token: plain.token }), await open({ token: personal.token })];
    const data = {
      ...{ appointmentId: 'a-1', patientName: sealed('Ada Lovelace', 'patient_name') },
      patientPhone: sealed('+12025550143', 'patient_phone'),
    };
    await append(1, tenantA, { topic: 'appointments.changed', data });
    await Promise.all(clients.map((client) => client.until(() => client.events.length === 1)));
    const [without, opens] = clients.map(
      (client) => (JSON.parse(client.events[0]?.data ?? '') as { data: Record<string, unknown> }).data,
    );
    expect(without).not.toHaveProperty('patientName');
    expect(JSON.stringify(without)).not.toMatch(/sealed|Ada|0143/);
    expect(opens).toMatchObject({ patientName: 'Ada Lovelace', patientPhone: '+12025550143' });
  });

  it("takes another hospital's position only as a number of its own log", async () => {
    const [a, b] = [await letIn(), await letIn({ tenantId: tenantB })];
    await append(3);
    await append(8, tenantB);
    expect((await open({ token: a.token, lastEventId: '8' })).body).toMatchObject({
      code: 'position-unknown',
    });
    const client = await open({ token: a.token, lastEventId: '2' });
    await client.until(() => client.events.length === 1);
    expect(JSON.parse(client.events[0]?.data ?? '')).toMatchObject({ tenantid: tenantA });
    expect((await open({ token: b.token, lastEventId: '8' })).status).toBe(200);
  });

  it('has room for so many of one hospital, and others are not kept out by them', async () => {
    const small = await another({ perTenantMax: 2 });
    const [a, b] = [await letIn(), await letIn({ tenantId: tenantB })];
    const first = await open({ token: a.token, at: small });
    await open({ token: a.token, at: small });
    const third = await open({ token: a.token, at: small });
    expect([third.status, third.body?.['code']]).toEqual([429, 'too-many-streams']);
    expect((await open({ token: b.token, at: small })).status).toBe(200);
    first.close();
    let status = 0;
    while (status !== 200) status = (await open({ token: a.token, at: small })).status;
  });
});

describe('readers that are slow, and instances that go', () => {
  it('reads no further for a reader that takes nothing, and gives it everything once it does', async () => {
    const readBy = new Map<string, number>();
    const watched = await another({
      log: (log) => ({
        range: (tenantId) => log.range(tenantId),
        async read(tenantId, o) {
          const page = await log.read(tenantId, o);
          // Which reader it is shows in its topics.
          const reader = o.topics.join();
          readBy.set(reader, (readBy.get(reader) ?? 0) + page.rows.length);
          return page;
        },
      }),
    });
    const [slow, fast] = [await letIn({ topics: ['calls.changed'] }), await letIn()];
    const total = 640;
    await appendMuch(total);
    const slowClient = await open({ token: slow.token, at: watched, query: '?after=0' });
    slowClient.pause();
    const fastClient = await open({ token: fast.token, at: watched, query: '?after=0' });
    await fastClient.until(() => fastClient.events.length === total);
    // Buffers of the sockets hold a few megabytes, and one page more is in memory; 64 MB are there.
    expect(readBy.get('calls.changed')).toBeLessThan(total / 2);
    slowClient.resume();
    await slowClient.until(() => slowClient.events.length === total);
    expect(ids(slowClient)).toEqual(range(1, total));
  });

  it('lets a reader go that takes nothing for long', async () => {
    const strict = await another({ stalledMs: 300 });
    const { token } = await letIn();
    await appendMuch(384);
    const client = await open({ token, at: strict, query: '?after=0' });
    client.pause();
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const look = setInterval(() => {
      // Its place is free again when it has been let go.
      strict.server.getConnections((_error, count) => {
        if (count === 0) resolve();
      });
    }, 20);
    await left;
    clearInterval(look);
  });

  it('ends streams in an orderly way when an instance stops', async () => {
    const stopping = await another();
    const { token } = await letIn();
    const client = await open({ token, at: stopping, query: '?after=0' });
    await append(10);
    await client.until(() => client.events.length === 10);
    await stopping.drain();
    await client.over;
    expect(client.lastEventId).toBe('10');
  });
});
