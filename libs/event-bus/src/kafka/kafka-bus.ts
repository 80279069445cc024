import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { RETRY_DELAYS_MS } from '../consumer/retry-policy.ts';
import type { EventBus } from '../event.ts';
import { createRelay } from '../relay/relay.ts';
import { createKafka, type KafkaConnection } from './connection.ts';
import { createEventProducer } from './event-producer.ts';
import { createKafkaConsumer } from './kafka-consumer.ts';
import { createKafkaTarget } from './kafka-target.ts';
import { createParkingPool, type ParkingPool } from './parking-pool.ts';

export interface KafkaBusOptions {
  connection: KafkaConnection;
  /** Postgres URL of the role `wardline_parking`: where parked keys and dead letters are kept. */
  parkingUrl: string;
  logger: Logger;
  /** Delay before each further attempt of an event; used up, it is dead-lettered. */
  retryDelaysMs?: readonly number[];
}

/** The event bus on Apache Kafka. Topics must have been provisioned (`provisionTopics`). */
export function createKafkaBus(options: KafkaBusOptions): EventBus {
  const { connection, logger } = options;
  const kafka = createKafka(connection, logger);
  let users = 0;
  let pool: ParkingPool | undefined;

  /** One pool for all subscriptions, closed with the last of them. */
  function openPool(): ParkingPool {
    users += 1;
    pool ??= createParkingPool(options.parkingUrl, logger);
    return pool;
  }
  async function closePool(): Promise<void> {
    users -= 1;
    if (users > 0) return;
    const last = pool;
    pool = undefined;
    await last?.close();
  }

  return {
    subscribe(subscription) {
      let store: ParkingPool | undefined;
      const consumer = createKafkaConsumer(subscription, {
        kafka,
        topicPrefix: connection.topicPrefix ?? '',
        logger,
        retryDelaysMs: options.retryDelaysMs ?? RETRY_DELAYS_MS,
        parkingStore: (ended) => {
          store ??= openPool();
          return store.store(ended);
        },
      });
      return {
        ...consumer,
        async close() {
          await consumer.close();
          if (!store) return;
          store = undefined;
          await closePool();
        },
      };
    },
  };
}

export interface KafkaRelayOptions {
  connection: KafkaConnection;
  /** Postgres URL of the role `wardline_bus`, which may take events from every outbox. */
  busUrl: string;
  logger: Logger;
  /** How often it looks without having seen anything lately. Default 25 ms. */
  pollMs?: number;
  /** How often old inbox rows are removed. Default 1 h. */
  sweepMs?: number;
  /** Connections that take and publish side by side, each for its share of the partitions. Default 2. */
  lanes?: number;
  /** Rows per outbox in one transaction. Default 1,000. */
  batchMax?: number;
  /** Told after each publication that had any events; for those who measure. */
  onPublished?: (events: number) => void;
}

/** Brings events from the outboxes to Kafka. Several may run; each partition is served by one. */
export function createKafkaRelay(options: KafkaRelayOptions): Component {
  const { connection, logger, lanes = 2 } = options;
  const relays = Array.from({ length: lanes }, (_, index) =>
    createRelay({
      connectionString: options.busUrl,
      logger,
      pollMs: options.pollMs ?? 25,
      sweepMs: options.sweepMs ?? 3_600_000,
      lane: { index, of: lanes },
      onPublished: options.onPublished,
      target: createKafkaTarget(
        createEventProducer({
          kafka: createKafka(connection, logger),
          topicPrefix: connection.topicPrefix ?? '',
          logger,
        }),
        options.batchMax,
      ),
    }),
  );
  return {
    name: 'event-relay',
    start: async () => void (await Promise.all(relays.map((relay) => relay.start()))),
    close: async () => void (await Promise.all(relays.map((relay) => relay.close()))),
  };
}
