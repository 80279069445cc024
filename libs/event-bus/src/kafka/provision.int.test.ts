import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createRecordingLogger } from '@wardline/observability/testing';
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { topicNames, topics, type Topic } from '../topics.ts';
import { createKafka, kafkaTopicOf, type KafkaConnection } from './connection.ts';
import { driftLine } from './provision-plan.ts';
import { checkDrift, provisionTopics } from './provision.ts';

const cli = path.resolve(import.meta.dirname, '../../../../tools/cli/events.ts');
const logger = createRecordingLogger('test');
let cluster: KafkaCluster;
let admin: Admin;

/** Names of one test, so that tests share a cluster, which may hold much else. */
function connection(): KafkaConnection {
  return {
    brokers: cluster.brokers,
    ...(cluster.sasl ? { sasl: cluster.sasl } : {}),
    topicPrefix: `test-${randomBytes(4).toString('hex')}.`,
  };
}

async function begin(brokers: 1 | 3): Promise<void> {
  cluster = await startKafka({ brokers, own: brokers === 3 });
  admin = createKafka(connection(), logger).admin();
  await admin.connect();
}
async function end(): Promise<void> {
  await admin?.disconnect();
  await cluster?.stop();
}

/** Of a topic that is known to be there: the broker asked may not have heard of it yet. */
async function partitionsOf(topic: string) {
  return eventually(async () => {
    const { topics: seen } = await admin.fetchTopicMetadata();
    return seen.find(({ name }) => name === topic)?.partitions;
  });
}

async function configOf(topic: string): Promise<Record<string, string>> {
  await partitionsOf(topic);
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
  const { resources } = await eventually(() =>
    admin.describeConfigs({ includeSynonyms: false, resources: [resource] }),
  );
  return Object.fromEntries(
    resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
  );
}
/** Sets configuration behind our back; resolves once it can be seen. */
async function setConfig(topic: string, configs: Record<string, string>): Promise<void> {
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
  await eventually(async () => {
    const seen = await configOf(topic);
    return configEntries.every(({ name, value }) => seen[name] === value);
  });
}

const one: Topic = { ...topics['calls.changed'], partitions: 2 };

describeWithKafka('topics on one broker', () => {
  beforeAll(() => begin(1), 300_000);
  afterAll(end, 120_000);

  it('are all created, with one copy and their configuration, and then there is no drift', async () => {
    const to = connection();
    const { created, drift } = await provisionTopics(to, { logger });
    expect(created).toEqual(topicNames.map((name) => kafkaTopicOf(to, name)));
    expect(drift).toEqual([]);
    for (const name of topicNames) {
      const partitions = await partitionsOf(kafkaTopicOf(to, name));
      expect([name, partitions.length]).toEqual([name, topics[name].partitions]);
    }
    expect(await configOf(kafkaTopicOf(to, 'calls.completed'))).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '604800000',
      'min.insync.replicas': '1',
      'compression.type': 'producer',
      'unclean.leader.election.enable': 'false',
    });
    expect((await configOf(kafkaTopicOf(to, 'directory.changed')))['cleanup.policy']).toBe('compact');
    expect(await checkDrift(to, { logger })).toEqual([]);
  });

  it('are not touched the second time', async () => {
    const to = connection();
    const declaration = { 'calls.changed': one };
    await provisionTopics(to, { logger, declaration });
    expect(await provisionTopics(to, { logger, declaration })).toEqual({
      created: [],
      altered: [],
      drift: [],
    });
  });

  it('are created once by several provisioners at the same time', async () => {
    const to = connection();
    const all = await Promise.all([1, 2, 3].map(() => provisionTopics(to, { logger })));
    expect(all.map(({ drift }) => drift)).toEqual([[], [], []]);
    for (const name of topicNames) {
      expect(await partitionsOf(kafkaTopicOf(to, name))).toHaveLength(topics[name].partitions);
    }
  });

  it('with another number of partitions are reported, and never changed', async () => {
    const to = connection();
    const topic = kafkaTopicOf(to, 'calls.changed');
    await provisionTopics(to, { logger, declaration: { 'calls.changed': one } });
    for (const partitions of [1, 3]) {
      const declaration = { 'calls.changed': { ...one, partitions } };
      const { drift } = await provisionTopics(to, { logger, declaration, alterConfigs: true });
      expect(drift).toEqual([{ kind: 'partitions', topic, declared: partitions, actual: 2 }]);
      expect(logger.lines.at(-1)).toMatchObject({ level: 'error', difference: driftLine(drift[0]!) });
    }
    expect(await partitionsOf(topic)).toHaveLength(2);
  });

  it('with other configuration are reported; it is set when asked for, and what others have set stays', async () => {
    const to = connection();
    const topic = kafkaTopicOf(to, 'calls.changed');
    const declaration = { 'calls.changed': one };
    await provisionTopics(to, { logger, declaration });
    const before = await configOf(topic);
    await setConfig(topic, {
      'retention.ms': '3600000',
      'segment.ms': '7200000',
      'cleanup.policy': 'delete',
    });
    const different = (drift: readonly { kind: string; name?: string }[]) =>
      drift.map((d) => (d.kind === 'config' ? d.name : d.kind));
    expect(different((await provisionTopics(to, { logger, declaration })).drift)).toContain('retention.ms');
    expect((await configOf(topic))['retention.ms']).toBe('3600000');

    const { altered, drift } = await provisionTopics(to, { logger, declaration, alterConfigs: true });
    expect([altered, drift]).toEqual([[topic], []]);
    expect(await configOf(topic)).toEqual({ ...before, 'segment.ms': '7200000' });
  });

  it('are checked and applied from the command line', async () => {
    const to = connection();
    const env = {
      ...process.env,
      KAFKA_BROKERS: cluster.brokers.join(','),
      KAFKA_TOPIC_PREFIX: to.topicPrefix,
    };
    const topicsCli = async (...args: string[]) => {
      const child = spawn(process.execPath, [cli, 'topics', ...args], { env });
      const out: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => out.push(chunk));
      const [code] = (await once(child, 'close')) as [number];
      return { code, out: Buffer.concat(out).toString() };
    };
    const missing = await topicsCli('check');
    expect([missing.code, missing.out]).toEqual([1, expect.stringContaining('calls.changed: is not there')]);
    const applied = await topicsCli('apply');
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('calls.changed: created')]);
    await setConfig(kafkaTopicOf(to, 'sms.send'), { 'retention.ms': '1' });
    const json = await topicsCli('check', '--json');
    expect(json.code).toBe(1);
    expect(json.out).toContain(`{"kind":"config","topic":"${to.topicPrefix}sms.send","name":"retention.ms"`);
    expect(await topicsCli('apply', '--configs')).toMatchObject({
      code: 0,
      out: expect.stringContaining('sms.send: configured'),
    });
  });

  it('that are missing, or have a name like ours that nobody declared, are drift', async () => {
    const to = connection();
    const declaration = { 'calls.changed': one };
    const topic = kafkaTopicOf(to, 'calls.chagned');
    await provisionTopics(to, { logger, declaration: { 'calls.chagned': one } });
    expect(await checkDrift(to, { logger, declaration })).toEqual([
      { kind: 'missing', topic: kafkaTopicOf(to, 'calls.changed') },
      { kind: 'unknown', topic },
    ]);
  });
});

describeWithKafka(
  'topics on three brokers',
  () => {
    beforeAll(() => begin(3), 300_000);
    afterAll(end, 120_000);

    it('have three copies, two of which must have an event', async () => {
      const to = connection();
      const { drift } = await provisionTopics(to, { logger });
      expect(drift).toEqual([]);
      const topic = kafkaTopicOf(to, 'appointments.changed');
      for (const { replicas } of await partitionsOf(topic)) expect(new Set(replicas).size).toBe(3);
      expect((await configOf(topic))['min.insync.replicas']).toBe('2');
    });

    it('that were made with one copy are drift', async () => {
      const to = connection();
      const topic = kafkaTopicOf(to, 'calls.changed');
      const less = { 'calls.changed': { ...one, replication: 1 } };
      await provisionTopics(to, { logger, declaration: less });
      // Fewer copies are asked for while a broker is away.
      await eventually(async () => (await admin.describeCluster()).brokers.length === 3);
      try {
        expect(await checkDrift(to, { logger, declaration: { 'calls.changed': one } })).toEqual([
          { kind: 'replication', topic, declared: 3, actual: 1 },
        ]);
      } finally {
        // Left there, it has no leader while its only broker is away, and kafkajs then refuses every look at the cluster.
        await admin.deleteTopics({ topics: [topic] });
      }
    });

    it('are created once by several provisioners that ask different brokers', async () => {
      const to = connection();
      const all = await Promise.all(
        cluster.brokers.map((_, i) => {
          const brokers = [...cluster.brokers.slice(i), ...cluster.brokers.slice(0, i)];
          return provisionTopics({ ...to, brokers }, { logger });
        }),
      );
      expect(all.map(({ drift }) => drift)).toEqual(cluster.brokers.map(() => []));
    });

    it('are not created with too few copies while a broker is away', async () => {
      const [node] = cluster.nodes;
      if (!node) throw new Error('a cluster of our own has nodes');
      const to = connection();
      const declaration = { 'calls.changed': one };
      await provisionTopics(to, { logger, declaration });
      await node.kill();
      try {
        // What is there is as it should be, and needs nothing.
        await eventually(async () => {
          return (await admin.describeCluster()).brokers.length === 2;
        });
        expect(await checkDrift(to, { logger, declaration })).toEqual([]);
        await expect(provisionTopics(connection(), { logger, declaration, timeoutMs: 500 })).rejects.toThrow(
          'too few copies',
        );
      } finally {
        await node.start();
      }
      const late = connection();
      expect((await provisionTopics(late, { logger, declaration, timeoutMs: 120_000 })).drift).toEqual([]);
      expect((await partitionsOf(kafkaTopicOf(late, 'calls.changed')))[0]?.replicas).toHaveLength(3);
      // A broker that was killed is missed after seconds and comes back after more, on a busy machine many more.
    }, 300_000);
  },
  { own: true },
);

/** The first answer that is not nothing. A cluster that elects leaders refuses some questions: asked again, too. */
async function eventually<T>(ask: () => Promise<T | false | undefined>): Promise<T> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    let refusal: unknown;
    const answer = await ask().catch((error: unknown) => {
      refusal = error;
      return undefined;
    });
    if (answer) return answer;
    if (performance.now() > deadline)
      throw new Error('did not come about in two minutes', { cause: refusal });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
