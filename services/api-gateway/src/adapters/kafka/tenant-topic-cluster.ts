import { createKafka, type KafkaConnection } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import kafkajs, { type Admin } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { tenantTopicPartitions } from '../../domain/tenant-topic-plan.ts';
import {
  TenantTopicsUnavailable,
  type TenantTopicCluster,
  type TenantTopicGrant,
} from '../../ports/tenant-topic-cluster.ts';
import { removeScramUser, writeScramUser } from './tenant-topic-wire.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const withoutAcls = (cause?: unknown) =>
  new TenantTopicsUnavailable(
    'kafka-without-acls',
    'The brokers do not restrict who reads what: set authorizer.class.name, and allow.everyone.if.no.acl.found=false.',
    { cause },
  );

/** What went wrong on the cluster, in our words. Its own, which can name users and topics, stay in the cause. */
function toldBy(error: unknown): TenantTopicsUnavailable {
  if (error instanceof TenantTopicsUnavailable) return error;
  const names = namesIn(error);
  if (names.includes('SECURITY_DISABLED')) return withoutAcls(error);
  if (names.some((name) => name.endsWith('_AUTHORIZATION_FAILED')))
    return new TenantTopicsUnavailable(
      'kafka-refuses',
      'The user of KAFKA_SASL_USERNAME may not manage access: it needs Alter on the cluster and Create on topics.',
      { cause: error },
    );
  return new TenantTopicsUnavailable('kafka-away', 'Kafka does not answer; please try again in a moment.', {
    cause: error,
  });
}

/** Kafka's names of what went wrong, as either client gives them. */
function namesIn(error: unknown): string[] {
  return layersOf(error)
    .flatMap((layer) => ['type', 'apiId'].map((name): unknown => Reflect.get(layer, name)))
    .filter((name) => typeof name === 'string');
}

function layersOf(error: unknown): object[] {
  if (typeof error !== 'object' || error === null) return [];
  // Both clients have errors that hold several; only one of them uses JavaScript's own class for it.
  const within: unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return [error, ...[...within, cause].flatMap(layersOf)];
}

/** Why this installation has no topics for integrators; undefined when it has. */
export function tenantTopicsProblem(
  connection: KafkaConnection | undefined,
): TenantTopicsUnavailable | undefined {
  if (!connection)
    return new TenantTopicsUnavailable(
      'kafka-not-configured',
      'This installation does not run on Kafka: set KAFKA_BROKERS, or use a stream or a webhook.',
    );
  if (!connection.sasl)
    return new TenantTopicsUnavailable(
      'kafka-without-sasl',
      'The brokers do not ask who somebody is: enable SASL with SCRAM-SHA-512 and set KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD of a user that may alter the cluster.',
    );
  return undefined;
}

export interface TenantTopicClusterOptions {
  readonly connection: KafkaConnection;
  /** How long events stay in a hospital's topic. */
  readonly retentionMs: number;
  readonly logger: Logger;
}

/** Topics, users and rights of integrators on a Kafka cluster. Its user needs Alter on the cluster and Create on topics. */
export function createKafkaTenantTopicCluster(o: TenantTopicClusterOptions): TenantTopicCluster {
  const { connection } = o;

  async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      return await withAdminOf(connection, 3, work);
    } catch (error) {
      throw toldBy(error);
    }
  }

  async function withAdminOf<T>(
    as: KafkaConnection,
    retries: number,
    work: (admin: Admin) => Promise<T>,
  ): Promise<T> {
    const admin = createKafka(as, o.logger).admin({ retry: { retries } });
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /**
   * Rights mean nothing on a cluster where everybody has them. Its configuration does not say (Kafka hides what its
   * authorizer is told), so the new user itself asks for a topic that nobody gave it, and has to be refused.
   */
  async function assertConfined({ username, password }: TenantTopicGrant): Promise<void> {
    const asUser: KafkaConnection = {
      ...connection,
      sasl: { mechanism: 'scram-sha-512', username, password },
    };
    let problem = withoutAcls();
    // A moment passes until every broker knows a new user and what it may do; what is still so after two seconds, is so.
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      try {
        const topics = [`wardline-probe-${randomUUID()}`];
        await withAdminOf(asUser, 0, (admin) => admin.fetchTopicMetadata({ topics }));
        problem = withoutAcls();
      } catch (error) {
        const names = namesIn(error);
        if (names.includes('TOPIC_AUTHORIZATION_FAILED')) return;
        problem = names.includes('UNKNOWN_TOPIC_OR_PARTITION') ? withoutAcls(error) : toldBy(error);
      }
      await pause(200);
    }
    throw problem;
  }

  return {
    ensureTopic: (topic) =>
      withAdmin(async (admin) => {
        // False when it is there already. The brokers' own default says how often it is copied.
        await admin.createTopics({
          topics: [
            {
              topic,
              ...{ numPartitions: tenantTopicPartitions, replicationFactor: -1 },
              configEntries: [{ name: 'retention.ms', value: String(o.retentionMs) }],
            },
          ],
          // kafkajs gives up at once where a broker has not heard of the topic yet. Who writes or reads it waits anyway.
          waitForLeaders: false,
        });
      }),

    async grant(grant) {
      const { username, password, topic, groupPrefix } = grant;
      const allowed = {
        ...{ principal: `User:${username}`, host: '*' },
        permissionType: AclPermissionTypes.ALLOW,
      };
      const onTopic = {
        ...{ resourceType: AclResourceTypes.TOPIC, resourceName: topic },
        resourcePatternType: ResourcePatternTypes.LITERAL,
      };
      const onGroups = {
        ...{ resourceType: AclResourceTypes.GROUP, resourceName: groupPrefix },
        resourcePatternType: ResourcePatternTypes.PREFIXED,
      };
      await withAdmin(async (admin) => {
        await admin.createAcls({
          acl: [
            { ...allowed, ...onTopic, operation: AclOperationTypes.READ },
            { ...allowed, ...onTopic, operation: AclOperationTypes.DESCRIBE },
            { ...allowed, ...onGroups, operation: AclOperationTypes.READ },
          ],
        });
      });
      // Rights first: who can log in at all has them.
      await writeScramUser(connection, { username, password }).catch((error: unknown) => {
        throw toldBy(error);
      });
      await assertConfined(grant);
    },

    async revoke(username) {
      // Rights first: they end on open connections too, which outlive their user.
      await withAdmin((admin) =>
        admin.deleteAcls({
          filters: [
            {
              ...{ resourceType: AclResourceTypes.ANY, resourcePatternType: ResourcePatternTypes.ANY },
              ...{ principal: `User:${username}`, operation: AclOperationTypes.ANY },
              permissionType: AclPermissionTypes.ANY,
            },
          ],
        }),
      );
      await removeScramUser(connection, username).catch((error: unknown) => {
        throw toldBy(error);
      });
    },
  };
}

/** Stands in where there are no topics for integrators: everything says why. */
export function unavailableTenantTopics(problem: TenantTopicsUnavailable | undefined): TenantTopicCluster {
  const refuse = () => Promise.reject(problem ?? new Error('no tenant topics here'));
  return { ensureTopic: refuse, grant: refuse, revoke: refuse };
}
