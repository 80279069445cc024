import kafkajs from 'kafkajs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { describeWithKafka } from '../describe-with.ts';
import { until } from '../free-ports.ts';
import { membersOf, untilMembers } from './membership.ts';
import { startKafka, type KafkaCluster } from '../index.ts';

const { Kafka, logLevel } = kafkajs;
const minutes = 60_000;

const clientOf = (cluster: KafkaCluster, sasl: kafkajs.SASLOptions | undefined = undefined) =>
  new Kafka({
    clientId: 'test',
    brokers: [...cluster.brokers],
    logLevel: logLevel.NOTHING,
    // Longer than a broker is missed by the others on a busy machine, and than its partitions need for new leaders.
    retry: { initialRetryTime: 100, retries: 60, maxRetryTime: 2_000 },
    ...(sasl ? { sasl } : {}),
  });

async function createTopic(client: kafkajs.Kafka, topic: string, replicationFactor: number): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 2, replicationFactor }],
    waitForLeaders: true,
  });
  await admin.disconnect();
}

/**
 * An idempotent producer asks the controller for its number, and kafkajs gives up at once when that is the very broker that was
 * killed and no other has been elected yet.
 */
async function connectedProducer(client: kafkajs.Kafka): Promise<kafkajs.Producer> {
  for (const since = performance.now(); ; await pause(250)) {
    const producer = client.producer({ idempotent: true });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      await producer.disconnect();
      if (performance.now() - since > minutes) throw error;
    }
  }
}

async function produce(client: kafkajs.Kafka, topic: string, values: readonly string[]): Promise<void> {
  const producer = await connectedProducer(client);
  for (const value of values) await producer.send({ topic, acks: -1, messages: [{ key: value, value }] });
  await producer.disconnect();
}

/** Reads from the beginning until all of these were seen. */
async function consume(client: kafkajs.Kafka, topic: string, wanted: readonly string[]): Promise<string[]> {
  const consumer = client.consumer({ groupId: `reader-${Math.random()}` });
  const seen: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const done = new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        seen.push(String(message.value));
        if (wanted.every((value) => seen.includes(value))) resolve();
      },
    });
  });
  await done;
  await consumer.disconnect();
  return seen.sort();
}

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

/** Outside CI one set of brokers a time is enough for two processors; hence one file. */
describeWithKafka(
  'Kafka, one node',
  () => {
    let cluster: KafkaCluster;
    beforeAll(async () => {
      cluster = await startKafka({ brokers: 1, own: true });
    }, 5 * minutes);
    afterAll(() => cluster?.stop());

    it('keeps what is produced, for whoever reads it later', async () => {
      const client = clientOf(cluster);
      await createTopic(client, 'one', 1);
      await produce(client, 'one', numbered('a', 20));
      expect(await consume(client, 'one', numbered('a', 20))).toEqual(numbered('a', 20).sort());
    });

    it('knows no topic that nobody created', async () => {
      const admin = clientOf(cluster).admin({ retry: { retries: 0 } });
      await admin.connect();
      await expect(admin.fetchTopicMetadata({ topics: ['undeclared'] })).rejects.toMatchObject({
        type: 'UNKNOWN_TOPIC_OR_PARTITION',
      });
      expect(await admin.listTopics()).not.toContain('undeclared');
      await admin.disconnect();
    });

    it(
      'has what was acknowledged when it comes back from a SIGKILL, at the same address',
      async () => {
        const [node] = cluster.nodes;
        const client = clientOf(cluster);
        await createTopic(client, 'killed', 1);
        await produce(client, 'killed', ['before']);
        const pid = node?.pid;
        await node?.kill();
        expect(node).toMatchObject({ running: false });
        await node?.start();
        expect(node?.pid).not.toBe(pid);
        await produce(client, 'killed', ['after']);
        expect(await consume(client, 'killed', ['before', 'after'])).toEqual(['after', 'before']);
      },
      2 * minutes,
    );
  },
  { own: true },
);

describeWithKafka(
  'Kafka, three nodes',
  () => {
    let cluster: KafkaCluster;
    beforeAll(async () => {
      cluster = await startKafka({ brokers: 3, own: true });
    }, 5 * minutes);
    afterAll(() => cluster?.stop());

    it(
      'goes on without one of them, and takes it in again',
      async () => {
        const client = clientOf(cluster);
        await createTopic(client, 'three', 3);
        await produce(client, 'three', numbered('before', 10));
        await cluster.nodes[1]?.kill();
        await produce(client, 'three', numbered('without', 10));
        await cluster.nodes[1]?.start();
        // One that has only just come back may not have heard of all the others yet.
        const counted = { brokers: cluster.brokers, sasl: undefined, withinMs: minutes };
        expect(await untilMembers([1, 2, 3], counted)).toBe(true);
        await produce(client, 'three', numbered('with', 10));
        const all = ['before', 'without', 'with'].flatMap((name) => numbered(name, 10));
        expect(await consume(client, 'three', all)).toEqual(all.sort());
      },
      4 * minutes,
    );
  },
  { own: true },
);

describeWithKafka(
  'Kafka with passwords',
  () => {
    const tenant = { username: 'tenant', password: 'a-password-of-a-tenant' };
    let cluster: KafkaCluster;
    beforeAll(async () => {
      cluster = await startKafka({ sasl: true, users: [tenant] });
    }, 5 * minutes);
    afterAll(() => cluster?.stop());

    const superuser = () => clientOf(cluster, cluster.sasl as kafkajs.SASLOptions);

    it('lets its superuser do everything', async () => {
      await createTopic(superuser(), 'guarded', 1);
      await produce(superuser(), 'guarded', ['hello']);
      expect(await consume(superuser(), 'guarded', ['hello'])).toEqual(['hello']);
    });

    it('knows the same passwords by PLAIN, for clients whose SCRAM it refuses', async () => {
      const { username = '', password = '' } = cluster.sasl ?? {};
      const listTopics = async (sasl: kafkajs.SASLOptions) => {
        const admin = clientOf(cluster, sasl).admin();
        try {
          await admin.connect();
          return await admin.listTopics();
        } finally {
          await admin.disconnect();
        }
      };
      expect(await listTopics({ mechanism: 'plain', username, password })).toContain('guarded');
      expect(await listTopics({ mechanism: 'plain', ...tenant })).toEqual([]);
      await expect(listTopics({ mechanism: 'plain', username, password: 'guess' })).rejects.toMatchObject({
        name: 'KafkaJSSASLAuthenticationError',
      });
    });

    it('refuses a wrong password, and who brings none', async () => {
      const wrong = clientOf(cluster, { ...cluster.sasl, password: 'guess' } as kafkajs.SASLOptions).admin();
      await expect(wrong.connect()).rejects.toMatchObject({ name: 'KafkaJSSASLAuthenticationError' });
      await wrong.disconnect();
      expect(await membersOf(cluster.brokers, undefined)).toEqual([]);
    });

    it('refuses a known principal what no rule allows', async () => {
      const client = clientOf(cluster, { mechanism: 'scram-sha-512', ...tenant });
      const producer = client.producer({ retry: { retries: 0 } });
      await producer.connect();
      await expect(producer.send({ topic: 'guarded', messages: [{ value: 'mine' }] })).rejects.toThrow(
        'Not authorized',
      );
      await producer.disconnect();
    });
  },
  { own: true },
);

describeWithKafka(
  'Kafka on a folder of its own',
  () => {
    it(
      'has its data again after a stop',
      async () => {
        const dataDir = mkdtempSync(path.join(os.tmpdir(), 'wardline-kafka-kept-'));
        try {
          const first = await startKafka({ dataDir });
          await createTopic(clientOf(first), 'kept', 1);
          await produce(clientOf(first), 'kept', ['value']);
          await first.stop();
          const second = await startKafka({ dataDir });
          expect(await consume(clientOf(second), 'kept', ['value'])).toEqual(['value']);
          expect(second.brokers).toEqual(first.brokers);
          await second.stop();
        } finally {
          rmSync(dataDir, { recursive: true, force: true });
        }
      },
      4 * minutes,
    );
  },
  { own: true },
);

describeWithKafka(
  'A Kafka whose owner is killed',
  () => {
    it(
      'ends, and leaves no files',
      async () => {
        const owner = spawn(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, '../testing/owner.ts')],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        const [line = ''] = await new Promise<string[]>((resolve) =>
          createInterface({ input: owner.stdout }).once('line', (text) => resolve([text])),
        );
        const { pids, dir } = JSON.parse(line) as { pids: number[]; dir: string };
        expect(pids.filter(isAlive)).toEqual(pids);
        owner.kill('SIGKILL');
        expect(await until(() => !pids.some(isAlive) && !existsSync(dir), { withinMs: minutes })).toBe(true);
      },
      5 * minutes,
    );
  },
  { own: true },
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Nobody has this number any more.
    return false;
  }
}
