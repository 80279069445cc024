import type { Logger } from '@wardline/observability';
import type { BusEvent, Outcome, Subscription } from '../event.ts';
import { parseLogRow, type LogRow } from '../stored-event.ts';
import { isTopicName, topics } from '../topics.ts';
import { createBatchLanes } from './batch-lanes.ts';
import { createKeyedWork } from './keyed-work.ts';
import type { OwnedPartition } from './owned-partition.ts';
import * as parking from './parking.ts';
import { judge, type Verdict } from './retry-policy.ts';
import { runBatchHandler, runHandler } from './run-handler.ts';

export interface EngineOptions {
  subscription: Subscription;
  logger: Logger;
  retryDelaysMs: readonly number[];
  /** Where parked keys are kept. A rejection ends the engine's work: see `onFailure`. */
  parkingStore: parking.Queryable;
  /** Something was finished, or a retry was scheduled: there may be offsets to commit and room to read. */
  onProgress: () => void;
  /** A parked key could not be written or read. The session is over; the next one begins where offsets were committed. */
  onFailure: (error: unknown) => void;
}

/**
 * What a group does with the events of the partitions it owns, whichever bus they come from: in order per key, a bounded
 * number at a time, single or in batches; a key that fails is parked durably with its later events behind it.
 */
export interface GroupEngine {
  /** Rows in order of their offsets. */
  accept(place: OwnedPartition, rows: readonly LogRow[]): void;
  /** Begins with the parked keys whose time has come. */
  retryDueKeys(places: Iterable<OwnedPartition>): void;
  /** Takes over what the table says of a partition that was just assigned. */
  loadParked(places: readonly OwnedPartition[]): Promise<void>;
  /** Looks for keys that were released by hand, or parked by an owner that did not know it was none any more. */
  surveyParked(places: readonly OwnedPartition[]): Promise<void>;
  msToNextRetry(places: Iterable<OwnedPartition>): number;
  /** Begins nothing new, and waits for what is running. */
  stop(): Promise<void>;
}

const CONCURRENCY_MAX = 16;
const BATCH_MAX = 500;
const BATCHES_MAX = 2;
const BATCHES_PER_TURN = 2;

interface Item {
  place: OwnedPartition;
  row: LogRow;
  event: BusEvent;
}

export function createGroupEngine(options: EngineOptions): GroupEngine {
  const { subscription, logger, parkingStore: store } = options;
  const { group } = subscription;
  const batching = 'handleBatch' in subscription ? subscription : undefined;
  const handleOne = (event: BusEvent): Promise<Outcome> =>
    'handle' in subscription ? subscription.handle(event) : subscription.handleBatch([event]);
  const work = createKeyedWork(batching ? CONCURRENCY_MAX : (subscription.concurrencyMax ?? CONCURRENCY_MAX));
  const lanes = createBatchLanes<OwnedPartition, LogRow>();
  const batches = new Set<Promise<void>>();
  const batchMax = batching?.batchMax ?? BATCH_MAX;
  let pumping: NodeJS.Immediate | undefined;
  let stopped = false;

  const keyOf = (place: OwnedPartition, key: string): string => `${place.topic} ${place.partition} ${key}`;
  const at = (place: OwnedPartition) => ({ group, topic: place.topic, partition: place.partition });

  function inOrder(place: OwnedPartition, key: string, job: () => Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      work.add(keyOf(place, key), async () => {
        try {
          if (!stopped && !place.revoked) await job();
        } catch (error) {
          stopped = true;
          options.onFailure(error ?? new Error('unknown'));
        }
        resolve();
        options.onProgress();
      });
    });
  }

  function accept(place: OwnedPartition, rows: readonly LogRow[]): void {
    if (stopped) return;
    for (const row of rows) place.begin(BigInt(row.offset));
    if (batching) {
      lanes.add(place, rows);
      // A fetch brings rows of many partitions, one call each: let them all come before a batch is made of them.
      pumping ??= setImmediate(pumpBatches);
    } else {
      for (const row of rows) void inOrder(place, row.key, () => handleFresh(place, row));
    }
  }

  function pumpBatches(): void {
    pumping = undefined;
    while (batching && !stopped && batches.size < (batching.concurrencyMax ?? BATCHES_MAX)) {
      // Of several tenants, which take their turns: enough that each has a batch worth a transaction.
      const taken = lanes.take(BATCHES_PER_TURN * batchMax);
      if (taken.length === 0) return;
      const batch = handleTaken(taken).finally(() => {
        lanes.free(taken);
        batches.delete(batch);
        options.onProgress();
        pumpBatches();
      });
      batches.add(batch);
    }
  }

  async function handleTaken(taken: { lane: OwnedPartition; items: LogRow[] }[]): Promise<void> {
    const perTenant = new Map<string, Item[]>();
    const single: Promise<void>[] = [];
    const read = taken
      .filter(({ lane }) => !lane.revoked)
      .flatMap(({ lane: place, items }) => items.map((row) => ({ place, row, event: parseLogRow(row) })));
    // With one that cannot be read, all events of its key go one by one: it parks those behind it, and none before it.
    const spoiled = new Set(read.flatMap(({ place, row, event }) => (event ? [] : [keyOf(place, row.key)])));
    for (const { place, row, event } of read) {
      if (!event || spoiled.has(keyOf(place, row.key))) {
        single.push(inOrder(place, row.key, () => handleFresh(place, row)));
      } else if (perTenant.has(event.tenantId)) perTenant.get(event.tenantId)?.push({ place, row, event });
      else perTenant.set(event.tenantId, [{ place, row, event }]);
    }
    for (const items of perTenant.values()) {
      for (let from = 0; from < items.length && !stopped; from += batchMax) {
        await handleBatch(items.slice(from, from + batchMax), single);
      }
    }
    await Promise.all(single);
  }

  async function handleBatch(items: readonly Item[], single: Promise<void>[]): Promise<void> {
    if (!batching) return;
    const alone = ({ place, row }: Item): void =>
      void single.push(inOrder(place, row.key, () => handleFresh(place, row)));
    // A key that is parked, or still at work, if only from the batch before, is not for a batch: its events have an order.
    const isBusy = ({ place, row }: Item): boolean =>
      place.parked.has(row.key) || work.has(keyOf(place, row.key));
    const together: Item[] = [];
    for (const item of items) {
      if (isBusy(item)) alone(item);
      else together.push(item);
    }
    const events = firstCopies(together.map((item) => item.event));
    // Of one event the outcome is its own; of several that failed nobody knows which one it was.
    if (events.length > 1 && (await runBatchHandler(events, batching.handleBatch, { group, logger }))) {
      for (const { place, row } of together) place.finish(BigInt(row.offset));
    } else {
      together.forEach(alone);
    }
  }

  async function handleFresh(place: OwnedPartition, row: LogRow): Promise<void> {
    const offset = BigInt(row.offset);
    const known = place.parked.get(row.key);
    // Before the head: handled by whoever parked the key, and delivered again. Behind it: waits its turn.
    const waits = known && (offset <= known.head || (await parking.parkBehind(store, at(place), row)));
    if (!waits) {
      place.parked.delete(row.key);
      const verdict = await attempt(row, 0);
      if (verdict.kind === 'dead' && skips(place)) {
        await parking.recordSkipped(store, at(place), row, verdict.reason);
      } else if (verdict.kind !== 'done') {
        const delayMs = verdict.kind === 'retry' ? verdict.delayMs : undefined;
        await parking.recordFailure(store, at(place), row, { reason: verdict.reason, delayMs });
        const retryAt = delayMs === undefined ? undefined : performance.now() + delayMs;
        place.parked.set(row.key, { key: row.key, head: offset, attempts: 1, retryAt });
      }
    }
    place.finish(offset);
  }

  function retryDueKeys(places: Iterable<OwnedPartition>): void {
    const now = performance.now();
    for (const place of places) {
      for (const parkedKey of place.parked.values()) {
        if (parkedKey.retryAt === undefined || parkedKey.retryAt > now) continue;
        parkedKey.retryAt = Infinity; // In work; set again when it ends.
        void inOrder(place, parkedKey.key, () => handleParked(place, parkedKey));
      }
    }
  }

  /** Handles the parked events of a key in order until none is left or one fails. */
  async function handleParked(place: OwnedPartition, parkedKey: parking.ParkedKey): Promise<void> {
    // Where the partition has a new owner, the key is the new owner's to release.
    while (!stopped && !place.revoked) {
      const row = await parking.firstParked(store, at(place), parkedKey.key);
      if (!row) {
        if (!(await parking.releaseKey(store, at(place), parkedKey.key))) continue;
        place.parked.delete(parkedKey.key);
        return;
      }
      parkedKey.head = BigInt(row.offset);
      const verdict = await attempt(row, parkedKey.attempts);
      if (verdict.kind === 'dead' && skips(place)) {
        await parking.recordSkipped(store, at(place), row, verdict.reason);
      } else if (verdict.kind !== 'done') {
        const delayMs = verdict.kind === 'retry' ? verdict.delayMs : undefined;
        await parking.recordFailure(store, at(place), row, { reason: verdict.reason, delayMs });
        parkedKey.attempts += 1;
        parkedKey.retryAt = delayMs === undefined ? undefined : performance.now() + delayMs;
        return;
      }
      await parking.removeParked(store, at(place), row);
      parkedKey.attempts = 0;
    }
  }

  async function attempt(row: LogRow, failures: number): Promise<Verdict> {
    const event = parseLogRow(row);
    const outcome: Outcome = event
      ? await runHandler(event, handleOne, { group, logger })
      : { kind: 'dead-letter', reason: row.unreadable ?? 'not a readable event' };
    const verdict = judge(outcome, failures, options.retryDelaysMs);
    const about = { topic: row.topic, type: row.type, event_id: row.id, failures: failures + 1 };
    if (verdict.kind === 'retry')
      logger.warn('event will be tried again', { ...about, reason: verdict.reason });
    if (verdict.kind === 'dead') logger.error('event dead-lettered', { ...about, reason: verdict.reason });
    if (outcome.kind === 'drop') logger.info('event dropped', { ...about, reason: outcome.reason });
    return verdict;
  }

  async function loadParked(places: readonly OwnedPartition[]): Promise<void> {
    for (const { place, ...parkedKey } of await parking.loadParkedKeys(store, group, places)) {
      place.parked.set(parkedKey.key, parkedKey);
    }
  }

  async function surveyParked(places: readonly OwnedPartition[]): Promise<void> {
    for (const { place, ...parkedKey } of await parking.loadParkedKeys(store, group, places)) {
      const known = place.parked.get(parkedKey.key);
      // Of a key that we are at we know more than the table, except that a dead one was released by hand.
      if (known && known.retryAt === undefined) Object.assign(known, parkedKey);
      // The table was read a moment ago: whether it is still so is for the key's own turn to say.
      if (!known && !work.has(keyOf(place, parkedKey.key))) {
        void inOrder(place, parkedKey.key, async () => {
          const still = await parking.findParkedKey(store, at(place), parkedKey.key);
          if (still && !place.parked.has(parkedKey.key)) place.parked.set(parkedKey.key, still);
        });
      }
    }
  }

  return {
    accept,
    retryDueKeys,
    loadParked,
    surveyParked,
    msToNextRetry(places) {
      let next = Infinity;
      for (const place of places) {
        for (const { retryAt } of place.parked.values()) next = Math.min(next, retryAt ?? Infinity);
      }
      return Math.max(0, next - performance.now());
    },
    async stop() {
      stopped = true;
      lanes.clear();
      // What waits for its turn sees that it is over, and returns.
      await Promise.all(batches);
      await work.idle();
    },
  };
}

/**
 * A relay that died between publishing and remembering publishes again, and both copies may be in one batch: a handler that
 * asks which ids are new would find both of them new.
 */
function firstCopies(events: readonly BusEvent[]): BusEvent[] {
  const seen = new Set<string>();
  return events.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** What the topic says of a key whose event was given up: `skip` lets it go on. */
function skips(place: OwnedPartition): boolean {
  const policy: { onFailure?: 'park' | 'skip' } | undefined = isTopicName(place.topic)
    ? topics[place.topic]
    : undefined;
  return policy?.onFailure === 'skip';
}
