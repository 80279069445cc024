import type { Logger } from '@wardline/observability';
import type { Redis } from 'ioredis';
import { assertPermit, assertSizes, assertTtl, type KeyValue } from './key-value.ts';
import { openRedisConnection } from './redis-connection.ts';
import { createRedisSubscriptions } from './redis-subscriptions.ts';

export interface RedisKeyValueOptions {
  /** `redis://user:password@host:6379/0`; `rediss://` for TLS. */
  url: string;
  /** Before every key and channel, so that several installations share one server: `riverside:`. */
  keyPrefix?: string;
  /** Certificate authorities, PEM, for `rediss://`; default: those that Node trusts. */
  tlsCa?: string;
  /** How long any call may take, waiting for a connection included. Default 2 s. */
  deadlineMs?: number;
  /** Calls under way or waiting at most; one more is refused at once. Default 10,000. */
  pendingMax?: number;
  /** How often a connection that only listens is tried. Default 5 s. */
  pingEveryMs?: number;
  logger?: Logger;
}

/**
 * One step on the server: reads, checks, adds, writes. A new counter gets the time to live, an old one keeps its own.
 * Numbers of 32 bits are exact in Lua's doubles.
 */
const INCREMENT = `
local current = redis.call('GET', KEYS[1])
if current and (#current > 11 or not string.match(current, '^%-?%d+$')) then return 'not-whole' end
local sum = tonumber(current or '0') + tonumber(ARGV[1])
if sum < -2147483648 or sum > 2147483647 then return 'too-large' end
local text = string.format('%d', sum)
if current then redis.call('SET', KEYS[1], text, 'KEEPTTL')
elseif ARGV[2] == '' then redis.call('SET', KEYS[1], text)
else redis.call('SET', KEYS[1], text, 'PX', ARGV[2]) end
return sum`;

/**
 * One step on the server, by the server's clock: forgets the places that have ended, then takes or prolongs one. A sorted
 * set by the end of each place; the set itself ends with its last place, so that a forgotten pool leaves nothing behind.
 */
const ACQUIRE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[3])), ARGV[1])
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', tonumber(last)))
return 1`;

const REFUSALS: Record<string, string> = {
  'not-whole': 'the value is not a whole number',
  'too-large': 'the sum is not a whole number of 32 bits',
};

type WithScript = Redis & {
  wardlineIncrement(key: string, by: number, ttlMs: string): Promise<number | string>;
  wardlineAcquire(key: string, holder: string, places: number, ttlMs: number): Promise<number>;
};

/**
 * Key-value on a Redis server (6 or newer, or what speaks its protocol), shared by all processes.
 *
 * Without Redis, every call fails with `KeyValueUnavailable` at its deadline; subscriptions come back by themselves when
 * Redis does, and what was published meanwhile is lost, as with any subscriber that was not there.
 */
export function createRedisKeyValue(options: RedisKeyValueOptions): KeyValue {
  const { keyPrefix = '', logger, pingEveryMs = 5_000 } = options;
  const connect = () =>
    openRedisConnection({
      url: options.url,
      tlsCa: options.tlsCa,
      deadlineMs: options.deadlineMs ?? 2_000,
      pendingMax: options.pendingMax ?? 10_000,
      logger,
    });
  // Two connections: many messages to a listener must not stand in the way of a count.
  const commands = connect();
  const subscriptions = createRedisSubscriptions({ connection: connect(), keyPrefix, pingEveryMs, logger });
  commands.redis.defineCommand('wardlineIncrement', { numberOfKeys: 1, lua: INCREMENT });
  commands.redis.defineCommand('wardlineAcquire', { numberOfKeys: 1, lua: ACQUIRE });
  const named = (key: string) => keyPrefix + key;
  const poolNamed = (pool: string) => named(`permits:${pool}`);

  return {
    async get(key) {
      return (await commands.run('get', (redis) => redis.get(named(key)))) ?? undefined;
    },
    async set(key, value, { ttlMs, ifAbsent = false } = {}) {
      assertSizes(key, value);
      assertTtl(ttlMs);
      const end = ttlMs === undefined ? [] : (['PX', wholeMs(ttlMs)] as const);
      const reply = await commands.run('set', (redis) =>
        redis.call('SET', named(key), value, ...end, ...(ifAbsent ? ['NX'] : [])),
      );
      return reply === 'OK';
    },
    async delete(key) {
      return (await commands.run('delete', (redis) => redis.del(named(key)))) === 1;
    },
    async increment(key, by = 1, { ttlMs } = {}) {
      assertSizes(key);
      assertTtl(ttlMs);
      if (!Number.isInteger(by)) throw new RangeError(REFUSALS['too-large']);
      const end = ttlMs === undefined ? '' : String(wholeMs(ttlMs));
      const reply = await commands.run('increment', (redis) =>
        (redis as WithScript).wardlineIncrement(named(key), by, end),
      );
      if (typeof reply === 'string') throw new RangeError(REFUSALS[reply] ?? reply);
      return reply;
    },
    async acquirePermit(pool, holder, options) {
      assertPermit(pool, holder, options);
      const ttlMs = wholeMs(options.ttlMs);
      const taken = await commands.run('acquire-permit', (redis) =>
        (redis as WithScript).wardlineAcquire(poolNamed(pool), holder, options.places, ttlMs),
      );
      return taken === 1;
    },
    async releasePermit(pool, holder) {
      assertPermit(pool, holder);
      await commands.run('release-permit', (redis) => redis.zrem(poolNamed(pool), holder));
    },
    async publish(channel, message) {
      assertSizes(channel, message);
      await commands.run('publish', (redis) => redis.publish(named(channel), message));
    },
    async subscribe(pattern, on) {
      assertSizes(pattern);
      return subscriptions.subscribe(pattern, on);
    },
    async close() {
      await Promise.all([subscriptions.close(), commands.close()]);
    },
  };
}

/** Redis counts whole milliseconds; one that has begun counts. A time without end is a very long one. */
function wholeMs(ttlMs: number): number {
  return Math.min(Math.ceil(ttlMs), 2 ** 52);
}
