// What the log promises when things go wrong: commits out of order, killed processes, lost connections, two owners.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSilentLogger, currentTraceparent, withSpan } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import pg from 'pg';
import type { BusEvent } from '../index.ts';
import { appendToOutbox, createPostgresLog, listDeadLetters, partitionOf, type Outcome } from '../index.ts';
import {
  begin,
  newEvent,
  OTHER_TENANT,
  publish,
  startBusDatabase,
  TENANT,
  type BusDatabase,
} from '../testing/fixture/database.ts';
import { makeEffect } from '../testing/fixture/effect.ts';

const SCHEMA = 'ward_test';
const ok: Outcome = { kind: 'ok' };
let db: BusDatabase;
let service: pg.Client;
let open: Component[] = [];

beforeAll(async () => {
  db = await startBusDatabase();
  service = await db.connect();
});
beforeEach(() => db.reset());
afterEach(async () => {
  for (const component of open.reverse()) await component.close();
  open = [];
});
afterAll(() => db.stop());

function createLog(more: { retryDelaysMs?: number[]; retentionMs?: number; sweepMs?: number } = {}) {
  return createPostgresLog({ connectionString: db.busUrl, logger: createSilentLogger(), ...more });
}

async function started(component: Component): Promise<Component> {
  open.push(component);
  await component.start();
  return component;
}

async function consume(group: string, handle: (event: BusEvent) => Promise<Outcome>, log = createLog()) {
  return started(log.subscribe({ group, topics: ['calls.changed'], handle }));
}

/** Asks the database until the answer is true; the test's time limit ends it otherwise. */
async function until(question: () => Promise<boolean>): Promise<void> {
  while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 5));
}

const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number((await db.admin.query<{ count: string }>(sql, values)).rows[0]?.count ?? 0);

const logged = (): Promise<number> => count('select count(*) from bus.log');

/** How many events the group is known to have behind it. */
const committed = (group: string): Promise<number> =>
  count('select coalesce(sum(next_offset), 0) as count from bus.consumer_offsets where consumer_group = $1', [
    group,
  ]);

describe('order is given at publication', () => {
  it('skips no event whose id was taken earlier but which was committed later', async () => {
    await started(createLog().relay);
    const seen = { one: [] as string[], two: [] as string[] };
    await consume('one', async (e) => (seen.one.push(String(e.data['name'])), ok));
    await consume('two', async (e) => (seen.two.push(String(e.data['name'])), ok));
    const [early, late] = [await db.connect(), await db.connect()];

    const earlyTx = await begin(early, TENANT);
    await appendToOutbox(earlyTx, SCHEMA, newEvent({ key: 'k', data: { name: 'id first, committed last' } }));
    const lateTx = await begin(late, TENANT);
    await appendToOutbox(lateTx, SCHEMA, newEvent({ key: 'k', data: { name: 'id last, committed first' } }));
    await late.query('commit');
    // Both groups have gone past the later id, and say so durably.
    await until(async () => (await committed('one')) === 1 && (await committed('two')) === 1);
    await early.query('commit');
    await until(async () => (await committed('one')) === 2 && (await committed('two')) === 2);

    expect(seen.one).toEqual(['id last, committed first', 'id first, committed last']);
    expect(seen.two).toEqual(seen.one);
  });

  it('keeps each key’s events in the order of their commits under concurrent writers', async () => {
    await started(createLog().relay);
    const keys = ['a', 'b', 'c'];
    const written = new Map(keys.map((key) => [key, 0]));
    const seen = new Map<string, number[]>(keys.map((key) => [key, []]));
    await consume('g', async (e) => (seen.get(e.key)?.push(Number(e.data['n'])), ok));
    const writers = await Promise.all(Array.from({ length: 4 }, () => db.connect()));
    await Promise.all(
      writers.map(async (client, index) => {
        for (let i = 0; i < 60; i++) {
          const key = keys[(index + i) % keys.length] ?? 'a';
          const tx = await begin(client, TENANT);
          // What a row lock does for a real aggregate: writers of one key take turns.
          await client.query('select pg_advisory_xact_lock(hashtext($1))', [key]);
          const n = (written.get(key) ?? 0) + 1;
          written.set(key, n);
          await appendToOutbox(tx, SCHEMA, newEvent({ key, data: { n } }));
          await client.query('commit');
        }
      }),
    );
    await until(async () => (await committed('g')) === 240);
    for (const key of keys) {
      expect(seen.get(key)).toEqual(Array.from({ length: written.get(key) ?? 0 }, (_, i) => i + 1));
    }
    const sequences = await db.admin.query<{ n: number; sequence: string }>(
      `select (data->>'n')::integer as n, sequence from bus.log where key = 'a' order by "offset"`,
    );
    for (const row of sequences.rows) expect(Number(row.sequence)).toBe(row.n);
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    await started(createLog().relay);
    const tx = await begin(service, TENANT);
    await appendToOutbox(tx, SCHEMA, newEvent());
    await service.query('rollback');
    await publish(service, newEvent());
    await until(async () => (await logged()) > 0);
    expect(await logged()).toBe(1);
  });

  it('lets one of two relays publish, and the other take over when it is gone', async () => {
    await started(createLog().relay);
    await started(createLog().relay);
    await publish(service, ...Array.from({ length: 20 }, () => newEvent({ key: 'k' })));
    await until(async () => (await logged()) === 20);
    await db.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'wardline-relay'
       and pid in (select pid from pg_locks where locktype = 'advisory')`,
    );
    await publish(service, ...Array.from({ length: 20 }, () => newEvent({ key: 'k' })));
    await until(async () => (await logged()) === 40);
    const offsets = await db.admin.query<{ offset: string }>('select "offset" from bus.log order by 1');
    expect(offsets.rows.map((row) => Number(row.offset))).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });
});

describe('effects are once', () => {
  const script = fileURLToPath(new URL('../testing/fixture/consumer-process.ts', import.meta.url));
  const consumerProcess = (mode: 'die' | 'hang'): ChildProcess =>
    spawn(process.execPath, [script, db.busUrl, db.serviceUrl, 'g', mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const effects = (): Promise<number> => count(`select count(*) from ward_test.effects`);

  it('delivers again what was killed between effect and offset, and the inbox makes the effect once', async () => {
    await started(createLog().relay);
    const child = consumerProcess('die');
    await publish(service, newEvent({ key: 'k' }));
    const [, signal] = (await once(child, 'exit')) as [unknown, string];
    expect(signal).toBe('SIGKILL');
    expect([await effects(), await committed('g')]).toEqual([1, 0]);

    const outcomes: boolean[] = [];
    await consume('g', async (e) => {
      outcomes.push(await makeEffect(service, 'g', e));
      return ok;
    });
    await until(async () => (await committed('g')) === 1);
    expect(outcomes).toEqual([false]);
    expect(await effects()).toBe(1);
  });

  it('leaves a group’s events to the process that has them, until it is killed', async () => {
    await started(createLog().relay);
    const child = consumerProcess('hang');
    await once(child.stdout ?? child, 'data');
    const here: string[] = [];
    const client = await db.connect();
    await consume('g', async (e) => {
      here.push(e.id);
      await makeEffect(client, 'g', e);
      return ok;
    });
    await publish(service, newEvent({ key: 'k' }));
    await until(async () => (await effects()) === 1);
    expect(here).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until(async () => (await committed('g')) === 1);
    expect([here.length, await effects()]).toEqual([1, 1]);
  });

  it('loses and doubles nothing when connections are cut under load', async () => {
    const relay = createLog();
    await started(relay.relay);
    const client = await db.connect();
    let cut = 0;
    // One at a time: the effect's transactions share one connection.
    const handle = async (e: BusEvent): Promise<Outcome> => {
      await makeEffect(client, 'g', e);
      return ok;
    };
    await started(
      createLog().subscribe({ group: 'g', topics: ['calls.changed'], handle, concurrencyMax: 1 }),
    );
    for (let round = 0; round < 3; round++) {
      await publish(service, ...Array.from({ length: 40 }, () => newEvent()));
      const ended = await db.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'wardline-%'`,
      );
      cut += ended.rowCount ?? 0;
    }
    await until(async () => (await committed('g')) === 120);
    expect(cut).toBeGreaterThan(0);
    expect(await effects()).toBe(120);
    expect(await count('select count(distinct event_id) from ward_test.effects')).toBe(120);
  });
});

describe('failures', () => {
  it('keeps a parked key over a restart, with the events behind it in order', async () => {
    await started(createLog().relay);
    // More attempts than fit into the time that the first consumer lives.
    const log = createLog({ retryDelaysMs: Array.from({ length: 1_000 }, () => 50) });
    const first = await consume('g', async () => ({ kind: 'retry', reason: 'busy' }), log);
    await publish(service, newEvent({ key: 'k', data: { n: 1 } }), newEvent({ key: 'k', data: { n: 2 } }));
    await until(async () => (await count('select count(*) from bus.parked')) === 2);
    await first.close();
    const seen: number[] = [];
    await consume('g', async (e) => (seen.push(Number(e.data['n'])), ok));
    await publish(service, newEvent({ key: 'k', data: { n: 3 } }));
    await until(async () => (await count('select count(*) from bus.parked_keys')) === 0 && seen.length >= 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('dead-letters what cannot be read, and goes on with other keys', async () => {
    await started(createLog().relay);
    const seen: string[] = [];
    await consume('g', async (e) => (seen.push(e.key), ok));
    await db.admin.query(
      `insert into ward_test.outbox (id, tenant_id, topic, partition, type, key, subject, data, traceparent, occurred_at)
       values (gen_random_uuid(), $1, 'calls.changed', $2, 'x', 'bad', 's', '[1]', 'not a traceparent', now())`,
      [TENANT, partitionOf('calls.changed', 'bad')],
    );
    await publish(service, newEvent({ key: 'good' }));
    await until(async () => (await committed('g')) === 2);
    const letters = await listDeadLetters(db.admin);
    expect(letters.map((letter) => letter.reason)).toEqual(['not a readable event']);
    expect(seen).toEqual(['good']);
  });

  it('takes a handler without an outcome as failed, not as a reason to stop', async () => {
    await started(createLog().relay);
    await consume('g', async () => undefined as never, createLog({ retryDelaysMs: [] }));
    await publish(service, newEvent());
    await until(async () => (await listDeadLetters(db.admin)).length === 1);
    expect((await listDeadLetters(db.admin))[0]?.reason).toBe('handler returned no outcome');
  });
});

describe('rights', () => {
  it('lets a service add events of its tenant only, and read none', async () => {
    const tx = await begin(service, TENANT);
    await expect(appendToOutbox(tx, SCHEMA, newEvent({ tenantId: OTHER_TENANT }))).rejects.toMatchObject({
      code: '42501',
    });
    await service.query('rollback');
    await expect(service.query('select * from ward_test.outbox')).rejects.toMatchObject({ code: '42501' });
    await expect(service.query('delete from ward_test.outbox')).rejects.toMatchObject({ code: '42501' });
    await expect(service.query('select * from bus.log')).rejects.toMatchObject({ code: '42501' });
  });

  it('refuses an event without a tenant in the transaction', async () => {
    const sql = {
      $executeRawUnsafe: async (q: string, ...v: unknown[]) => (await service.query(q, v)).rowCount ?? 0,
    };
    await expect(appendToOutbox(sql, SCHEMA, newEvent())).rejects.toMatchObject({ code: '42501' });
  });

  it('lets the relay see outboxes and nothing else of a service', async () => {
    const bus = new pg.Client({ connectionString: db.busUrl });
    await bus.connect();
    await expect(bus.query('select * from ward_test.effects')).rejects.toMatchObject({ code: '42501' });
    await expect(bus.query('select event_id from ward_test.inbox')).rejects.toMatchObject({ code: '42501' });
    await expect(bus.query(`update ward_test.outbox set key = 'x'`)).rejects.toMatchObject({ code: '42501' });
    await publish(service, newEvent());
    expect((await bus.query('select key from ward_test.outbox')).rowCount).toBe(1);
    await bus.end();
  });
});

it('takes the trace of the transaction that wrote the event', async () => {
  await started(createLog().relay);
  const seen = Promise.withResolvers<string | undefined>();
  await consume('g', async () => (seen.resolve(currentTraceparent()?.slice(3, 35)), ok));
  const traceId = await withSpan('test', {}, async (span) => {
    await publish(service, newEvent());
    return span.spanContext().traceId;
  });
  expect(await seen.promise).toBe(traceId);
});

it('prunes what is old and behind every group, and keeps what a group has not had', async () => {
  const relay = await started(createLog().relay);
  await consume('done', async () => ok);
  await publish(service, ...Array.from({ length: 5 }, (_, i) => newEvent({ key: `k${i}` })));
  await until(async () => (await committed('done')) === 5);
  await db.admin.query(`update bus.log set published_at = now() - interval '8 days'`);
  const [behind] = (await db.admin.query<{ partition: number }>('select partition from bus.log limit 1'))
    .rows;
  await db.admin.query(`insert into bus.consumer_offsets values ('slow', 'calls.changed', $1, 0)`, [
    behind?.partition,
  ]);
  const kept = await count('select count(*) from bus.log where partition = $1', [behind?.partition]);
  await publish(service, newEvent({ key: 'new' }));
  await until(async () => (await committed('done')) === 6);
  await relay.close();
  await started(createLog({ sweepMs: 1 }).relay);
  await until(async () => (await logged()) === kept + 1);
});
