import type { SqlQueryTx } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import pg from 'pg';

export interface Transaction extends SqlQueryTx {
  query<T extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<T[]>;
}

export interface Transactions {
  /** One transaction of a tenant: committed when `work` gives true, else rolled back. A broken connection is thrown away. */
  run(tenantId: string, work: (tx: Transaction) => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

/** Plain transactions without any help: what is retried, and what that means, is the caller's business here. */
export function openTransactions(connectionString: string, max: number, logger: Logger): Transactions {
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: 5_000,
    application_name: 'wardline-chaos',
  });
  pool.on('error', (error) => logger.warn('an idle connection was lost', { err: error }));
  return {
    async run(tenantId, work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      // The pool listens only to idle clients; the loss also shows as a failed query.
      const onError = (error: Error): void => void (broken = error);
      client.on('error', onError);
      try {
        await client.query('begin');
        await client.query(`select set_config('wardline.tenant_id', $1, true)`, [tenantId]);
        const commit = await work({
          $executeRawUnsafe: async (sql, ...values) => (await client.query(sql, values)).rowCount ?? 0,
          $queryRawUnsafe: async <T>(sql: string, ...values: unknown[]) =>
            (await client.query(sql, values)).rows as T,
          query: async <T extends pg.QueryResultRow>(sql: string, values: unknown[]) =>
            (await client.query<T>(sql, values)).rows,
        });
        await client.query(commit ? 'commit' : 'rollback');
      } catch (error) {
        broken = error as Error;
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
