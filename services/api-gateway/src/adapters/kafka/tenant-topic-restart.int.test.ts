import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import kafkajs from 'kafkajs';
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { tenantTopicName } from '../../domain/tenant-topic-plan.ts';
import { gatewaySchema } from '../../schema.ts';
import { callEvent, tenantA } from '../../testing/egress-fixture.ts';
import { createPostgresEgressLog } from '../postgres/egress-log.ts';
import { openGatewayDatabase, type GatewayDatabase } from '../postgres/gateway-database.ts';
import { createPostgresIntegratorStore } from '../postgres/integrator-store.ts';
import { createPostgresTenantTopicCursors } from '../postgres/tenant-topic-cursors.ts';
import { createKafkaTenantTopicCluster } from './tenant-topic-cluster.ts';

const script = fileURLToPath(new URL('../../testing/tenant-topic-process.ts', import.meta.url));
const logger = createRecordingLogger();
const topicOfA = { tenantId: tenantA, personal: false };

describeWithKafka('a relay that is killed, and a broker', () => {
  const topicPrefix = `${randomUUID()}.`;
  let cluster: KafkaCluster;
  let server: TestDatabase;
  let database: GatewayDatabase;
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    [cluster, server] = await Promise.all([
      startKafka({ brokers: 1 }),
      startTestDatabase({ services: [gatewaySchema] }),
    ]);
    database = openGatewayDatabase(server.url('wardline_gateway'), logger);
  }, 240_000);
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await database?.close();
    await Promise.all([server?.stop(), cluster?.stop()]);
  });

  const start = () => {
    const child = fork(script, {
      env: {
        ...process.env,
        ...{ NODE_OPTIONS: '', DATABASE_URL: server.url('wardline_gateway') },
        ...{ BROKERS: cluster.brokers.join(), TOPIC_PREFIX: topicPrefix },
      },
      execArgv: [],
    });
    running.add(child);
    return async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      running.delete(child);
    };
  };

  it('loses nothing, doubles nothing and keeps the order, however often', async () => {
    const topic = tenantTopicName(topicPrefix, topicOfA);
    const connection = { brokers: cluster.brokers, ...(cluster.sasl ? { sasl: cluster.sasl } : {}) };
    const topics = createKafkaTenantTopicCluster({ connection, retentionMs: 86_400_000, logger });
    await topics.ensureTopic(topic);
    if (!cluster.sasl)
      // Where everybody may read everything, nobody is given a right that means nothing.
      await expect(
        topics.grant({ topic, username: 'wardline-x', password: 'x', groupPrefix: 'x.' }),
      ).rejects.toMatchObject({ code: 'kafka-without-acls' });
    const cursors = createPostgresTenantTopicCursors(database);
    await cursors.open(topicOfA);
    await createPostgresIntegratorStore(database).add({
      ...{ id: randomUUID(), tenantId: tenantA, kind: 'kafka', name: 'HMS', topics: ['calls.changed'] },
      ...{ personal: false, state: 'active', expiresAt: null, tokenHash: null, kafkaUsers: ['nobody'] },
      createdBy: randomUUID(),
    });
    const log = createPostgresEgressLog(database);
    const total = 4_000;
    const writer = (async () => {
      for (let n = 0; n < total; n += 20)
        await log.append(
          tenantA,
          Array.from({ length: 20 }, (_, index) =>
            callEvent({ key: `call-${(n + index) % 30}`, n: n + index }),
          ),
        );
    })();

    const client = new kafkajs.Kafka({
      brokers: [...cluster.brokers],
      ...(cluster.sasl ? { sasl: { ...cluster.sasl } as kafkajs.SASLOptions } : {}),
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const found: { position: number; partition: number; key: string; n: number }[] = [];
    const places = new Set<string>();
    const consumer = client.consumer({ groupId: randomUUID() });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message, partition }) => {
        // The reader, too, reads a part again when the broker was away; what counts is what lies in the topic.
        const place = `${partition} ${message.offset}`;
        if (places.has(place)) return;
        places.add(place);
        found.push({
          ...{
            position: Number(String(message.headers?.['ce_position'])),
            partition,
            key: String(message.key),
          },
          n: (JSON.parse(String(message.value)) as { n: number }).n,
        });
      },
    });
    const reaches = async (count: number) => {
      while (found.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    try {
      for (let life = 1; life <= 6; life += 1) {
        const kill = start();
        // While it is publishing: in the middle of a batch, or between the batch and the cursor.
        await reaches(Math.min(total, found.length + 150));
        if (life === 3) {
          // The broker goes in the middle of it too, and comes back. (Not where it is somebody else's.)
          await cluster.nodes[0]?.kill();
          await cluster.nodes[0]?.start();
        }
        if (life < 6) await kill();
      }
      await writer;
      await reaches(total);
      while ((await cursors.read(topicOfA)) < BigInt(total))
        await new Promise((resolve) => setTimeout(resolve, 5));
    } finally {
      await consumer.disconnect();
    }
    expect(found.map(({ position }) => position).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: total }, (_, index) => index + 1),
    );
    for (const own of Map.groupBy(found, ({ key }) => key).values()) {
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      expect(own.map(({ n }) => n)).toEqual(own.map(({ n }) => n).toSorted((a, b) => a - b));
    }
  }, 240_000);
});
