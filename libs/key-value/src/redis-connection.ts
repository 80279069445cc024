import type { Logger } from '@wardline/observability';
import { Redis, ReplyError } from 'ioredis';
import { KeyValueRefused, KeyValueUnavailable } from './errors.ts';

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://` (TLS), with user, password and database number where needed. */
  url: string;
  /** Certificate authorities, PEM, for `rediss://`; default: those that Node trusts. */
  tlsCa?: string | undefined;
  /** How long a request may take, waiting for a connection included. */
  deadlineMs: number;
  /** Requests under way or waiting at most; one more is refused at once. */
  pendingMax: number;
  logger?: Logger | undefined;
}

export interface RedisConnection {
  readonly redis: Redis;
  /**
   * Does one thing with the connection once that is ready, within the deadline.
   *
   * @param what names it in errors, such as `set`
   * @throws KeyValueUnavailable, KeyValueRefused, RangeError when the store is full
   */
  run<T>(what: string, work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Waits for what is under way, within its deadline. */
  close(): Promise<void>;
}

const RECONNECT_DELAYS_MS = [50, 100, 250, 500, 1_000];

/**
 * One connection that heals by itself and never lets anybody wait longer than the deadline. ioredis's own queue for the
 * time without a connection has no bound, and sends what its caller has long given up: it is off, and so is sending again
 * what was under way when a connection broke, since a count might then be counted twice.
 */
export function openRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { deadlineMs, pendingMax, logger } = options;
  const { host } = new URL(options.url);
  const redis = new Redis(options.url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: deadlineMs,
    // A server that says nothing to what was asked is as good as gone: the connection is broken off and made anew.
    socketTimeout: deadlineMs,
    // What was under way is done when we close; a server that does not close its end is not waited for.
    disconnectTimeout: 200,
    retryStrategy: (attempt) => RECONNECT_DELAYS_MS[attempt - 1] ?? RECONNECT_DELAYS_MS.at(-1) ?? null,
    // After a failover the old primary accepts no writes: look up again who is the primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(options.tlsCa ? { tls: { ca: options.tlsCa } } : {}),
  });
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  let lastProblem: string | undefined;

  redis.on('error', (error: Error) => {
    // Only the text: ioredis hangs the command with its arguments, passwords and values among them, on its errors.
    if (lastProblem !== error.message)
      logger?.warn('redis connection failed', { host, problem: error.message });
    lastProblem = error.message;
  });
  const waiting = new Set<() => void>();
  redis.on('ready', () => {
    for (const proceed of waiting) proceed();
    if (lastProblem !== undefined) logger?.info('redis connection is back', { host });
    lastProblem = undefined;
  });

  async function run<T>(what: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    if (closing) throw new KeyValueUnavailable(`${what}: the key-value store was closed`);
    if (underWay.size >= pendingMax) {
      throw new KeyValueUnavailable(
        `${what}: ${pendingMax} requests are waiting for Redis at ${host} already`,
      );
    }
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), deadlineMs);
    const running = attempt(what, work, deadline.signal);
    underWay.add(running);
    try {
      return await running;
    } finally {
      clearTimeout(timer);
      underWay.delete(running);
    }
  }

  async function attempt<T>(
    what: string,
    work: (redis: Redis) => Promise<T>,
    deadline: AbortSignal,
  ): Promise<T> {
    if (redis.status === 'wait') redis.connect().catch(() => undefined); // Reported by the error event.
    await whenReady(what, deadline);
    try {
      return await orDeadline(work(redis), deadline);
    } catch (error) {
      throw clear(what, error);
    }
  }

  function whenReady(what: string, deadline: AbortSignal): Promise<void> {
    if (redis.status === 'ready') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onReady = (): void => {
        waiting.delete(onReady);
        deadline.removeEventListener('abort', onDeadline);
        resolve();
      };
      const onDeadline = (): void => {
        waiting.delete(onReady);
        reject(unavailable(what, lastProblem ?? 'it does not answer'));
      };
      waiting.add(onReady);
      deadline.addEventListener('abort', onDeadline, { once: true });
    });
  }

  const unavailable = (what: string, problem: string) =>
    new KeyValueUnavailable(
      `${what}: Redis at ${host} is not available within ${deadlineMs} ms (${problem})`,
    );

  /** Without `cause`, for the same reason as above. */
  function clear(what: string, error: unknown): Error {
    if (error instanceof RangeError) return error;
    const problem = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ReplyError)) return unavailable(what, problem);
    if (problem.startsWith('OOM')) return new RangeError('the key-value store is full');
    return new KeyValueRefused(`${what}: Redis at ${host} refused: ${problem}`);
  }

  async function end(): Promise<void> {
    await Promise.allSettled(underWay);
    redis.disconnect();
  }

  return { redis, run, close: () => (closing ??= end()) };
}

function orDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onDeadline = (): void => reject(new Error('it does not answer'));
    deadline.addEventListener('abort', onDeadline, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', onDeadline));
  });
}
