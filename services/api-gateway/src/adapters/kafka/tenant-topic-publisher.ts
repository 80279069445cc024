import { createKafka, type KafkaConnection } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import kafkajs, { type Producer } from 'kafkajs';
import { positionHeader } from '../../domain/tenant-topic-message.ts';
import { parsePosition } from '../../domain/stream-position.ts';
import { tenantTopicPartitions } from '../../domain/tenant-topic-plan.ts';
import type { TenantTopicPublisher } from '../../ports/tenant-topic-publisher.ts';
import { readLastHeaders } from './tenant-topic-wire.ts';

/**
 * Writes hospitals' topics with one producer. After a failure it makes a new one: the old one's sequence numbers are no
 * longer to be trusted, and what it may still have had under way goes with its connections.
 */
export function createKafkaTenantTopicPublisher(o: {
  connection: KafkaConnection;
  logger: Logger;
}): TenantTopicPublisher & { close(): Promise<void> } {
  const { connection, logger } = o;
  const kafka = createKafka(connection, logger);
  // The partition that clients of Kafka itself would choose (murmur2 of the key), so that integrators can join topics.
  const partitioner = kafkajs.Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: tenantTopicPartitions }, (_, partitionId) => ({
    ...{ partitionId, leader: 0, partitionErrorCode: 0 },
    ...{ replicas: [], isr: [] },
  }));
  let current: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const producer = kafka.producer({
      idempotent: true,
      // A topic is written by one at a time, a batch at a time; this is for several hospitals at once.
      maxInFlightRequests: 5,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2_000 },
    });
    await producer.connect();
    return producer;
  }
  async function drop(failed: Promise<Producer> | undefined): Promise<void> {
    if (current === failed) current = undefined;
    try {
      await (await failed)?.disconnect();
    } catch (err) {
      logger.debug('a Kafka producer could not be closed', { err });
    }
  }

  return {
    partitionOf: (topic, key) => partitioner({ topic, partitionMetadata, message: { key, value: null } }),

    async tails(topic) {
      const tails = new Map<number, bigint>();
      for (const [partition, headers] of await readLastHeaders(connection, topic)) {
        const position = parsePosition(headers[positionHeader] ?? '');
        if (position !== undefined) tails.set(partition, position);
      }
      return tails;
    },

    async publish(topic, messages) {
      const mine = (current ??= connect());
      try {
        await (
          await mine
        ).send({
          topic,
          acks: -1,
          timeout: 10_000,
          messages: messages.map(({ partition, key, value, headers }) => ({
            ...{ partition, key, value, headers: { ...headers } },
          })),
        });
      } catch (error) {
        await drop(mine);
        throw error;
      }
    },

    close: () => drop(current),
  };
}
