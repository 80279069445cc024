import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { type Consumer, type EachBatchPayload, type Kafka } from 'kafkajs';
import { createGroupEngine, type GroupEngine } from '../consumer/group-engine.ts';
import { createOwnedPartition, type OwnedPartition } from '../consumer/owned-partition.ts';
import type { Queryable } from '../consumer/parking.ts';
import type { Subscription } from '../event.ts';
import { createWake, sleep } from '../session.ts';
import type { LogRow } from '../stored-event.ts';
import { topics } from '../topics.ts';
import { readKafkaMessage } from './cloud-event.ts';
import './compression.ts';

export interface KafkaConsumerOptions {
  kafka: Kafka;
  topicPrefix: string;
  logger: Logger;
  retryDelaysMs: readonly number[];
  /** Waits and repeats as long as the database is away; rejects only when the signal has aborted. */
  parkingStore: (ended: AbortSignal) => Queryable;
}

/** Events read ahead of the watermark, per partition: what a crash delivers again at most, but for one fetch. */
const WINDOW_MAX = 256;
const BATCH_WINDOW_MAX = 4_000;
/** Of a full window: how long a fetch waits for room before its partition is paused. Shorter than kafkajs's next fetch. */
const ROOM_WAIT_MS = 100;
/** Longest wait of a fetch that finds nothing. A paused partition is asked for again after this at the latest. */
const FETCH_WAIT_MS = 500;
const FETCH_BYTES_PER_PARTITION_MAX = 512 * 1024;
const FETCH_BYTES_MAX = 4 * 1024 * 1024;
const COMMIT_MS = 200;
/** How often it looks for keys that were released by hand. */
const SURVEY_MS = 2_000;
/** How long a killed member keeps its partitions from the others. The least that brokers allow by default. */
const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_MS = 1_500;
const REBALANCE_TIMEOUT_MS = 15_000;
const RESTART_DELAYS_MS = [200, 1_000, 2_000, 5_000];
/** A cluster that cannot be joined for this long fails the start. */
const START_PATIENCE_MS = 10_000;

/**
 * One instance of a group on Kafka. Messages are handed from kafkajs's fetch loop to the engine at once, so that a slow key
 * holds up neither its partition nor heartbeats; offsets are committed behind the effects. When partitions change hands, what
 * is in work finishes and may come again to the new owner: the order of a key holds all the same, because every owner goes
 * through a key's events in order and effects are once.
 */
export function createKafkaConsumer(subscription: Subscription, options: KafkaConsumerOptions): Component {
  const { kafka, topicPrefix } = options;
  const { group } = subscription;
  const logger = options.logger.child({ group });
  const windowMax = 'handleBatch' in subscription ? BATCH_WINDOW_MAX : WINDOW_MAX;
  // One turn of kafkajs each: a partition that waits for room must not keep others of the same fetch waiting.
  const partitionCount = subscription.topics.reduce((sum, topic) => sum + topics[topic].partitions, 0);
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function run(joined: () => void): Promise<void> {
    const wake = createWake();
    const ended = new AbortController();
    const endedOrStopping = AbortSignal.any([stopping.signal, ended.signal]);
    endedOrStopping.addEventListener('abort', () => wake.set());
    let failure: unknown;
    /** By `topic partition`. Replaced at each assignment: what an old one finishes is no longer for us to commit. */
    let owned = new Map<string, OwnedPartition>();
    /** Resolves when the parked keys of the present assignment are known; nothing is handled before. */
    let ready: Promise<void> = Promise.resolve();
    const paused = new Set<OwnedPartition>();
    const engine: GroupEngine = createGroupEngine({
      subscription,
      logger,
      retryDelaysMs: options.retryDelaysMs,
      parkingStore: options.parkingStore(endedOrStopping),
      onProgress: () => wake.set(),
      onFailure: (error) => {
        failure ??= error;
        ended.abort();
      },
    });
    const consumer = kafka.consumer({
      // With the prefix, like the topics: members of one group must all read the same ones.
      groupId: topicPrefix + group,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      minBytes: 1,
      maxBytes: FETCH_BYTES_MAX,
      maxBytesPerPartition: FETCH_BYTES_PER_PARTITION_MAX,
      allowAutoTopicCreation: false,
      // A consumer that has given up is made anew by us, with a line in the log. It costs every member of the group another
      // rebalance, so it is given time enough for a dead coordinator's successor.
      retry: { retries: 16, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => false },
    });

    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      for (const place of owned.values()) place.revoked = true;
      owned = new Map();
      // kafkajs keeps what was paused over assignments: nobody would ask for these partitions again.
      consumer.resume(
        [...paused].map(({ topic, partition }) => ({ topic: topicPrefix + topic, partitions: [partition] })),
      );
      paused.clear();
      for (const [kafkaTopic, partitions] of Object.entries(payload.memberAssignment)) {
        const topic = kafkaTopic.slice(topicPrefix.length);
        for (const partition of partitions) {
          owned.set(`${topic} ${partition}`, createOwnedPartition(topic, partition, -1n));
        }
      }
      ready = engine.loadParked([...owned.values()]);
      // Whoever needs it hears of a rejection; without anybody it would be an unhandled one.
      ready.catch(() => undefined);
      logger.debug('event partitions assigned', { partitions: owned.size });
      joined();
      wake.set();
    });
    consumer.on(consumer.events.REBALANCING, () => void commit());
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      failure ??= payload.error;
      ended.abort();
    });

    async function eachBatch({
      batch,
      resolveOffset,
      heartbeat,
      isRunning,
    }: EachBatchPayload): Promise<void> {
      const topic = batch.topic.slice(topicPrefix.length);
      const place = owned.get(`${topic} ${batch.partition}`);
      await ready;
      // With a new assignment, begun while we waited, this batch is delivered again.
      if (!place || place.revoked || endedOrStopping.aborted || !isRunning()) return;
      const rows: LogRow[] = [];
      for (const message of batch.messages) {
        // Kafka gives whole record batches, also what lies before the offset that was asked for.
        if (BigInt(message.offset) >= place.position)
          rows.push(readKafkaMessage(topic, batch.partition, message));
      }
      engine.accept(place, rows);
      // Moves only where the next fetch begins. What is committed, and when, is for the watermark to say.
      resolveOffset(batch.lastOffset());
      await heartbeat();
      await waitForRoom(place);
    }

    async function waitForRoom(place: OwnedPartition): Promise<void> {
      const until = performance.now() + ROOM_WAIT_MS;
      while (place.inWork >= windowMax && !place.revoked && !endedOrStopping.aborted) {
        if (performance.now() >= until) {
          paused.add(place);
          consumer.pause([{ topic: topicPrefix + place.topic, partitions: [place.partition] }]);
          return;
        }
        await sleep(5, endedOrStopping);
      }
    }

    function resumeWithRoom(): void {
      for (const place of paused) {
        if (place.inWork > windowMax / 2) continue;
        paused.delete(place);
        consumer.resume([{ topic: topicPrefix + place.topic, partitions: [place.partition] }]);
      }
    }

    async function commit(): Promise<void> {
      const moved = [...owned.values()]
        .filter((place) => place.committable > place.committed)
        .map((place) => ({ place, offset: place.committable }));
      if (moved.length === 0) return;
      try {
        await consumer.commitOffsets(
          moved.map(({ place, offset }) => ({
            topic: topicPrefix + place.topic,
            partition: place.partition,
            offset: offset.toString(),
          })),
        );
        for (const { place, offset } of moved) place.committed = offset;
      } catch (error) {
        // During a rebalance nobody may commit: the events come again, and their effects are known to be made.
        logger.debug('event offsets not committed', { err: error });
      }
    }

    async function tend(): Promise<void> {
      let commitAt = 0;
      let surveyAt = performance.now() + SURVEY_MS;
      while (!endedOrStopping.aborted) {
        const now = performance.now();
        engine.retryDueKeys(owned.values());
        resumeWithRoom();
        if (now >= commitAt) {
          await commit();
          commitAt = performance.now() + COMMIT_MS;
        }
        if (now >= surveyAt) {
          await engine.surveyParked([...owned.values()]);
          surveyAt = performance.now() + SURVEY_MS;
        }
        const waitMs = Math.min(COMMIT_MS, engine.msToNextRetry(owned.values()));
        // Under load it is woken for every event; once a millisecond is enough to look after things.
        await sleep(1, endedOrStopping);
        await wake.wait(waitMs);
      }
    }

    try {
      await consumer.connect();
      await consumer.subscribe({
        topics: subscription.topics.map((topic) => topicPrefix + topic),
        fromBeginning: true,
      });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionCount,
        eachBatch,
      });
      await tend();
    } finally {
      ended.abort();
      await engine.stop();
      await commit();
      await disconnect(consumer, logger);
    }
    if (failure !== undefined) throw failure;
  }

  /** @param notStarted told of a failure when the group has not been joined for too long */
  async function keepRunning(joined: () => void, notStarted: (error: unknown) => void): Promise<void> {
    const begunAt = performance.now();
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      const startedAt = performance.now();
      try {
        await run(joined);
      } catch (error) {
        // A coordinator that is still loading, a broker that is just starting: nothing to end a service for at once. After
        // the first assignment nobody listens to this any more.
        if (performance.now() - begunAt >= START_PATIENCE_MS) notStarted(error);
        logger.warn('event consumer begins anew', { err: error });
      }
      if (performance.now() - startedAt > 30_000) failures = 0;
      const delayMs = RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)] ?? 5_000;
      await sleep(delayMs, stopping.signal);
    }
  }

  return {
    name: `consumer ${group}`,
    /** Resolves with the first assignment. */
    async start() {
      const joined = Promise.withResolvers<void>();
      running = keepRunning(joined.resolve, joined.reject);
      try {
        await joined.promise;
      } catch (error) {
        stopping.abort();
        await running;
        throw error;
      }
    },
    drain: stop,
    close: stop,
  };

  async function stop(): Promise<void> {
    stopping.abort();
    await running;
  }
}

async function disconnect(consumer: Consumer, logger: Logger): Promise<void> {
  try {
    await consumer.disconnect();
  } catch (error) {
    logger.debug('event consumer not disconnected cleanly', { err: error });
  }
}
