import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type pg from 'pg';
import { createGroupEngine } from '../consumer/group-engine.ts';
import type { OwnedPartition } from '../consumer/owned-partition.ts';
import type { Subscription } from '../event.ts';
import { topics } from '../topics.ts';
import { claimPartitions, commitOffsets, fetchRows, readHighWater } from './cursors.ts';
import { CHANNEL } from './postgres-target.ts';
import { createWake, keepSession } from '../session.ts';

export interface ConsumerOptions {
  connectionString: string;
  logger: Logger;
  pollMs: number;
  retryDelaysMs: readonly number[];
}

/** Events read ahead of the watermark, per partition: what a crash delivers again at most. */
const WINDOW_MAX = 128;
const BATCH_WINDOW_MAX = 2_000;
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
  const windowMax = 'handleBatch' in subscription ? BATCH_WINDOW_MAX : WINDOW_MAX;
  const allPartitions = subscription.topics.flatMap((topic) =>
    Array.from({ length: topics[topic].partitions }, (_, partition) => ({ topic, partition })),
  );

  async function run(client: pg.Client, ended: AbortSignal): Promise<void> {
    const wake = createWake();
    const owned = new Map<string, OwnedPartition>();
    let failure: unknown;
    let surveyAt = 0;
    const engine = createGroupEngine({
      subscription,
      logger,
      retryDelaysMs: options.retryDelaysMs,
      parkingStore: client,
      onProgress: () => wake.set(),
      // The log itself failed: this session is over, and the next one begins where offsets were committed.
      onFailure: (error) => (failure ??= error),
    });

    client.on('notification', ({ payload }) => {
      if (payload === 'released') surveyAt = 0;
      wake.set();
    });
    ended.addEventListener('abort', () => wake.set());

    try {
      await client.query(`listen ${CHANNEL}`);
      while (!ended.aborted && failure === undefined) {
        if (performance.now() >= surveyAt) {
          const claimed = await claimPartitions(client, subscription.group, allPartitions, owned);
          await engine.loadParked([...claimed]);
          await engine.surveyParked([...owned.values()]);
          surveyAt = performance.now() + SURVEY_MS;
        }
        engine.retryDueKeys(owned.values());
        await readAhead();
        await commitOffsets(client, subscription.group, owned.values());
        await wake.wait(Math.min(options.pollMs, engine.msToNextRetry(owned.values())));
      }
      if (failure !== undefined) throw failure;
    } finally {
      await engine.stop();
      // Without a connection nothing can be committed; what was not comes again, which effects expect.
      await commitOffsets(client, subscription.group, owned.values()).catch(() => undefined);
    }

    async function readAhead(): Promise<void> {
      for (const { topic, partition, nextOffset } of await readHighWater(client, subscription.topics)) {
        const place = owned.get(`${topic} ${partition}`);
        if (!place || place.position >= nextOffset || place.inWork >= windowMax) continue;
        const rows = await fetchRows(client, place, windowMax - place.inWork);
        if (ended.aborted) return;
        engine.accept(place, rows);
        if (rows.length > 0 && place.position < nextOffset) wake.set();
      }
    }
  }

  return {
    name: `consumer ${subscription.group}`,
    start: () => session.start(),
    drain: () => session.stop(),
    close: () => session.stop(),
  };
}
