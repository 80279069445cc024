import type { KafkaConnection } from '@wardline/event-bus';
import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createRecordingLogger } from '@wardline/observability/testing';
import kafkajs, { type Kafka } from 'kafkajs';
import { positionHeader, type TenantTopicMessage } from '../../domain/tenant-topic-message.ts';
import { groupPrefixOf, tenantTopicName } from '../../domain/tenant-topic-plan.ts';
import type { TenantTopicGrant } from '../../ports/tenant-topic-cluster.ts';

import { tenantA, tenantB } from '../../testing/egress-fixture.ts';
import { createKafkaTenantTopicCluster } from './tenant-topic-cluster.ts';
import { createKafkaTenantTopicPublisher } from './tenant-topic-publisher.ts';
import { removeScramUser } from './tenant-topic-wire.ts';

const logger = createRecordingLogger('api-gateway');

/** What the outside world has: a foreign client with the credentials that were handed out. */
function clientOf(cluster: KafkaCluster, user: { username: string; password: string }): Kafka {
  return new kafkajs.Kafka({
    brokers: [...cluster.brokers],
    sasl: { mechanism: 'scram-sha-512', username: user.username, password: user.password },
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 10, initialRetryTime: 100 },
  });
}

/** The type that the broker refused with, or undefined when it did not. */
async function refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const layers = [error, (error as { cause?: unknown }).cause];
    return (
      layers.map((layer) => (layer as { type?: string } | undefined)?.type).find((type) => type) ??
      String(error)
    );
  }
}

const grantFor = (tenantId: string, username: string): TenantTopicGrant => ({
  ...{ username, password: `pass-${username}` },
  topic: tenantTopicName('', { tenantId, personal: false }),
  groupPrefix: groupPrefixOf(tenantId),
});

describeWithKafka(
  'topics of hospitals on a Kafka with SASL',
  () => {
    let cluster: KafkaCluster;
    let connection: KafkaConnection;
    let topics: ReturnType<typeof createKafkaTenantTopicCluster>;
    const a = grantFor(tenantA, 'wardline-a');
    const b = grantFor(tenantB, 'wardline-b');

    beforeAll(async () => {
      cluster = await startKafka({ brokers: 1, sasl: true });
      if (!cluster.sasl) throw new Error('no SASL');
      connection = { brokers: cluster.brokers, sasl: cluster.sasl };
      topics = createKafkaTenantTopicCluster({ connection, retentionMs: 86_400_000, logger });
      const superuser = clientOf(cluster, cluster.sasl).admin();
      await superuser.connect();
      await superuser.createTopics({ topics: [{ topic: 'calls.completed', numPartitions: 1 }] });
      await superuser.disconnect();
      for (const grant of [a, b]) {
        await topics.ensureTopic(grant.topic);
        await topics.grant(grant);
      }
    }, 180_000);
    afterAll(() => cluster?.stop());

    const withAdmin = async <T>(
      user: TenantTopicGrant,
      work: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
    ) => {
      const admin = clientOf(cluster, user).admin();
      await admin.connect();
      try {
        return await work(admin);
      } finally {
        await admin.disconnect();
      }
    };
    /** Reads with a group of one's own until a message is there, or the broker says no. */
    const read = async (user: TenantTopicGrant, topic: string, groupId: string): Promise<string> => {
      const consumer = clientOf(cluster, user).consumer({ groupId });
      try {
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        return await new Promise<string>((resolve, reject) => {
          // What passes, such as a coordinator that is just loading, it tries again by itself.
          consumer.on(consumer.events.CRASH, ({ payload }) => {
            if (!payload.restart) reject(payload.error);
          });
          consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) }).catch(reject);
        });
      } finally {
        await consumer.disconnect();
      }
    };
    const message = (position: bigint, partition: number): TenantTopicMessage => ({
      ...{ position, partition, key: 'k', value: `event ${position}` },
      headers: { [positionHeader]: String(position) },
    });

    it('makes topics once, with their partitions', async () => {
      await topics.ensureTopic(a.topic);
      const found = await withAdmin(a, (admin) => admin.fetchTopicMetadata({ topics: [a.topic] }));
      expect(found.topics[0]?.partitions).toHaveLength(6);
    });

    it('tells what partitions end with, and lets their owner read them, and nobody else', async () => {
      const publisher = createKafkaTenantTopicPublisher({ connection, logger });
      try {
        expect(await publisher.tails(a.topic)).toEqual(new Map());
        await publisher.publish(a.topic, [message(1n, 0), message(2n, 5), message(3n, 0), message(4n, 0)]);
        await publisher.publish(a.topic, [message(5n, 5)]);
        await publisher.publish(b.topic, [message(1n, 0)]);
        expect(await publisher.tails(a.topic)).toEqual(
          new Map([
            [0, 4n],
            [5, 5n],
          ]),
        );
        expect(await read(a, a.topic, `${tenantA}.reader`)).toMatch(/^event \d$/);
        expect(await refusalOf(() => read(a, b.topic, `${tenantA}.reader-2`))).toBe(
          'TOPIC_AUTHORIZATION_FAILED',
        );
        expect(await refusalOf(() => read(a, 'calls.completed', `${tenantA}.reader-3`))).toBe(
          'TOPIC_AUTHORIZATION_FAILED',
        );
        // kafkajs does not pass on that it was the right which it lacked to find the coordinator.
        const noGroup = /GROUP_AUTHORIZATION_FAILED|GroupCoordinatorNotFound/;
        expect(await refusalOf(() => read(a, a.topic, `${tenantB}.reader`))).toMatch(noGroup);
        expect(await refusalOf(() => read(a, a.topic, 'notifications'))).toMatch(noGroup);
      } finally {
        await publisher.close();
      }
    });

    it("shows nobody another's topics or groups, and lets nobody write, delete or make users", async () => {
      expect(await read(b, b.topic, `${tenantB}.reader`)).toBe('event 1');
      expect(await withAdmin(a, (admin) => admin.listTopics())).toEqual([a.topic]);
      const { groups } = await withAdmin(a, (admin) => admin.listGroups());
      expect(groups.filter(({ groupId }) => !groupId.startsWith(a.groupPrefix))).toEqual([]);
      expect(await refusalOf(() => withAdmin(a, (admin) => admin.deleteTopics({ topics: [a.topic] })))).toBe(
        'TOPIC_AUTHORIZATION_FAILED',
      );
      const producer = clientOf(cluster, a).producer();
      await producer.connect();
      expect(await refusalOf(() => producer.send({ topic: a.topic, messages: [{ value: 'x' }] }))).toBe(
        'TOPIC_AUTHORIZATION_FAILED',
      );
      await producer.disconnect();
      const asA = {
        brokers: cluster.brokers,
        sasl: { mechanism: 'scram-sha-512', username: a.username, password: a.password },
      } as const;
      await expect(removeScramUser(asA, b.username)).rejects.toThrow();
    });

    it('says it when our own user may not manage access, or when nobody answers', async () => {
      const asUser = (brokers: readonly string[]) =>
        createKafkaTenantTopicCluster({
          connection: {
            brokers,
            sasl: { mechanism: 'scram-sha-512', username: a.username, password: a.password },
          },
          ...{ retentionMs: 1, logger },
        });
      const c = grantFor(tenantA, 'wardline-c');
      await expect(asUser(cluster.brokers).grant(c)).rejects.toMatchObject({ code: 'kafka-refuses' });
      await expect(asUser(cluster.brokers).revoke(b.username)).rejects.toMatchObject({
        code: 'kafka-refuses',
      });
      await expect(asUser(['127.0.0.1:9']).ensureTopic(a.topic)).rejects.toMatchObject({
        code: 'kafka-away',
      });
    });

    it('takes rights away at once, on open connections too, and then the user', async () => {
      const c = grantFor(tenantA, 'wardline-c');
      await topics.grant(c);
      const open = clientOf(cluster, c).admin();
      await open.connect();
      expect(await open.listTopics()).toEqual([c.topic]);
      await topics.revoke(c.username);
      expect(await open.listTopics()).toEqual([]);
      await open.disconnect();
      await expect(withAdmin(c, (admin) => admin.listTopics())).rejects.toThrow(/SASL/);
      await topics.revoke(c.username);
    });
  },
  { own: true },
);

describeWithKafka(
  'a Kafka where everybody may read what has no rule',
  () => {
    it('gives nobody a right, because it would mean nothing', async () => {
      const settings = { 'allow.everyone.if.no.acl.found': 'true' };
      const cluster = await startKafka({ brokers: 1, sasl: true, settings });
      try {
        if (!cluster.sasl) throw new Error('no SASL');
        const connection = { brokers: cluster.brokers, sasl: cluster.sasl };
        const topics = createKafkaTenantTopicCluster({ connection, retentionMs: 86_400_000, logger });
        await expect(topics.grant(grantFor(tenantA, 'wardline-a'))).rejects.toMatchObject({
          code: 'kafka-without-acls',
        });
      } finally {
        await cluster.stop();
      }
    }, 180_000);
  },
  { own: true },
);
