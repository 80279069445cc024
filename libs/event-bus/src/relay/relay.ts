import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import pg from 'pg';
import { onOutboxWritten } from '../outbox-hint.ts';
import { createWake, keepSession } from '../session.ts';
import { topicNames, topics } from '../topics.ts';
import { reportOutboxLag } from './outbox-lag.ts';
import { LOCK_PARTITIONS_SQL, OUTBOX_SCHEMAS_SQL } from './relay-sql.ts';

/** Where a relay brings events. */
export interface RelayTarget {
  /**
   * Takes what is visible in the outboxes of these schemas, of the partitions owned, and publishes it: both or neither.
   *
   * @param places partitions whose advisory locks this relay holds, as `topic partition`
   */
  publish(client: pg.Client, schemas: readonly string[], places: readonly string[]): Promise<PublishResult>;
  /** Removes what is no longer needed. */
  sweep(client: pg.Client): Promise<void>;
  /** Called when a session has ended, whatever the reason. */
  release?(): Promise<void>;
}

export interface PublishResult {
  published: number;
  /** There may be more. */
  more: boolean;
}

export interface RelayOptions {
  connectionString: string;
  logger: Logger;
  target: RelayTarget;
  /** How often it looks without a hint. */
  pollMs: number;
  /** How often it sweeps. */
  sweepMs: number;
  /** Told after each publication that had any events; for those who measure. */
  onPublished?: ((events: number) => void) | undefined;
  /** Takes only partitions whose number leaves this rest: several lanes share the work of one process. */
  lane?: { index: number; of: number };
}

/** After a hint: a row becomes visible only with the commit that follows it, mostly within a few milliseconds. */
const EAGER_MS = [1, 2, 4, 8, 16, 32];
/** Where something has just been, more follows: for this long it looks this often, for writers in other processes. */
const BUSY_MS = 1_000;
const BUSY_POLL_MS = 5;
/** How often it tries for partitions that another relay holds, and looks for new services. */
const SURVEY_MS = 2_000;

/**
 * Publishes what committed transactions have left in the services' outboxes. Several may run; each partition belongs to
 * the one that holds its advisory lock, on the connection with which it also takes the rows, so that a relay which has lost
 * the lock cannot publish.
 */
export function createRelay(options: RelayOptions): Component {
  const { target, logger, lane = { index: 0, of: 1 } } = options;
  const wake = createWake();
  let eager = EAGER_MS.length;
  let busyUntil = 0;
  let unhook = (): void => undefined;
  const session = keepSession({ ...options, name: 'wardline-relay', run });

  async function run(client: pg.Client, ended: AbortSignal): Promise<void> {
    const places: string[] = [];
    const lag = reportOutboxLag(lane.index === 0);
    let schemas: string[] = [];
    let surveyAt = 0;
    let sweepAt = performance.now() + options.sweepMs;
    ended.addEventListener('abort', () => wake.set());
    try {
      // The planner takes the rows of a batch for ten and joins them by nested loops: 0.7 s a batch instead of 20 ms. And it
      // takes outboxes for small, which they mostly are, and reads a long one whole for every batch.
      await client.query('set enable_nestloop = off');
      await client.query('set enable_seqscan = off');
      while (!ended.aborted) {
        if (performance.now() >= surveyAt) {
          await claim(client, places, lane);
          schemas = await findOutboxes(client);
          await lag.measure(client, schemas);
          surveyAt = performance.now() + SURVEY_MS;
        }
        if (performance.now() >= sweepAt) {
          await sweepInboxes(client, schemas);
          await target.sweep(client);
          sweepAt = performance.now() + options.sweepMs;
        }
        if (places.length === 0 || schemas.length === 0) {
          await pause();
          continue;
        }
        const { published, more } = await target.publish(client, schemas, places);
        if (published > 0) {
          busyUntil = performance.now() + BUSY_MS;
          options.onPublished?.(published);
        }
        if (!more) await pause();
      }
    } finally {
      lag.end();
      await target.release?.();
    }
  }

  async function pause(): Promise<void> {
    const delayMs = EAGER_MS[eager];
    eager += 1;
    if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
    else await wake.wait(performance.now() < busyUntil ? BUSY_POLL_MS : options.pollMs);
  }

  return {
    name: lane.of === 1 ? 'event-relay' : `event-relay ${lane.index + 1}/${lane.of}`,
    async start() {
      unhook = onOutboxWritten(() => {
        eager = 0;
        wake.set();
      });
      await session.start();
      logger.debug('event relay started', { lane: lane.index });
    },
    async close() {
      unhook();
      await session.stop();
    },
  };
}

async function claim(
  client: pg.Client,
  places: string[],
  lane: { index: number; of: number },
): Promise<void> {
  const missing = topicNames
    .flatMap((topic) =>
      Array.from({ length: topics[topic].partitions }, (_, partition) => ({ topic, partition })),
    )
    .filter(
      ({ topic, partition }) =>
        partition % lane.of === lane.index && !places.includes(`${topic} ${partition}`),
    );
  if (missing.length === 0) return;
  const got = await client.query<{ topic: string; partition: number }>(LOCK_PARTITIONS_SQL, [
    'relay',
    missing.map((one) => one.topic),
    missing.map((one) => one.partition),
  ]);
  places.push(...got.rows.map(({ topic, partition }) => `${topic} ${partition}`));
}

async function findOutboxes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>(OUTBOX_SCHEMAS_SQL);
  return rows.map((row) => row.schema);
}

/** The policy shows the relay's role only rows older than any event that could still come again. */
async function sweepInboxes(client: pg.Client, schemas: readonly string[]): Promise<void> {
  for (const schema of schemas) {
    await client.query(`delete from ${pg.escapeIdentifier(schema)}.inbox where processed_at < now()`);
  }
}
