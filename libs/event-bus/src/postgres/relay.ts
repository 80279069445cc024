import { createHash } from 'node:crypto';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import pg from 'pg';
import { onOutboxWritten } from '../outbox-hint.ts';
import { topicNames, topics } from '../topics.ts';
import { LOCK_PARTITIONS_SQL, OUTBOX_SCHEMAS_SQL, PRUNE_LOG_SQL, relaySql } from './relay-sql.ts';
import { createWake, keepSession } from './session.ts';

export interface RelayOptions {
  connectionString: string;
  logger: Logger;
  /** How often it looks without a hint. */
  pollMs: number;
  /** Age at which a log row that every group has passed is pruned. */
  retentionMs: number;
  /** How often it prunes. */
  sweepMs: number;
}

/** The channel that wakes consumers. */
export const CHANNEL = 'wardline_bus';

const BATCH_MAX = 1_000;
/** After a hint: a row becomes visible only with the commit that follows it, mostly within a few milliseconds. */
const EAGER_MS = [1, 2, 4, 8, 16, 32];
/** How often it tries for partitions that another relay holds, and looks for new services. */
const SURVEY_MS = 2_000;
const PRUNE_ROWS_MAX = 20_000;
/** As long as inboxes remember (their policy in migrations/service). */
const RETENTION_MS_MAX = 30 * 24 * 3_600_000;

interface Owned {
  topics: string[];
  partitions: number[];
}

/**
 * Publishes what committed transactions have left in the services' outboxes. Several may run; each partition belongs to
 * the one that holds its advisory lock, on the connection it also writes with, so that a relay which has lost the lock
 * cannot write.
 */
export function createRelay(options: RelayOptions): Component {
  const wake = createWake();
  let eager = EAGER_MS.length;
  let unhook = (): void => undefined;
  const session = keepSession({ ...options, name: 'wardline-relay', run });

  async function run(client: pg.Client, ended: AbortSignal): Promise<void> {
    const owned: Owned = { topics: [], partitions: [] };
    let sql: string | undefined;
    let surveyAt = 0;
    let sweepAt = performance.now() + options.sweepMs;
    ended.addEventListener('abort', () => wake.set());
    // The planner takes the rows of a batch for ten and joins them by nested loops: 0.7 s a batch instead of 20 ms.
    await client.query('set enable_nestloop = off');
    while (!ended.aborted) {
      if (performance.now() >= surveyAt) {
        await claim(client, owned);
        sql = await findOutboxes(client);
        surveyAt = performance.now() + SURVEY_MS;
      }
      if (performance.now() >= sweepAt) {
        await sweep(client);
        sweepAt = performance.now() + options.sweepMs;
      }
      const more = sql !== undefined && owned.topics.length > 0 && (await publish(client, sql, owned));
      if (!more) await pause();
    }
  }

  /** True when there may be more. */
  async function publish(client: pg.Client, sql: string, owned: Owned): Promise<boolean> {
    const result = await client.query<{ published: number; largest: number }>({
      // Prepared: it is asked twenty times a second, and planning takes longer than looking into empty outboxes.
      name: statementName(sql),
      text: sql,
      values: [owned.topics, owned.partitions, BATCH_MAX],
    });
    const { published = 0, largest = 0 } = result.rows[0] ?? {};
    // Outside every transaction that writes events: NOTIFY serialises the commits of those who use it.
    if (published > 0) await client.query(`notify ${CHANNEL}`);
    return largest >= BATCH_MAX;
  }

  async function pause(): Promise<void> {
    const delayMs = EAGER_MS[eager];
    eager += 1;
    if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
    else await wake.wait(options.pollMs);
  }

  async function sweep(client: pg.Client): Promise<void> {
    const pruned = await client.query(PRUNE_LOG_SQL, [options.retentionMs, RETENTION_MS_MAX, PRUNE_ROWS_MAX]);
    const schemas = await client.query<{ schema: string }>(OUTBOX_SCHEMAS_SQL);
    for (const { schema } of schemas.rows) {
      // The policy shows this role only rows older than any event that could still come again.
      await client.query(`delete from ${pg.escapeIdentifier(schema)}.inbox where processed_at < now()`);
    }
    options.logger.debug('event log pruned', { rows: pruned.rowCount ?? 0 });
  }

  return {
    name: 'event-relay',
    async start() {
      unhook = onOutboxWritten(() => {
        eager = 0;
        wake.set();
      });
      await session.start();
    },
    async close() {
      unhook();
      await session.stop();
    },
  };
}

async function claim(client: pg.Client, owned: Owned): Promise<void> {
  const held = new Set(owned.topics.map((topic, index) => `${topic} ${owned.partitions[index]}`));
  const missing = topicNames
    .flatMap((topic) =>
      Array.from({ length: topics[topic].partitions }, (_, partition) => ({ topic, partition })),
    )
    .filter(({ topic, partition }) => !held.has(`${topic} ${partition}`));
  if (missing.length === 0) return;
  const got = await client.query<{ topic: string; partition: number }>(LOCK_PARTITIONS_SQL, [
    'relay',
    missing.map((one) => one.topic),
    missing.map((one) => one.partition),
  ]);
  for (const { topic, partition } of got.rows) {
    owned.topics.push(topic);
    owned.partitions.push(partition);
  }
}

async function findOutboxes(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ schema: string }>(OUTBOX_SCHEMAS_SQL);
  return rows.length === 0 ? undefined : relaySql(rows.map((row) => row.schema));
}

/** Another set of outboxes is another statement. */
const statementName = (sql: string): string => `relay-${createHash('md5').update(sql).digest('hex')}`;
