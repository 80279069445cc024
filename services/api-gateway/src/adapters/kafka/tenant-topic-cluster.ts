import { createKafka, type KafkaConnection } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import kafkajs, { type Admin } from 'kafkajs';
import { tenantTopicPartitions } from '../../domain/tenant-topic-plan.ts';
import { TenantTopicsUnavailable, type TenantTopicCluster } from '../../ports/tenant-topic-cluster.ts';
import { removeScramUser, writeScramUser } from './tenant-topic-wire.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } =
  kafkajs;

const openToAll = 'allow.everyone.if.no.acl.found';

const withoutAcls = () =>
  new TenantTopicsUnavailable(
    'kafka-without-acls',
    `The brokers do not restrict who reads what: set authorizer.class.name, and ${openToAll}=false.`,
  );

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
    const admin = createKafka(connection, o.logger).admin({ retry: { retries: 3 } });
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Rights that are given mean nothing on a cluster where everybody has them already. */
  async function assertClosed(admin: Admin): Promise<void> {
    const { brokers } = await admin.describeCluster();
    const { resources } = await admin.describeConfigs({
      resources: brokers.slice(0, 1).map(({ nodeId }) => ({
        ...{ type: ConfigResourceTypes.BROKER, name: String(nodeId) },
        configNames: [openToAll],
      })),
      includeSynonyms: false,
    });
    const open = resources.some(({ configEntries }) =>
      configEntries.some((entry) => entry.configName === openToAll && entry.configValue === 'true'),
    );
    if (open) throw withoutAcls();
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
          waitForLeaders: true,
        });
      }),

    async grant({ username, password, topic, groupPrefix }) {
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
        await assertClosed(admin);
        try {
          await admin.createAcls({
            acl: [
              { ...allowed, ...onTopic, operation: AclOperationTypes.READ },
              { ...allowed, ...onTopic, operation: AclOperationTypes.DESCRIBE },
              { ...allowed, ...onGroups, operation: AclOperationTypes.READ },
            ],
          });
        } catch (error) {
          if (error instanceof Error && 'type' in error && error.type === 'SECURITY_DISABLED')
            throw withoutAcls();
          throw error;
        }
      });
      // Rights first: who can log in at all has them.
      await writeScramUser(connection, { username, password });
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
      await removeScramUser(connection, username);
    },
  };
}

/** Stands in where there are no topics for integrators: everything says why. */
export function unavailableTenantTopics(problem: TenantTopicsUnavailable | undefined): TenantTopicCluster {
  const refuse = () => Promise.reject(problem ?? new Error('no tenant topics here'));
  return { ensureTopic: refuse, grant: refuse, revoke: refuse };
}
