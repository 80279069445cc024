import { assertPermit, assertSizes, assertTtl, matches, type KeyValue } from './key-value.ts';
import { createMemoryPermits } from './memory-permits.ts';

export interface MemoryKeyValueOptions {
  /** Milliseconds; another clock in tests. */
  now?: () => number;
  /** Keys held at most, and places of pools; beyond it `set`, `increment` and `acquirePermit` refuse, rather than forget what somebody counts on. */
  keysMax?: number;
}

interface Entry {
  value: string;
  /** Infinity: no end. */
  expiresAt: number;
}

const KEYS_MAX = 100_000;
const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const WHOLE = /^-?\d{1,10}$/;

/** Key-value in this process's memory. Keys that have ended are removed when they are met, and in passing when many are held. */
export function createMemoryKeyValue(options: MemoryKeyValueOptions = {}): KeyValue {
  const now = options.now ?? Date.now;
  const keysMax = options.keysMax ?? KEYS_MAX;
  const permits = createMemoryPermits({ now, holdersMax: keysMax });
  const entries = new Map<string, Entry>();
  const subscribers = new Set<{ pattern: string; on: (channel: string, message: string) => void }>();

  function live(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (!entry || entry.expiresAt > now()) return entry;
    entries.delete(key);
    return undefined;
  }

  function put(key: string, value: string, ttlMs: number | undefined): void {
    if (!entries.has(key) && entries.size >= keysMax) sweep();
    if (!entries.has(key) && entries.size >= keysMax) throw new RangeError('the key-value store is full');
    entries.set(key, { value, expiresAt: ttlMs === undefined ? Infinity : now() + ttlMs });
  }

  function sweep(): void {
    const at = now();
    for (const [key, entry] of entries) if (entry.expiresAt <= at) entries.delete(key);
  }

  // Each method is one synchronous step inside an async function: atomic, and failing as a rejection.
  return {
    async get(key) {
      return live(key)?.value;
    },
    async set(key, value, { ttlMs, ifAbsent } = {}) {
      assertSizes(key, value);
      assertTtl(ttlMs);
      if (ifAbsent && live(key)) return false;
      put(key, value, ttlMs);
      return true;
    },
    async delete(key) {
      const existed = live(key) !== undefined;
      entries.delete(key);
      return existed;
    },
    async increment(key, by = 1, { ttlMs } = {}) {
      assertSizes(key);
      assertTtl(ttlMs);
      const entry = live(key);
      if (entry && !WHOLE.test(entry.value)) throw new RangeError('the value is not a whole number');
      const value = Number(entry?.value ?? 0) + by;
      if (!Number.isInteger(value) || value < INT32.min || value > INT32.max) {
        throw new RangeError('the sum is not a whole number of 32 bits');
      }
      if (entry) entry.value = String(value);
      else put(key, String(value), ttlMs);
      return value;
    },
    async acquirePermit(pool, holder, options) {
      assertPermit(pool, holder, options);
      return permits.acquire(pool, holder, options);
    },
    async releasePermit(pool, holder) {
      assertPermit(pool, holder);
      permits.release(pool, holder);
    },
    async publish(channel, message) {
      assertSizes(channel, message);
      for (const { pattern, on } of [...subscribers]) if (matches(pattern, channel)) on(channel, message);
    },
    async subscribe(pattern, on) {
      assertSizes(pattern);
      const subscriber = { pattern, on };
      subscribers.add(subscriber);
      return async () => void subscribers.delete(subscriber);
    },
    async close() {
      subscribers.clear();
    },
  };
}
