import { type Logger, withSpan } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type pg from 'pg';
import type { Outcome, Subscription } from '../event.ts';
import { createKeyedWork } from '../consumer/keyed-work.ts';
import { judge, outcomeOfError, type Verdict } from '../consumer/retry-policy.ts';
import { topics } from '../topics.ts';
import { claimPartitions, commitOffsets, fetchRows, readHighWater } from './cursors.ts';
import type { OwnedPartition } from '../consumer/owned-partition.ts';
import * as parking from '../consumer/parking.ts';
import { CHANNEL } from './relay.ts';
import { createWake, keepSession } from './session.ts';
import { parseLogRow, type LogRow } from '../stored-event.ts';

export interface ConsumerOptions {
  connectionString: string;
  logger: Logger;
  pollMs: number;
  retryDelaysMs: readonly number[];
}

/** Events read ahead of the watermark, per partition: what a crash delivers again at most. */
const WINDOW_MAX = 128;
const CONCURRENCY_MAX = 16;
/** How often it tries for partitions that other instances hold, and looks for keys released by hand. */
const SURVEY_MS = 2_000;

/**
 * One instance of a group. It owns the partitions whose advisory locks it holds, on the connection with which it also
 * commits offsets, so that an instance which has lost them cannot commit.
 */
export function createConsumer(subscription: Subscription, options: ConsumerOptions): Component {
  const logger = options.logger.child({ group: subscription.group });
  const name = `wardline-consumer-${subscription.group}`.slice(0, 63);
  const session = keepSession({ ...options, logger, name, run });
  const allPartitions = subscription.topics.flatMap((topic) =>
    Array.from({ length: topics[topic].partitions }, (_, partition) => ({ topic, partition })),
  );

  async function run(client: pg.Client, ended: AbortSignal): Promise<void> {
    const wake = createWake();
    const owned = new Map<string, OwnedPartition>();
    const work = createKeyedWork(subscription.concurrencyMax ?? CONCURRENCY_MAX);
    let failure: unknown;
    let surveyAt = 0;

    client.on('notification', ({ payload }) => {
      if (payload === 'released') surveyAt = 0;
      wake.set();
    });
    ended.addEventListener('abort', () => wake.set());
    try {
      await client.query(`listen ${CHANNEL}`);
      while (!ended.aborted && failure === undefined) {
        if (performance.now() >= surveyAt) {
          await survey();
          surveyAt = performance.now() + SURVEY_MS;
        }
        retryDueKeys();
        await readAhead();
        await commitOffsets(client, subscription.group, owned.values());
        await wake.wait(Math.min(options.pollMs, msToNextRetry()));
      }
      if (failure !== undefined) throw failure;
    } finally {
      work.clear();
      await work.idle();
      // Without a connection nothing can be committed; what was not comes again, which effects expect.
      await commitOffsets(client, subscription.group, owned.values()).catch(() => undefined);
    }

    async function survey(): Promise<void> {
      const claimed = await claimPartitions(client, subscription.group, allPartitions, owned);
      for (const { place, ...parkedKey } of await parking.loadParkedKeys(client, subscription.group, owned)) {
        const known = place.parked.get(parkedKey.key);
        // Of a partition that is already ours we know more than the table, except that a dead key was released by hand.
        if (claimed.has(place)) place.parked.set(parkedKey.key, parkedKey);
        else if (known && known.retryAt === undefined) Object.assign(known, parkedKey);
      }
    }

    async function readAhead(): Promise<void> {
      for (const { topic, partition, nextOffset } of await readHighWater(client, subscription.topics)) {
        const place = owned.get(`${topic} ${partition}`);
        if (!place || place.position >= nextOffset || place.inWork >= WINDOW_MAX) continue;
        const rows = await fetchRows(client, place, WINDOW_MAX - place.inWork);
        if (ended.aborted) return;
        for (const row of rows) {
          place.begin(BigInt(row.offset));
          inOrder(place, row.key, () => handleFresh(place, row));
        }
        if (rows.length > 0 && place.position < nextOffset) wake.set();
      }
    }

    function inOrder(place: OwnedPartition, key: string, job: () => Promise<void>): void {
      work.add(`${place.topic} ${place.partition} ${key}`, async () => {
        if (failure !== undefined || ended.aborted) return;
        try {
          await job();
        } catch (error) {
          // The log itself failed: this session is over, and the next one begins where offsets were committed.
          failure = error ?? new Error('unknown');
        }
        wake.set();
      });
    }

    async function handleFresh(place: OwnedPartition, row: LogRow): Promise<void> {
      const at = { group: subscription.group, topic: place.topic, partition: place.partition };
      const offset = BigInt(row.offset);
      const known = place.parked.get(row.key);
      if (known) {
        // Before the head: handled by whoever parked the key, and delivered again. Behind it: waits its turn.
        if (offset > known.head) await parking.parkBehind(client, at, row);
      } else {
        const verdict = await attempt(row, 0);
        if (verdict.kind !== 'done') {
          const delayMs = verdict.kind === 'retry' ? verdict.delayMs : undefined;
          await parking.recordFailure(client, at, row, { reason: verdict.reason, delayMs });
          const retryAt = delayMs === undefined ? undefined : performance.now() + delayMs;
          place.parked.set(row.key, { key: row.key, head: offset, attempts: 1, retryAt });
        }
      }
      place.finish(offset);
    }

    function retryDueKeys(): void {
      const now = performance.now();
      for (const place of owned.values()) {
        for (const parkedKey of place.parked.values()) {
          if (parkedKey.retryAt === undefined || parkedKey.retryAt > now) continue;
          parkedKey.retryAt = Infinity; // In work; set again when it ends.
          inOrder(place, parkedKey.key, () => handleParked(place, parkedKey));
        }
      }
    }

    /** Handles the parked events of a key in order until none is left or one fails. */
    async function handleParked(place: OwnedPartition, parkedKey: parking.ParkedKey): Promise<void> {
      const at = { group: subscription.group, topic: place.topic, partition: place.partition };
      while (!ended.aborted) {
        const row = await parking.firstParked(client, at, parkedKey.key);
        if (!row) {
          await parking.releaseKey(client, at, parkedKey.key);
          place.parked.delete(parkedKey.key);
          return;
        }
        parkedKey.head = BigInt(row.offset);
        const verdict = await attempt(row, parkedKey.attempts);
        if (verdict.kind === 'done') {
          await parking.removeParked(client, at, row);
          parkedKey.attempts = 0;
          continue;
        }
        const delayMs = verdict.kind === 'retry' ? verdict.delayMs : undefined;
        await parking.recordFailure(client, at, row, { reason: verdict.reason, delayMs });
        parkedKey.attempts += 1;
        parkedKey.retryAt = delayMs === undefined ? undefined : performance.now() + delayMs;
        return;
      }
    }

    function msToNextRetry(): number {
      const due = [...owned.values()].flatMap((place) =>
        [...place.parked.values()].map((p) => p.retryAt ?? Infinity),
      );
      return Math.max(0, Math.min(...due, Infinity) - performance.now());
    }
  }

  async function attempt(row: LogRow, failures: number): Promise<Verdict> {
    const outcome = await runHandler(row);
    const verdict = judge(outcome, failures, options.retryDelaysMs);
    const about = { topic: row.topic, type: row.type, event_id: row.id, failures: failures + 1 };
    if (verdict.kind === 'retry')
      logger.warn('event will be tried again', { ...about, reason: verdict.reason });
    if (verdict.kind === 'dead') logger.error('event dead-lettered', { ...about, reason: verdict.reason });
    if (outcome.kind === 'drop') logger.info('event dropped', { ...about, reason: outcome.reason });
    return verdict;
  }

  async function runHandler(row: LogRow): Promise<Outcome> {
    const event = parseLogRow(row);
    if (!event) return { kind: 'dead-letter', reason: 'not a readable event' };
    const attributes = {
      'event.topic': row.topic,
      'event.type': row.type,
      'event.group': subscription.group,
    };
    const handle = async (): Promise<Outcome> => {
      try {
        return asOutcome(
          await ('handle' in subscription ? subscription.handle(event) : subscription.handleBatch([event])),
        );
      } catch (error) {
        logger.warn('event handler failed', {
          topic: row.topic,
          type: row.type,
          event_id: row.id,
          err: error,
        });
        return outcomeOfError(error);
      }
    };
    return withSpan('event.handle', attributes, handle, { traceparent: row.traceparent });
  }

  return {
    name: `consumer ${subscription.group}`,
    start: () => session.start(),
    drain: () => session.stop(),
    close: () => session.stop(),
  };
}

/** What a handler returned, when it is no outcome at all: a mistake that must not end the session again and again. */
function asOutcome(returned: Outcome | undefined): Outcome {
  const kinds: readonly unknown[] = ['ok', 'drop', 'retry', 'dead-letter'];
  if (returned && kinds.includes(returned.kind)) return returned;
  return { kind: 'retry', reason: 'handler returned no outcome' };
}
