import type { Logger } from '@wardline/observability';
import type { RedisConnection } from './redis-connection.ts';
import type { Unsubscribe } from './key-value.ts';

type Listener = (channel: string, message: string) => void;

interface Wanted {
  kind: 'channel' | 'prefix';
  /** What Redis is asked for. */
  name: string;
  listeners: Set<{ on: Listener }>;
}

export interface RedisSubscriptionsOptions {
  /** A connection for nothing but this. */
  connection: RedisConnection;
  keyPrefix: string;
  /** How often an otherwise silent connection is asked whether it still is one. */
  pingEveryMs: number;
  logger?: Logger | undefined;
}

/**
 * Who listens to what. The wanted list is here, not in the connection: each time the connection is ready, all of it is
 * asked for again.
 */
export function createRedisSubscriptions(options: RedisSubscriptionsOptions) {
  const { connection, keyPrefix, logger } = options;
  const { redis } = connection;
  /** By what Redis is asked for, with `=` before a channel and `*` before a pattern. */
  const wanted = new Map<string, Wanted>();

  const ask = ({ kind, name }: Wanted): Promise<unknown> =>
    kind === 'channel' ? redis.subscribe(name) : redis.psubscribe(name);
  const askNoMore = ({ kind, name }: Wanted): Promise<unknown> =>
    kind === 'channel' ? redis.unsubscribe(name) : redis.punsubscribe(name);

  redis.on('ready', () => {
    for (const each of wanted.values()) {
      ask(each).catch((error: unknown) =>
        // A lost connection comes back here with its next `ready`; a refusal is for a person to solve.
        logger?.warn('could not subscribe again', { problem: error instanceof Error ? error.message : '' }),
      );
    }
  });
  redis.on('message', (channel: string, message: string) => deliver(`=${channel}`, channel, message));
  redis.on('pmessage', (pattern: string, channel: string, message: string) =>
    deliver(`*${pattern}`, channel, message),
  );

  function deliver(key: string, channel: string, message: string): void {
    for (const { on } of [...(wanted.get(key)?.listeners ?? [])]) {
      try {
        on(channel.slice(keyPrefix.length), message);
      } catch (err) {
        // One listener's mistake is not the others'.
        logger?.error('a subscriber failed', { err });
      }
    }
  }

  // A connection that only listens would never notice that nobody speaks any more; an unanswered ping breaks it off.
  const pinging = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => undefined); // Its loss is reported by the connection.
  }, options.pingEveryMs);
  pinging.unref();

  return {
    async subscribe(pattern: string, on: Listener): Promise<Unsubscribe> {
      const isPrefix = pattern.endsWith('*');
      const name = isPrefix ? `${escapeGlob(keyPrefix + pattern.slice(0, -1))}*` : keyPrefix + pattern;
      const key = (isPrefix ? '*' : '=') + name;
      const entry: Wanted = wanted.get(key) ?? {
        kind: isPrefix ? 'prefix' : 'channel',
        name,
        listeners: new Set(),
      };
      const listener = { on };
      const unsubscribe = async (): Promise<void> => {
        if (!entry.listeners.delete(listener) || entry.listeners.size > 0) return;
        wanted.delete(key);
        // In the order of sending, so that a subscription made right after it stands. Without a connection there is none.
        if (redis.status === 'ready') await askNoMore(entry).catch(() => undefined);
      };
      entry.listeners.add(listener);
      wanted.set(key, entry);
      try {
        await connection.run('subscribe', () => ask(entry));
      } catch (error) {
        await unsubscribe();
        throw error;
      }
      return unsubscribe;
    },
    async close(): Promise<void> {
      wanted.clear();
      clearInterval(pinging);
      await connection.close();
    },
  };
}

/** So that Redis takes every character of a prefix for itself: its patterns know `*`, `?`, `[…]` and the backslash. */
export function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
}
