import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import pg from 'pg';
import { createPlainPublisher, type OutboxRow } from './plain-publisher.ts';
import type { ProcessConfig } from './process-config.ts';

/**
 * The planted relay: it remembers the last id and asks for greater ones, as one might. Whatever got its id early and
 * commits late lies behind the cursor by then and is never seen.
 */
export function createRelayById(config: ProcessConfig, logger: Logger): Component {
  let stopping = false;
  let running: Promise<void> | undefined;

  async function session(): Promise<void> {
    const client = new pg.Client({ connectionString: config.busUrl });
    client.on('error', (error) => logger.warn('connection lost', { err: error }));
    await client.connect();
    const publisher = await createPlainPublisher(config);
    try {
      // One of the two instances works; the other waits.
      while (!stopping && !(await tryLock(client))) await pause(200);
      while (!stopping) {
        await client.query('begin');
        const { rows } = await client.query<OutboxRow>(
          `select * from chaos.outbox where position > (select position from chaos.relay_cursor)
           order by position limit 500`,
        );
        const last = rows.at(-1);
        if (last) {
          await publisher.publish(client, rows);
          await client.query('delete from chaos.outbox where position = any ($1)', [
            rows.map((row) => row.position),
          ]);
          await client.query('update chaos.relay_cursor set position = $1', [last.position]);
        }
        await client.query('commit');
        if (!last) await pause(10);
      }
    } finally {
      await publisher.close();
      await client.end().catch(() => undefined); // It may be lost already.
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      try {
        await session();
      } catch (error) {
        logger.warn('planted relay begins anew', { err: error });
        await pause(300);
      }
    }
  }

  return {
    name: 'relay-by-id',
    async start() {
      running = loop();
    },
    async close() {
      stopping = true;
      await running;
    },
  };
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock(4711) as got');
  return rows[0]?.got === true;
}
