import { FakeEventBus } from '@wardline/event-bus/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import pg from 'pg';
import { createEgressSignal } from '../../app/egress-signal.ts';
import { consumeForEgress, egressTopics } from '../../entrypoints/egress-consumer.ts';
import { gatewaySchema } from '../../schema.ts';
import { callEvent, tenantA, tenantB } from '../../testing/egress-fixture.ts';
import { createPostgresEgressLog } from './egress-log.ts';
import { openGatewayDatabase, type GatewayDatabase } from './gateway-database.ts';

const logger = createRecordingLogger('api-gateway');
let server: TestDatabase;
let database: GatewayDatabase;
let admin: pg.Client;
beforeAll(async () => {
  server = await startTestDatabase({ services: [gatewaySchema] });
  database = openGatewayDatabase(server.url('wardline_gateway'), logger);
  admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await database?.close();
  await server?.stop();
});
beforeEach(() => admin.query('TRUNCATE gateway.egress_heads, gateway.egress_events, gateway.inbox'));

const all = { after: 0n, topics: egressTopics, limit: 1000 };

it('gives positions without gaps, in the order of the events, and keeps what they say', async () => {
  const log = createPostgresEgressLog(database);
  const events = [1, 2, 3].map((n) => callEvent({ n, data: { note: `"${n}" \\ ☎` } }));
  expect(await log.append(tenantA, events)).toBe(3);
  const { rows, readTo, last } = await log.read(tenantA, all);
  expect(rows.map((row) => [row.position, row.eventId, row.data, row.sequence])).toEqual(
    events.map((event, i) => [BigInt(i + 1), event.id, event.data, event.sequence]),
  );
  expect(rows[0]?.occurredAt).toEqual(events[0]?.occurredAt);
  expect([readTo, last]).toEqual([3n, 3n]);
});

it('takes an event once, also twice in one batch and by two at the same time', async () => {
  const log = createPostgresEgressLog(database);
  const [one, two, three] = [callEvent(), callEvent(), callEvent()];
  const counts = await Promise.all([
    log.append(tenantA, [one, two, one]),
    log.append(tenantA, [two, three]),
    log.append(tenantA, [one, three]),
  ]);
  expect(counts.reduce((a, b) => a + b)).toBe(3);
  expect(await log.append(tenantA, [one, two])).toBe(0);
  expect((await log.read(tenantA, all)).rows).toHaveLength(3);
});

it('never lets a reader that goes on from where it was miss a position', async () => {
  const log = createPostgresEgressLog(database);
  const seen: bigint[] = [];
  let writing = true;
  const reader = (async () => {
    for (let after = 0n; ;) {
      const done = !writing;
      const page = await log.read(tenantA, { ...all, after, limit: 7 });
      seen.push(...page.rows.map((row) => row.position));
      after = page.readTo;
      if (done && after === page.last) return;
    }
  })();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 25; i++) await log.append(tenantA, [callEvent(), callEvent()]);
    }),
  );
  writing = false;
  await reader;
  expect(seen).toEqual(Array.from({ length: 200 }, (_, i) => BigInt(i + 1)));
});

it('passes over topics that are not asked for, and says how far it looked', async () => {
  const log = createPostgresEgressLog(database);
  await log.append(tenantA, [callEvent(), callEvent({ topic: 'calls.completed' }), callEvent()]);
  const page = await log.read(tenantA, { after: 0n, topics: ['calls.completed'], limit: 10 });
  expect(page.rows.map((row) => row.position)).toEqual([2n]);
  expect(page.readTo).toBe(3n);
  const full = await log.read(tenantA, { after: 0n, topics: ['calls.changed'], limit: 1 });
  expect(full.readTo).toBe(1n);
});

it('keeps tenants apart', async () => {
  const log = createPostgresEgressLog(database);
  await log.append(tenantA, [callEvent()]);
  await log.append(tenantB, [callEvent({ tenantId: tenantB }), callEvent({ tenantId: tenantB })]);
  const { rows } = await log.read(tenantB, all);
  expect(rows.map((row) => row.tenantId)).toEqual([tenantB, tenantB]);
  expect(await log.range(tenantA)).toEqual({ first: 1n, last: 1n });
  expect(await log.positions([tenantA, tenantB, '01930000-0000-7000-8000-0000000000cc'])).toEqual(
    new Map([
      [tenantA, 1n],
      [tenantB, 2n],
      ['01930000-0000-7000-8000-0000000000cc', 0n],
    ]),
  );
});

it('forgets after seven days and says where the log begins', async () => {
  const log = createPostgresEgressLog(database);
  await log.append(tenantA, [callEvent(), callEvent(), callEvent()]);
  await admin.query(
    `UPDATE gateway.egress_events SET recorded_at = now() - interval '8 days' WHERE position <= 2`,
  );
  expect(await log.sweep(1)).toEqual({ events: 1, deliveries: 0 });
  expect(await log.sweep(10)).toEqual({ events: 1, deliveries: 0 });
  expect(await log.range(tenantA)).toEqual({ first: 3n, last: 3n });
});

it('writes what the bus brings, and wakes whoever watches, here and in another process', async () => {
  const log = createPostgresEgressLog(database);
  const here = createEgressSignal({ log, logger, everyMs: 60_000 });
  const elsewhere = createEgressSignal({ log, logger, everyMs: 5 });
  await Promise.all([here.start(), elsewhere.start()]);
  const bus = new FakeEventBus();
  const consumer = consumeForEgress(bus, { log, signal: here });
  await consumer.start();
  try {
    const wokenHere = new Promise<string>((resolve) => here.watch(tenantA, resolve));
    const wokenElsewhere = new Promise<string>((resolve) => elsewhere.watch(tenantB, resolve));
    bus.publish(callEvent());
    bus.publish(callEvent({ tenantId: tenantB }));
    bus.publish(callEvent({ topic: 'sms.send' }));
    expect(await Promise.all([wokenHere, wokenElsewhere])).toEqual([tenantA, tenantB]);
    await bus.idle();
    expect(await log.positions([tenantA, tenantB])).toEqual(
      new Map([
        [tenantA, 1n],
        [tenantB, 1n],
      ]),
    );
  } finally {
    await consumer.close();
    await Promise.all([here.close(), elsewhere.close()]);
  }
});
