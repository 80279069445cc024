import { randomUUID } from 'node:crypto';
import type { Logger } from '@wardline/observability';
import type { EachBatchPayload } from 'kafkajs';
import type { BusEvent } from '../event.ts';
import type { LogReader } from '../postgres/log-reader.ts';
import { mergeByTime } from '../merge-by-time.ts';
import { createWake } from '../session.ts';
import { parseLogRow } from '../stored-event.ts';
import { isTopicName, topicNames, type TopicName } from '../topics.ts';
import { readKafkaMessage } from './cloud-event.ts';
import { createKafka, kafkaTopicOf, type KafkaConnection } from './connection.ts';

export interface KafkaLogReader extends LogReader {
  /** Resolves when there is something that `readNew` would give, and after a second in any case. */
  changed(): Promise<void>;
  close(): Promise<void>;
}

export interface KafkaLogReaderOptions {
  connection: KafkaConnection;
  logger: Logger;
  /** Default all. */
  topics?: readonly TopicName[];
}

/** Events given at a time, and held in memory while nobody asks. */
const ROWS_MAX = 5_000;
/** Without any progress for so long, what is there is given: a partition may have no leader just now. */
const PATIENCE_MS = 5_000;
/** Brokers answer one after the other; what was written at the same time is shown in its order after so long. */
const SETTLES_MS = 100;

interface Place {
  topic: TopicName;
  partition: number;
  next: bigint;
  /** Where the partition ended when reading began. */
  end: bigint;
  read: BusEvent[];
}

/**
 * Reads the topics of a cluster from the side. It joins as a group of its own because kafkajs knows no other way, commits
 * nothing, and takes the group away when it is closed.
 */
export function createKafkaLogReader(options: KafkaLogReaderOptions): KafkaLogReader {
  const { connection, logger } = options;
  const kafka = createKafka(connection, logger);
  const groupId = `wardline-look-${randomUUID()}`;
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 250, allowAutoTopicCreation: false });
  const names = new Map(
    (options.topics ?? topicNames).map((topic) => [kafkaTopicOf(connection, topic), topic] as const),
  );
  const places = new Map<string, Place>();
  const progress = createWake();
  let crashed: Error | undefined;
  let begun = false;

  const held = (): number => [...places.values()].reduce((sum, { read }) => sum + read.length, 0);

  /** Everything read so far, merged; the newest of it when it is too much. */
  function takeRead(): BusEvent[] {
    const merged = mergeByTime([...places.values()].flatMap(({ read }) => read));
    for (const place of places.values()) place.read = [];
    return merged.slice(-ROWS_MAX);
  }

  /** Back to the newest few, kept in their partitions, so that a long past does not fill the memory. */
  function forgetOldest(): void {
    const kept = new Set(mergeByTime([...places.values()].flatMap(({ read }) => read)).slice(-ROWS_MAX));
    for (const place of places.values()) place.read = place.read.filter((event) => kept.has(event));
  }

  async function eachBatch({ batch, heartbeat, isRunning }: EachBatchPayload): Promise<void> {
    const place = places.get(`${batch.topic} ${batch.partition}`);
    if (!place) return;
    for (const message of batch.messages) {
      const offset = BigInt(message.offset);
      if (offset < place.next) continue;
      place.next = offset + 1n;
      const event = parseLogRow(readKafkaMessage(place.topic, place.partition, message));
      if (event) place.read.push(event);
    }
    const past = BigInt(batch.lastOffset()) + 1n;
    if (past > place.next) place.next = past;
    if (held() > 2 * ROWS_MAX) forgetOldest();
    progress.set();
    if (isRunning()) await heartbeat();
  }

  async function begin(ageMs: number): Promise<void> {
    await admin.connect();
    const known = (await admin.listTopics()).filter((name) => names.has(name));
    const since = Date.now() - ageMs;
    for (const name of known) {
      const topic = names.get(name);
      if (topic === undefined || !isTopicName(topic)) continue;
      const [ends, starts] = await Promise.all([
        admin.fetchTopicOffsets(name),
        admin.fetchTopicOffsetsByTimestamp(name, since),
      ]);
      for (const { partition, high } of ends) {
        const end = BigInt(high);
        const start = starts.find((s) => s.partition === partition)?.offset;
        // Without an event that young, the answer is the end, or -1.
        const next = start === undefined || BigInt(start) < 0n ? end : BigInt(start);
        places.set(`${name} ${partition}`, { topic, partition, next, end, read: [] });
      }
    }
    begun = true;
    if (known.length === 0) return;
    await consumer.connect();
    await consumer.subscribe({ topics: known });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) crashed = payload.error;
      progress.set();
    });
    // Nothing is committed, so after every rebalance it must be told again where it was.
    consumer.on(consumer.events.GROUP_JOIN, seekAll);
    const running = consumer.run({ autoCommit: false, eachBatch });
    seekAll();
    await running;
  }

  function seekAll(): void {
    for (const [name, { partition, next }] of places) {
      consumer.seek({ topic: name.slice(0, name.lastIndexOf(' ')), partition, offset: next.toString() });
    }
  }

  return {
    async readSince(ageMs) {
      if (!begun) await begin(ageMs);
      const behind = (): boolean => [...places.values()].some(({ next, end }) => next < end);
      while (behind() && crashed === undefined && (await progress.wait(PATIENCE_MS)));
      if (crashed) throw crashed;
      return takeRead();
    },
    async readNew() {
      if (crashed) throw crashed;
      return takeRead();
    },
    async changed() {
      if (held() === 0 && !(await progress.wait(1_000))) return;
      await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
    },
    async close() {
      await consumer.disconnect();
      // The broker forgets an empty group by itself in the end.
      if (begun) await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    },
  };
}
