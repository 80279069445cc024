import type { Logger } from '@wardline/observability';
import pg from 'pg';

export interface KeepSessionOptions {
  connectionString: string;
  /** Shown in pg_stat_activity. */
  name: string;
  logger: Logger;
  /** Works on one connection until `ended` aborts. A rejection, like a lost connection, leads to a new session. */
  run: (client: pg.Client, ended: AbortSignal) => Promise<void>;
}

const RECONNECT_DELAYS_MS = [50, 200, 1_000, 2_000];

/** A piece of work that owns one connection, with the advisory locks on it, and is begun anew when that is lost. */
export interface Session {
  /** @throws when the first connection cannot be made */
  start(): Promise<void>;
  /** Ends the work and waits for it. Idempotent. */
  stop(): Promise<void>;
}

export function keepSession(options: KeepSessionOptions): Session {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: options.connectionString,
      application_name: options.name,
      keepAlive: true,
    });
    // Without a listener a lost connection would be an uncaught error; `runOn` learns of it by 'end'.
    client.on('error', (error) => options.logger.warn('event log connection failed', { err: error }));
    await client.connect();
    return client;
  }

  async function runOn(client: pg.Client): Promise<void> {
    const lost = new AbortController();
    const onEnd = (): void => lost.abort();
    client.once('end', onEnd);
    try {
      await options.run(client, AbortSignal.any([stopping.signal, lost.signal]));
    } finally {
      client.off('end', onEnd);
      // Its locks go with it. A connection that cannot be ended is ended already.
      await client.end().catch(() => undefined);
    }
  }

  async function loop(first: pg.Client): Promise<void> {
    let client: pg.Client | undefined = first;
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      try {
        client ??= await connect();
        const startedAt = performance.now();
        await runOn(client);
        if (performance.now() - startedAt > 10_000) failures = 0;
      } catch (error) {
        options.logger.warn('event log session failed', { session: options.name, err: error });
      }
      client = undefined;
      const delayMs = RECONNECT_DELAYS_MS[Math.min(failures, RECONNECT_DELAYS_MS.length - 1)] ?? 2_000;
      await sleep(delayMs, stopping.signal);
    }
  }

  return {
    async start() {
      const client = await connect();
      running = loop(client);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Resolves after the time or when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** A coalescing wake-up: any number of `set()` before a `wait()` make one of it return at once. */
export interface Wake {
  set(): void;
  /** True when woken, false when the time is over. */
  wait(ms: number): Promise<boolean>;
}

export function createWake(): Wake {
  let pending = false;
  let release: (() => void) | undefined;
  return {
    set() {
      pending = true;
      release?.();
    },
    async wait(ms) {
      if (!pending) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          release = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        release = undefined;
      }
      const woken = pending;
      pending = false;
      return woken;
    },
  };
}
