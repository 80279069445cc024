import type { KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import type { Store } from 'express-rate-limit';

/**
 * Counts requests in windows of fixed length, over all instances. A window is part of the key, so that its end is known
 * without asking for it.
 */
export function createRateLimitStore(
  keyValue: Pick<KeyValue, 'increment' | 'delete'>,
  o: {
    readonly prefix: string;
    readonly windowMs: number;
    readonly logger: Logger;
    readonly now?: () => number;
  },
): Store {
  const now = o.now ?? Date.now;
  const windowAt = () => Math.floor(now() / o.windowMs);
  const keyOf = (key: string) => `rate:${o.prefix}:${windowAt()}:${key}`;
  return {
    prefix: o.prefix,
    localKeys: false,
    async increment(key) {
      const resetTime = new Date((windowAt() + 1) * o.windowMs);
      try {
        return { totalHits: await keyValue.increment(keyOf(key), 1, { ttlMs: o.windowMs }), resetTime };
      } catch (err) {
        // Where counting is not possible, asking is: who may ask is another matter, and not decided here.
        o.logger.warn('requests cannot be counted', { err, limit: o.prefix });
        return { totalHits: 1, resetTime };
      }
    },
    async decrement(key) {
      await keyValue.increment(keyOf(key), -1, { ttlMs: o.windowMs });
    },
    async resetKey(key) {
      await keyValue.delete(keyOf(key));
    },
  };
}
