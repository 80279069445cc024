import type { Logger } from '@wardline/observability';
import kafkajs, { type Kafka, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs';
import { kafkaMessageOf, type OutboxRow } from './cloud-event.ts';
import { uncompressed, zstd } from './compression.ts';

export interface EventProducer {
  connect(): Promise<void>;
  /** Resolves when every in-sync replica has all of them; of a rejection it is not known which were written. */
  send(rows: readonly OutboxRow[]): Promise<void>;
  close(): Promise<void>;
}

/** Fewer are not worth a codec's frame. */
const COMPRESS_FROM_ROWS = 8;
const REQUEST_TIMEOUT_MS = 10_000;
const RETRIES = 4;

/**
 * Writes with idempotence and `acks=all`. A producer that has failed is given up for a new one: kafkajs keeps sequence numbers
 * that the brokers may no longer agree with (tulios/kafkajs #598), and after that every further send would fail. What a given
 * up producer had on the way may so be written twice; consumers know events by their id.
 */
export function createEventProducer(options: {
  kafka: Kafka;
  topicPrefix: string;
  logger: Logger;
}): EventProducer {
  const { kafka, topicPrefix, logger } = options;
  let producer: Producer | undefined;

  async function connected(): Promise<Producer> {
    if (producer) return producer;
    const next = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Not asked: every message names its partition. Named, so that kafkajs does not warn of having changed its default.
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: RETRIES, initialRetryTime: 100, maxRetryTime: 1_000 },
    });
    try {
      await next.connect();
    } catch (error) {
      await next.disconnect().catch(() => undefined); // What could not connect may not be able to disconnect either.
      throw error;
    }
    producer = next;
    return next;
  }

  async function giveUp(): Promise<void> {
    const failed = producer;
    producer = undefined;
    await failed?.disconnect().catch(() => undefined); // It has failed already; the next one tells more.
  }

  return {
    async connect() {
      await connected();
    },
    async send(rows) {
      const current = await connected();
      try {
        const topicMessages = byTopic(rows, topicPrefix);
        const acknowledged = await current.sendBatch({
          acks: -1,
          timeout: REQUEST_TIMEOUT_MS,
          compression: rows.length < COMPRESS_FROM_ROWS ? uncompressed : zstd,
          topicMessages,
        });
        assertAllAcknowledged(topicMessages, acknowledged);
      } catch (error) {
        logger.warn('kafka producer replaced after a failed send', { err: error, events: rows.length });
        await giveUp();
        throw error;
      }
    },
    close: giveUp,
  };
}

function byTopic(rows: readonly OutboxRow[], prefix: string): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const row of rows) {
    const message = kafkaMessageOf(row);
    const known = topics.get(row.topic);
    if (known) known.messages.push(message);
    else topics.set(row.topic, { topic: prefix + row.topic, messages: [message] });
  }
  return [...topics.values()];
}

/**
 * kafkajs keeps, over its own retries, which brokers have answered. A partition whose leader died and whose new leader had
 * answered already is so never sent, and the send resolves all the same (tulios/kafkajs #1303; 2.2.4). The partitions that
 * were really acknowledged stand in its answer.
 *
 * @throws Error with the number of partitions that were left out
 */
function assertAllAcknowledged(
  sent: readonly TopicMessages[],
  acknowledged: readonly RecordMetadata[],
): void {
  const done = new Set(acknowledged.map(({ topicName, partition }) => `${topicName} ${partition}`));
  const missing = new Set(
    sent.flatMap(({ topic, messages }) =>
      messages.map(({ partition }) => `${topic} ${partition}`).filter((place) => !done.has(place)),
    ),
  );
  if (missing.size > 0) throw new Error(`the cluster has not acknowledged ${missing.size} partitions`);
}
