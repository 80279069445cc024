import type { Logger } from '@wardline/observability';
import pg from 'pg';
import type { TenantTopic } from '../../domain/tenant-topic-plan.ts';
import type { TenantTopicTurns } from '../../ports/tenant-topic-cursors.ts';

/**
 * Turns as advisory locks of one session: Postgres gives them back by itself when the process dies or is cut off. Losing
 * the session loses them all; the next `take` begins a new one, and is told which turns it still gets.
 */
export function createPostgresTenantTopicTurns(o: {
  connectionString: string;
  logger: Logger;
}): TenantTopicTurns {
  let session: { client: pg.Client; held: Set<string> } | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function sessionOf() {
    if (session) return session;
    const client = new pg.Client({
      connectionString: o.connectionString,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    const mine = { client, held: new Set<string>() };
    const lost = () => {
      if (session === mine) session = undefined;
    };
    client.on('error', (err) => {
      o.logger.warn('the turns of tenant topics were lost with their connection', { err });
      lost();
    });
    client.on('end', lost);
    await client.connect();
    return (session = mine);
  }

  async function take({ tenantId, personal }: TenantTopic): Promise<boolean> {
    const { client, held } = await sessionOf();
    const name = `tenant-topic ${tenantId} ${personal}`;
    try {
      // Asked each time, also for what is held: an answer is the proof that the session lives.
      const { rows } = await client.query<{ ours: boolean }>(
        held.has(name)
          ? 'SELECT true AS ours'
          : { text: 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS ours', values: [name] },
      );
      const ours = rows[0]?.ours === true;
      if (ours) held.add(name);
      return ours;
    } catch (error) {
      session = undefined;
      client.end().catch(() => undefined); // It is broken already; that it cannot be closed is no news.
      throw error;
    }
  }

  return {
    take(topic) {
      // One at a time, so that two workers do not open two sessions.
      const taken = queue.then(() => take(topic));
      queue = taken.catch(() => undefined);
      return taken;
    },
    async release() {
      await queue;
      const client = session?.client;
      session = undefined;
      await client?.end();
    },
  };
}
