import type { Logger } from '@wardline/observability';
import { preparedFor } from '../relay/prepared.ts';
import { PRUNE_LOG_SQL, publishToLogSql } from '../relay/relay-sql.ts';
import type { RelayTarget } from '../relay/relay.ts';
import { publishedEvents } from '../relay/outbox-lag.ts';

/** The channel that wakes consumers. */
export const CHANNEL = 'wardline_bus';

const publishToLog = preparedFor(publishToLogSql);
const BATCH_MAX = 1_000;
const PRUNE_ROWS_MAX = 20_000;
/** As long as inboxes remember (their policy in migrations/service). */
const RETENTION_MS_MAX = 30 * 24 * 3_600_000;

/** Brings events to the durable log in the same database: taking and publishing are one statement. */
export function createPostgresTarget(options: { retentionMs: number; logger: Logger }): RelayTarget {
  return {
    async publish(client, schemas, places) {
      const result = await client.query<{ published: number; largest: number }>({
        // Prepared: it is asked twenty times a second, and planning takes longer than looking into empty outboxes.
        ...publishToLog(schemas),
        values: [places, BATCH_MAX],
      });
      const { published = 0, largest = 0 } = result.rows[0] ?? {};
      // Outside every transaction that writes events: NOTIFY serialises the commits of those who use it.
      if (published > 0) {
        await client.query(`notify ${CHANNEL}`);
        publishedEvents.add(published);
      }
      return { published, more: largest >= BATCH_MAX };
    },
    async sweep(client) {
      const pruned = await client.query(PRUNE_LOG_SQL, [
        options.retentionMs,
        RETENTION_MS_MAX,
        PRUNE_ROWS_MAX,
      ]);
      options.logger.debug('event log pruned', { rows: pruned.rowCount ?? 0 });
    },
  };
}
