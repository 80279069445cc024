import { setTimeout as pause } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { isTransactionConflict, databaseErrorOf, layersOf } from './database-error.ts';
import { CommitUnknown, TenantInvalid, TransactionContention } from './errors.ts';
import { backoffMs } from './retry.ts';

export type IsolationLevel = 'ReadCommitted' | 'Serializable';

/** What this library says while it works; any structured logger fits. */
export interface PersistenceLogger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** Anything that runs SQL inside the current transaction; a Prisma transaction client is one. */
export interface SqlTx {
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>;
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T>;
}

/** The part of a generated Prisma client that this library uses. */
export interface PrismaLike {
  $transaction: unknown;
  $disconnect(): Promise<void>;
}

/** The transaction client of a Prisma client: the client without what makes no sense inside a transaction. */
export type TxOf<C> = Omit<C, '$connect' | '$disconnect' | '$on' | '$use' | '$extends'>;

export interface TransactionOptions {
  /** Default `Serializable`: as if transactions ran one after another; conflicts are retried. */
  readonly isolation?: IsolationLevel;
  /** Default 8, the first included. */
  readonly attemptsMax?: number;
  /** For all attempts together, waiting included. Default 5,000. */
  readonly deadlineMs?: number;
  /**
   * Set it when running the work twice has the effect of running it once (an idempotency key guards it). Then a lost
   * connection during commit is retried too, instead of ending in `CommitUnknown`.
   */
  readonly idempotent?: boolean;
}

export interface TenantDatabase<Tx> {
  /**
   * Runs work in one transaction as the service's role with the tenant set, so that row-level security shows and takes
   * this tenant's rows alone.
   *
   * The work is run again, from its start, when PostgreSQL undid it because of a concurrent transaction: it must have no
   * effect outside the database. It is not run again for any other failure.
   *
   * @throws TenantInvalid before touching the database
   * @throws TransactionContention when attempts or time are used up; nothing was written
   * @throws CommitUnknown when the connection was lost while committing
   */
  inTenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>, o?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
}

interface Interactive<Tx> {
  <T>(
    work: (tx: Tx) => Promise<T>,
    o: { isolationLevel: IsolationLevel; maxWait: number; timeout: number },
  ): Promise<T>;
}

/**
 * Longer than any transaction's deadline, because the pool counts waiting in its queue too, and what it then says tells
 * nobody that the request may be repeated; the deadline's own end does.
 */
const POOL_WAIT_MS = 30_000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Opens a service's database through its Prisma client.
 *
 * Connections use UTC as their session zone: `@prisma/adapter-pg` 7.10 sends times without an offset and drops the
 * offset of what it reads, so that any other zone would shift every instant.
 */
export function createTenantDatabase<C extends PrismaLike>(o: {
  connectionString: string;
  createClient: (adapter: PrismaPg) => C;
  /** Connections kept at most; default 10. */
  poolSizeMax?: number;
  /**
   * The name under which a connection keeps this statement prepared; '' sends it unprepared, which is the default for all.
   * Name only statements of constant text: a connection never forgets one.
   */
  preparedNameOf?: (sql: string) => string;
  logger: PersistenceLogger;
}): TenantDatabase<TxOf<C>> & { client: C } {
  const { preparedNameOf } = o;
  const adapter = new PrismaPg(
    {
      connectionString: o.connectionString,
      max: o.poolSizeMax ?? 10,
      options: '-c TimeZone=UTC',
      connectionTimeoutMillis: POOL_WAIT_MS,
    },
    {
      onPoolError: (error) => o.logger.warn('an idle database connection was lost', { err: error }),
      onConnectionError: (error) => o.logger.warn('a database connection was lost', { err: error }),
      ...(preparedNameOf
        ? { statementNameGenerator: ({ sql }: { sql: string }) => preparedNameOf(sql) }
        : {}),
    },
  );
  const client = o.createClient(adapter);
  let closing: Promise<void> | undefined;
  return {
    client,
    inTenant: (tenantId, work, options) => runInTenant(client, o.logger, tenantId, work, options ?? {}),
    close: () => (closing ??= client.$disconnect()),
  };
}

async function runInTenant<C extends PrismaLike, T>(
  client: C,
  logger: PersistenceLogger,
  tenantId: string,
  work: (tx: TxOf<C>) => Promise<T>,
  o: TransactionOptions,
): Promise<T> {
  if (!UUID.test(tenantId)) throw new TenantInvalid();
  const attemptsMax = o.attemptsMax ?? 8;
  const until = performance.now() + (o.deadlineMs ?? 5000);
  // Called as a method: Prisma's client looks up its own state through `this`.
  const transaction: Interactive<TxOf<C>> = (run, options) =>
    (client as unknown as { $transaction: Interactive<TxOf<C>> }).$transaction(run, options);
  for (let attempt = 1; ; attempt++) {
    const remainingMs = Math.max(1, Math.ceil(until - performance.now()));
    let workDone = false;
    try {
      return await transaction(
        async (tx) => {
          // Prisma's own timeout only looks between statements; the server's also ends one that waits for a lock.
          await (tx as unknown as SqlTx).$executeRawUnsafe(
            `select set_config('wardline.tenant_id', $1, true), set_config('statement_timeout', $2, true)`,
            tenantId,
            String(remainingMs),
          );
          const result = await work(tx);
          workDone = true;
          return result;
        },
        { isolationLevel: o.isolation ?? 'Serializable', maxWait: remainingMs, timeout: remainingMs },
      );
    } catch (error) {
      if (ranOutOfTime(error, performance.now() >= until))
        throw new TransactionContention(attempt, { cause: error });
      const repeatable =
        isTransactionConflict(error) || (workDone && isAmbiguous(error) && o.idempotent === true);
      if (!repeatable) {
        if (workDone && isAmbiguous(error)) throw new CommitUnknown({ cause: error });
        throw error;
      }
      const waitMs = backoffMs(attempt, Math.random());
      if (attempt >= attemptsMax || performance.now() + waitMs >= until) {
        throw new TransactionContention(attempt, { cause: error });
      }
      logger.debug('transaction repeated after a conflict', { attempt, waitMs });
      await pause(waitMs);
    }
  }
}

/**
 * The pool gave no connection in time (P2028 "Unable to start"), the transaction outlived its timeout (P2028), or a
 * statement did (SQLSTATE 57014). In each case it was rolled back. P2028 before the deadline is a mistake in the work,
 * such as using `tx` after its end, and stays what it is.
 */
function ranOutOfTime(error: unknown, deadlinePassed: boolean): boolean {
  if (databaseErrorOf(error)?.sqlState === '57014') return true;
  for (const layer of layersOf(error)) {
    if (layer['code'] !== 'P2028') continue;
    return deadlinePassed || String(layer['message']).includes('Unable to start a transaction');
  }
  return false;
}

/** After the work, only the commit is left to fail. A SQLSTATE is the server's clear "no"; without one nobody knows. */
function isAmbiguous(error: unknown): boolean {
  const state = databaseErrorOf(error)?.sqlState;
  // Class 08 is a lost connection, 57P01–57P03 a server that was stopped under us (appendix A).
  return state === undefined || state.startsWith('08') || state.startsWith('57P');
}
