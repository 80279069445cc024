// What the bus promises on Kafka when things go wrong: messages that are no events, owners that change, a relay that dies.
import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createSilentLogger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import kafkajs, { type Producer } from 'kafkajs';
import pg from 'pg';
import type { BusEvent, NewEvent, Outcome, Subscription } from '../event.ts';
import { createKafkaBus, createKafkaRelay, listDeadLetters, partitionOf, uuidv7 } from '../index.ts';
import { createRelay } from '../relay/relay.ts';
import {
  newEvent,
  publish,
  startBusDatabase,
  TENANT,
  type BusDatabase,
} from '../testing/fixture/database.ts';
import { makeEffect } from '../testing/fixture/effect.ts';
import { topics } from '../topics.ts';
import { createKafka, type KafkaConnection } from './connection.ts';
import { createEventProducer } from './event-producer.ts';
import { createKafkaTarget } from './kafka-target.ts';
import { provisionTopics } from './provision.ts';

const logger = createSilentLogger();
const ok: Outcome = { kind: 'ok' };

describeWithKafka('kafka guarantees', () => {
  let db: BusDatabase;
  let cluster: KafkaCluster;
  let service: pg.Client;
  let connection: KafkaConnection;
  let open: Component[] = [];
  let runs = 0;

  beforeAll(async () => {
    [db, cluster] = await Promise.all([startBusDatabase(), startKafka()]);
    service = await db.connect();
  });
  afterAll(async () => {
    await Promise.all([db?.stop(), cluster?.stop()]);
  });
  beforeEach(async () => {
    await db.reset();
    runs += 1;
    connection = { brokers: cluster.brokers, topicPrefix: `guarantees${process.pid}-${runs}.` };
    const declaration = { 'calls.changed': topics['calls.changed'] };
    await provisionTopics(connection, { logger, declaration });
  });
  afterEach(async () => {
    for (const component of open.reverse()) await component.close();
    open = [];
  });

  async function started(component: Component): Promise<Component> {
    open.push(component);
    await component.start();
    return component;
  }
  const startRelay = () => started(createKafkaRelay({ connection, busUrl: db.busUrl, logger }));
  const bus = (retryDelaysMs: number[] = [5, 10]) =>
    createKafkaBus({ connection, parkingUrl: db.parkingUrl, logger, retryDelaysMs });
  const consume = (handle: (event: BusEvent) => Promise<Outcome>, retryDelaysMs?: number[]) =>
    started(bus(retryDelaysMs).subscribe({ group: 'g', topics: ['calls.changed'], handle }));

  async function until(question: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const count = async (sql: string): Promise<number> =>
    Number((await db.admin.query<{ count: string }>(sql)).rows[0]?.count ?? 0);

  /** A producer that is not ours. */
  async function withForeignProducer(
    work: (producer: Producer, topic: string) => Promise<void>,
  ): Promise<void> {
    const producer = createKafka(connection, logger).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    try {
      await work(producer, `${connection.topicPrefix}calls.changed`);
    } finally {
      await producer.disconnect();
    }
  }

  it('dead-letters what is no event, with the reason, and goes on with the others', async () => {
    await startRelay();
    const seen: string[] = [];
    await consume(async (e) => (seen.push(e.key), ok));
    const headers = {
      ...{ ce_specversion: '1.0', ce_id: uuidv7(), ce_tenantid: TENANT, ce_type: 'a.b.C', ce_source: '/x' },
      'content-type': 'application/json',
    };
    const { ce_tenantid: _, ...withoutTenant } = headers;
    await withForeignProducer(async (producer, topic) => {
      await producer.send({
        topic,
        messages: [
          { key: 'no-json', value: '{"half":', headers },
          { key: 'no-headers', value: '{}' },
          { key: 'no-tenant', value: '{}', headers: withoutTenant },
          { key: 'no-object', value: '[1]', headers },
          { key: null, value: '{}', headers },
          { key: 'tombstone', value: null, headers },
          { key: 'nul\0', value: '{"a":"\\u0000\\ud800"}', headers: { ...headers, ce_id: 'no id' } },
        ],
      });
    });
    await publish(service, newEvent({ key: 'good' }));
    await until(async () => seen.length === 1 && (await listDeadLetters(db.admin)).length === 7);
    const letters = await listDeadLetters(db.admin);
    expect(seen).toEqual(['good']);
    expect(Object.fromEntries(letters.map((letter) => [letter.key, letter.reason]))).toEqual({
      'no-json': 'not an event of ours: a body that is not JSON',
      'no-headers': 'not an event of ours: no ce_specversion, no ce_id, no ce_tenantid, no ce_type',
      'no-tenant': 'not an event of ours: no ce_tenantid',
      'no-object': 'not a readable event',
      '': 'not an event of ours: no key',
      tombstone: 'not an event of ours: no body',
      'nul\ufffd': 'not an event of ours: a wrong ce_id',
    });
  });

  it('goes on with a partition that was paused when its owners changed', async () => {
    await startRelay();
    const gate = Promise.withResolvers<void>();
    const seen = new Set<string>();
    const handle = async (event: BusEvent): Promise<Outcome> => {
      await gate.promise;
      seen.add(event.id);
      return ok;
    };
    // More than a consumer reads ahead, in one partition.
    const messages = Array.from({ length: 700 }, () => ({
      ...{ key: 'k', value: '{}', partition: partitionOf('calls.changed', 'k') },
      headers: {
        ...{ ce_specversion: '1.0', ce_id: uuidv7(), ce_tenantid: TENANT, ce_type: 'a.b.C', ce_source: '/x' },
      },
    }));
    await withForeignProducer(async (producer, topic) => void (await producer.send({ topic, messages })));
    await consume(handle);
    const second = await consume(handle);
    gate.resolve();
    await second.close();
    await publish(service, newEvent({ key: 'k' }));
    await until(() => seen.size === 701);
  });

  it('reads events compressed with any codec a foreign producer is likely to use', async () => {
    const seen: unknown[] = [];
    await consume(async (e) => (seen.push(e.data['n']), ok));
    await withForeignProducer(async (producer, topic) => {
      for (const compression of [kafkajs.CompressionTypes.GZIP, kafkajs.CompressionTypes.ZSTD]) {
        const message = {
          key: 'k',
          value: JSON.stringify({ n: compression }),
          headers: {
            ce_specversion: '1.0',
            ce_id: uuidv7(),
            ce_tenantid: TENANT,
            ce_type: 'a.b.C',
            ce_source: '/x',
          },
        };
        await producer.send({ topic, compression, messages: [message] });
      }
    });
    await until(() => seen.length === 2);
    expect(seen).toEqual([kafkajs.CompressionTypes.GZIP, kafkajs.CompressionTypes.ZSTD]);
  });

  it.each(['single', 'batch'] as const)(
    'loses, doubles and reorders nothing while instances come and go (%s)',
    async (kind) => {
      await startRelay();
      const clients = await Promise.all([db.connect(), db.connect(), db.connect()]);
      const made: { key: string; n: number }[] = [];
      const subscription = (client: pg.Client): Subscription => {
        // One transaction at a time on this connection.
        let turn: Promise<unknown> = Promise.resolve();
        const effect = (e: BusEvent): Promise<void> => {
          const mine = turn.then(async () => {
            if (await makeEffect(client, 'g', e)) made.push({ key: e.key, n: Number(e.data['n']) });
          });
          turn = mine;
          return mine;
        };
        const common = { group: 'g', topics: ['calls.changed'] as const };
        return kind === 'single'
          ? { ...common, handle: async (e) => (await effect(e), ok) }
          : { ...common, handleBatch: async (events) => (await Promise.all(events.map(effect)), ok) };
      };
      const subscribe = (i: number) => started(bus().subscribe(subscription(clients[i] ?? service)));
      const events: NewEvent[] = Array.from({ length: 600 }, (_, i) =>
        newEvent({ key: `k${i % 23}`, subject: `calls/k${i % 23}`, data: { n: i } }),
      );
      const publishing = publish(service, ...events);
      const first = await subscribe(0);
      await until(() => made.length > 50);
      await subscribe(1);
      await until(() => made.length > 200);
      await subscribe(2);
      await first.close();
      await publishing;
      await until(() => made.length >= 600);
      expect(made).toHaveLength(600);
      expect(await count('select count(*) from ward_test.effects')).toBe(600);
      for (let k = 0; k < 23; k++) {
        const order = made.filter((one) => one.key === `k${k}`).map((one) => one.n);
        expect(order).toEqual(events.filter((e) => e.key === `k${k}`).map((e) => e.data['n']));
      }
    },
  );

  it('publishes again what a relay had published and not remembered, with the same id and sequence', async () => {
    let failures = 1;
    const producer = createEventProducer({
      kafka: createKafka(connection, logger),
      topicPrefix: connection.topicPrefix ?? '',
      logger,
    });
    const target = createKafkaTarget({
      ...producer,
      async send(rows) {
        await producer.send(rows);
        // As if it had been killed here: everything is acknowledged, nothing is committed.
        if (failures-- > 0) throw new Error('killed between publishing and remembering');
      },
    });
    await started(
      createRelay({ connectionString: db.busUrl, logger, target, pollMs: 5, sweepMs: 3_600_000 }),
    );
    const got: BusEvent[] = [];
    let effects = 0;
    await consume(async (e) => {
      if (await makeEffect(service, 'g', e)) effects += 1;
      got.push(e);
      return ok;
    });
    const other = await db.connect();
    await publish(other, newEvent({ key: 'k', subject: 's' }));
    await until(() => got.length === 2);
    await publish(other, newEvent({ key: 'k', subject: 's' }));
    await until(() => got.length === 3);
    expect(effects).toBe(2);
    expect(got.map((e) => e.sequence)).toEqual([1, 1, 2]);
    expect(got[1]?.id).toBe(got[0]?.id);
    expect(await count('select count(*) from ward_test.outbox')).toBe(0);
  });

  it('keeps a parked key over a restart, with the events behind it in order', async () => {
    await startRelay();
    const first = await consume(
      async () => ({ kind: 'retry', reason: 'busy' }),
      Array.from({ length: 1_000 }, () => 50),
    );
    await publish(service, newEvent({ key: 'k', data: { n: 1 } }), newEvent({ key: 'k', data: { n: 2 } }));
    await until(async () => (await count('select count(*) from bus.parked')) === 2);
    await first.close();
    const seen: number[] = [];
    await consume(async (e) => (seen.push(Number(e.data['n'])), ok));
    await publish(service, newEvent({ key: 'k', data: { n: 3 } }));
    await until(async () => seen.length >= 3 && (await count('select count(*) from bus.parked_keys')) === 0);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('bounds what it reads ahead of a consumer that does not keep up', async () => {
    await startRelay();
    const key = 'slow';
    const events = Array.from({ length: 1_500 }, (_, n) => newEvent({ key, data: { n } }));
    await publish(service, ...events);
    await until(async () => (await count('select count(*) from ward_test.outbox')) === 0);
    const seen: number[] = [];
    const gate = Promise.withResolvers<void>();
    await consume(async (e) => {
      await gate.promise;
      seen.push(Number(e.data['n']));
      return ok;
    });
    gate.resolve();
    await until(() => seen.length >= events.length);
    expect(seen).toEqual(events.map((e) => e.data['n']));
    expect(partitionOf('calls.changed', key)).toBeLessThan(topics['calls.changed'].partitions);
  });

  it('lets the role of consumers see neither outboxes nor the log', async () => {
    const parking = new pg.Client({ connectionString: db.parkingUrl });
    await parking.connect();
    await expect(parking.query('select * from ward_test.outbox')).rejects.toMatchObject({ code: '42501' });
    await expect(parking.query('select * from bus.log')).rejects.toMatchObject({ code: '42501' });
    expect((await parking.query('select * from bus.parked_keys')).rowCount).toBe(0);
    await parking.end();
  });
});
