import type { Logger } from '@wardline/observability';
import pg from 'pg';
import type { Queryable } from '../consumer/parking.ts';
import { sleep } from '../session.ts';

/** The tables of parked keys, for the consumers of one process. */
export interface ParkingPool {
  /** Statements that wait for the database as long as the signal lets them. */
  store(ended: AbortSignal): Queryable;
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 4;
const STATEMENT_TIMEOUT_MS = 10_000;
const RETRY_DELAYS_MS = [50, 200, 1_000, 2_000];

/**
 * On Kafka the offsets are the cluster's, but a parked key is kept in Postgres. When that is away, nothing can be parked and
 * nothing may be passed over: the key's turn lasts until the database is back.
 *
 * @param connectionString as the role `wardline_parking`
 */
export function createParkingPool(connectionString: string, logger: Logger): ParkingPool {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS_MAX,
    application_name: 'wardline-parking',
    statement_timeout: STATEMENT_TIMEOUT_MS,
    connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  // An idle connection that is lost is replaced with the next statement; without a listener it would end the process.
  pool.on('error', (error) => logger.warn('parking connection lost', { err: error }));

  return {
    store: (ended) => {
      const query = async (text: string, values: unknown[]): Promise<pg.QueryResult> => {
        for (let failures = 0; ; failures += 1) {
          try {
            return await pool.query(text, values);
          } catch (error) {
            if (ended.aborted || isOurMistake(error)) throw error;
            logger.warn('parked keys out of reach, trying again', { err: error });
            await sleep(RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)] ?? 2_000, ended);
          }
        }
      };
      return { query: query as Queryable['query'] };
    },
    close: () => pool.end(),
  };
}

/** Classes of SQLSTATE that no waiting cures: data, syntax, rights. */
function isOurMistake(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|42)[0-9A-Z]{3}$/.test(code);
}
