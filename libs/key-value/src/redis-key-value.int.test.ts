import { describeWithRedis, startRedis, type StartedRedis } from '@wardline/local-infrastructure';
import { createRecordingLogger } from '@wardline/observability/testing';
import { Redis } from 'ioredis';
import {
  createRedisKeyValue,
  KeyValueUnavailable,
  type KeyValue,
  type RedisKeyValueOptions,
} from './index.ts';
import { describeKeyValue } from './testing/index.ts';

/** A server's own view, not through the adapter under test. */
function lookAt(url: string) {
  const redis = new Redis(url, { lazyConnect: true });
  return redis.connect().then(() => redis);
}

describeWithRedis(
  'key-value on Redis',
  () => {
    let server: StartedRedis;
    let direct: Redis;
    beforeAll(async () => {
      server = await startRedis({ own: true });
      direct = await lookAt(server.url);
    });
    afterAll(async () => {
      direct.disconnect();
      await server.stop();
    });
    beforeEach(async () => {
      await direct.flushall();
    });

    // A millisecond of the suite is a minute of the server's, and passes when the suite says so: nothing here depends on speed.
    const MINUTE_MS = 60_000;
    describeKeyValue('redis', async () => {
      const keyValue = createRedisKeyValue({ url: server.url, keyPrefix: 'suite:' });
      return {
        keyValue: {
          ...keyValue,
          set: (key, value, { ttlMs, ...rest } = {}) =>
            keyValue.set(key, value, ttlMs === undefined ? rest : { ...rest, ttlMs: ttlMs * MINUTE_MS }),
          increment: (key, by, { ttlMs } = {}) =>
            keyValue.increment(key, by, ttlMs === undefined ? {} : { ttlMs: ttlMs * MINUTE_MS }),
          acquirePermit: (pool, holder, { places, ttlMs }) =>
            keyValue.acquirePermit(pool, holder, { places, ttlMs: ttlMs * MINUTE_MS }),
        },
        advance: async (ms) => {
          for (const key of await direct.keys('*')) {
            if ((await direct.type(key)) === 'zset') {
              for (const member of await direct.zrange(key, '0', '-1')) {
                await direct.zincrby(key, -ms * MINUTE_MS, member);
              }
            }
            const endsAt = await direct.pexpiretime(key);
            if (endsAt > 0) await direct.pexpireat(key, endsAt - ms * MINUTE_MS);
          }
        },
        stop: () => keyValue.close(),
      };
    });

    const open: KeyValue[] = [];
    const connect = (options: Partial<RedisKeyValueOptions> = {}): KeyValue => {
      const keyValue = createRedisKeyValue({ url: server.url, ...options });
      open.push(keyValue);
      return keyValue;
    };
    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });

    it('counts a time to live in milliseconds, and lets a key end by itself', async () => {
      const kv = connect();
      await kv.set('minute', 'v', { ttlMs: 60_000 });
      await kv.increment('count', 1, { ttlMs: 60_000 });
      for (const key of ['minute', 'count']) {
        const left = await direct.pttl(key);
        expect(left).toBeGreaterThan(60);
        expect(left).toBeLessThanOrEqual(60_000);
      }
      await kv.set('short', 'v', { ttlMs: 1.5 });
      while ((await kv.get('short')) !== undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    });

    it('lets exactly as many as there are places win on many connections, and leaves no pool behind', async () => {
      const callers = Array.from({ length: 5 }, () => connect());
      const won = await Promise.all(
        callers.flatMap((kv, i) =>
          Array.from({ length: 40 }, (_, j) =>
            kv.acquirePermit('pool', `${i} ${j}`, { places: 13, ttlMs: 60_000 }),
          ),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(13);
      const [key = ''] = await direct.keys('*');
      expect(await direct.zcard(key)).toBe(13);
      expect(await direct.pttl(key)).toBeGreaterThan(0);
      await connect().acquirePermit('for-ever', 'a', { places: 1, ttlMs: Infinity });
      expect(await connect().acquirePermit('for-ever', 'b', { places: 1, ttlMs: 1 })).toBe(false);
    });

    it('keeps to 32 bits on both sides, and leaves a counter as it was when it refuses', async () => {
      const kv = connect();
      expect(await kv.increment('low', -(2 ** 31))).toBe(-(2 ** 31));
      await expect(kv.increment('low', -1)).rejects.toThrow(RangeError);
      expect(await kv.get('low')).toBe(String(-(2 ** 31)));
      expect(await kv.increment('low', 2 ** 31)).toBe(0);
      expect(await kv.get('low')).toBe('0');
      await expect(kv.increment('low', 0.5)).rejects.toThrow(RangeError);
      for (const value of ['1.5', '', ' 1', '1e3', '0x10', '99999999999999']) {
        await kv.set('odd', value);
        await expect(kv.increment('odd')).rejects.toThrow(RangeError);
      }
    });

    it('counts each of many callers on many connections once', async () => {
      const callers = Array.from({ length: 5 }, () => connect());
      const sums = await Promise.all(
        callers.flatMap((kv) => Array.from({ length: 40 }, () => kv.increment('n', 1, { ttlMs: 60_000 }))),
      );
      expect(new Set(sums).size).toBe(200);
      expect(await callers[0]?.get('n')).toBe('200');
    });

    it('takes a prefix literally, whatever Redis makes of its characters', async () => {
      const kv = connect();
      const got: string[] = [];
      const end = Promise.withResolvers<void>();
      await kv.subscribe('odd[ab]?\\*x:*', (channel, message) => {
        got.push(channel);
        if (message === 'end') end.resolve();
      });
      for (const channel of ['odda1\\zx:1', 'odd[ab]1\\zx:1', 'oddb?\\*x:1']) await kv.publish(channel, 'no');
      await kv.publish('odd[ab]?\\*x:2', 'end');
      await end.promise;
      expect(got).toEqual(['odd[ab]?\\*x:2']);
    });

    it('keeps installations with different prefixes apart, in keys and in messages', async () => {
      const [a, b] = [connect({ keyPrefix: 'a[1]:' }), connect({ keyPrefix: 'b:' })];
      await a.set('k', 'of a');
      expect(await b.get('k')).toBeUndefined();
      expect(await direct.keys('*')).toEqual(['a[1]:k']);
      const got: string[] = [];
      const end = Promise.withResolvers<void>();
      await a.subscribe('*', (channel, message) => {
        got.push(`${channel} ${message}`);
        end.resolve();
      });
      await b.publish('c', 'of b');
      await a.publish('c', 'of a');
      await end.promise;
      expect(got).toEqual(['c of a']);
    });

    it('serves several listeners to one channel, and a listener that fails does not silence the others', async () => {
      const logger = createRecordingLogger();
      const kv = connect({ logger });
      const last = Promise.withResolvers<string>();
      const end = await kv.subscribe('c', () => undefined);
      await kv.subscribe('c', () => {
        throw new Error('listener');
      });
      await kv.subscribe('c', (_channel, message) => last.resolve(message));
      await end();
      await kv.publish('c', 'one');
      expect(await last.promise).toBe('one');
      expect(logger.lines).toContainEqual(expect.objectContaining({ message: 'a subscriber failed' }));
      expect(await direct.pubsub('NUMSUB', 'c')).toEqual(['c', 1]);
    });

    it('asks Redis for no more once the last listener has gone, and for it again with the next', async () => {
      const kv = connect();
      const end = await kv.subscribe('c', () => undefined);
      const got = Promise.withResolvers<string>();
      const [, endAgain] = await Promise.all([
        end(),
        kv.subscribe('c', (_channel, message) => got.resolve(message)),
      ]);
      await kv.publish('c', 'here');
      expect(await got.promise).toBe('here');
      await endAgain();
      expect(await direct.pubsub('NUMSUB', 'c')).toEqual(['c', 0]);
    });

    it('refuses what the server has no room for, as every store that is full', async () => {
      const kv = connect();
      await direct.config('SET', 'maxmemory', '1');
      try {
        await expect(kv.set('k', 'v')).rejects.toThrow(new RangeError('the key-value store is full'));
      } finally {
        await direct.config('SET', 'maxmemory', '0');
      }
    });

    it('never tells an error what a value or a password was', async () => {
      await direct.hset('hash', 'field', 'value');
      const kv = connect();
      const refused = await kv.increment('hash', 1).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'key-value-refused' });
      const wrong = new URL(server.url);
      wrong.password = 'secret-of-ours';
      wrong.username = 'somebody';
      const logger = createRecordingLogger();
      const stranger = connect({ url: wrong.href, deadlineMs: 1_500, logger });
      const away = await stranger.set('k', 'value-of-ours').catch((error: unknown) => error);
      expect(away).toMatchObject({
        code: 'key-value-unavailable',
        message: expect.stringContaining('WRONGPASS'),
      });
      const told = JSON.stringify([
        logger.lines,
        Object.entries(Object(away)),
        String(away),
        String(refused),
      ]);
      expect(told).not.toMatch(/secret-of-ours|value-of-ours/);
    });

    it('finishes what is under way when it closes, and takes nothing after that', async () => {
      const kv = connect();
      const written = kv.set('last', 'word');
      await kv.close();
      expect(await written).toBe(true);
      expect(await direct.get('last')).toBe('word');
      await expect(kv.get('last')).rejects.toThrow(KeyValueUnavailable);
    });
  },
  { own: true },
);
