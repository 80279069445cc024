import type { EventBus } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import {
  createKafkaTenantTopicCluster,
  tenantTopicsProblem,
  unavailableTenantTopics,
} from './adapters/kafka/tenant-topic-cluster.ts';
import { createKafkaTenantTopicPublisher } from './adapters/kafka/tenant-topic-publisher.ts';
import { createPostgresEgressLog } from './adapters/postgres/egress-log.ts';
import type { GatewayDatabase } from './adapters/postgres/gateway-database.ts';
import { createPostgresIntegratorStore } from './adapters/postgres/integrator-store.ts';
import { createPostgresTenantTopicCursors } from './adapters/postgres/tenant-topic-cursors.ts';
import { createPostgresTenantTopicTurns } from './adapters/postgres/tenant-topic-turns.ts';
import { createEgressSignal } from './app/egress-signal.ts';
import { createIntegratorAccess } from './app/integrator-access.ts';
import type { LiveFeed } from './app/live-feed.ts';
import { createStreamGuests } from './app/stream-guests.ts';
import { createEgressSweeper } from './app/sweep-egress.ts';
import { createTenantTopicRelay } from './app/tenant-topic-relay.ts';
import { composeWebhooks } from './compose-webhooks.ts';
import type { ApiGatewayConfig } from './config.ts';
import { consumeForEgress, egressTopics } from './entrypoints/egress-consumer.ts';
import { integratorEndpoints } from './entrypoints/integrator-endpoints.ts';
import type { Endpoint } from './entrypoints/kernel/endpoint.ts';
import { streamEndpoints } from './entrypoints/stream-endpoints.ts';

export interface ComposedEgress {
  /** In the order of their start, before the HTTP server. */
  readonly components: readonly Component[];
  /** To be started after the HTTP server, so that they end before it. */
  readonly lateComponents: readonly Component[];
  readonly endpoints: readonly Endpoint[];
}

/** The part of the composition root for what integrators are given: the egress log, webhooks, streams, Kafka topics. */
export function composeEgress(o: {
  readonly config: ApiGatewayConfig;
  readonly database: GatewayDatabase;
  readonly bus: EventBus;
  readonly cipher: FieldCipher;
  readonly feed: Pick<LiveFeed, 'publish'>;
  readonly logger: Logger;
}): ComposedEgress {
  const { config, database, cipher, logger } = o;
  const log = createPostgresEgressLog(database);
  const signal = createEgressSignal({ log, logger });
  const store = createPostgresIntegratorStore(database);
  const guests = createStreamGuests({ store, logger, perTenantMax: config.streamsPerTenantMax });

  const webhooks = composeWebhooks({
    ...{ database, cipher, signal, feed: o.feed, logger },
    targets: config.webhookTargets,
    offered: egressTopics,
  });

  const connection = config.eventBus.kafka;
  const problem = tenantTopicsProblem(connection);
  const topicPrefix = connection?.topicPrefix ?? '';
  const cursors = createPostgresTenantTopicCursors(database);
  const access = createIntegratorAccess({
    ...{ store, offered: egressTopics, topicPrefix },
    openTopic: (topic) => cursors.open(topic),
    cluster:
      problem || !connection
        ? unavailableTenantTopics(problem)
        : createKafkaTenantTopicCluster({ connection, retentionMs: config.tenantTopicRetentionMs, logger }),
  });
  const tenantTopics: Component[] = [];
  if (connection && !problem) {
    const publisher = createKafkaTenantTopicPublisher({ connection, logger });
    tenantTopics.push(
      { name: 'tenant topic publisher', start: async () => {}, close: () => publisher.close() },
      createTenantTopicRelay({
        ...{ log, signal, cursors, publisher, cipher, topics: egressTopics, topicPrefix, logger },
        turns: createPostgresTenantTopicTurns({ connectionString: config.databaseUrl, logger }),
        tidy: () => access.tidyKafka(),
      }),
    );
  }

  return {
    components: [
      signal,
      createEgressSweeper({ log, logger }),
      ...webhooks.components,
      consumeForEgress(o.bus, { log, signal }),
      ...tenantTopics,
    ],
    lateComponents: [guests],
    endpoints: [
      ...streamEndpoints({ guests, log, signal, cipher, logger }),
      ...webhooks.endpoints,
      ...integratorEndpoints({
        ...{ access, logger },
        offered: egressTopics,
        kafka: problem ?? {
          brokers: config.integratorBrokers ?? connection?.brokers ?? [],
          securityProtocol: connection?.ssl ? 'SASL_SSL' : 'SASL_PLAINTEXT',
        },
      }),
    ],
  };
}
