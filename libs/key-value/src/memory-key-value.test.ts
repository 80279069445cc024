import { createMemoryKeyValue } from './index.ts';
import { describeKeyValue } from './testing/index.ts';

describeKeyValue('memory', async () => {
  let now = 1_000_000;
  const keyValue = createMemoryKeyValue({ now: () => now });
  return {
    keyValue,
    advance: async (ms) => {
      now += ms;
    },
    stop: () => keyValue.close(),
  };
});

describe('memory key-value', () => {
  it('refuses new keys when it is full, after dropping those that have ended', async () => {
    let now = 0;
    const kv = createMemoryKeyValue({ now: () => now, keysMax: 2 });
    await kv.set('short', 'v', { ttlMs: 10 });
    await kv.set('long', 'v');
    await expect(kv.set('more', 'v')).rejects.toThrow('full');
    now = 10;
    expect(await kv.set('more', 'v')).toBe(true);
    await kv.set('long', 'changed');
  });

  it('refuses places when too many are held, after taking back those that have ended', async () => {
    let now = 0;
    const kv = createMemoryKeyValue({ now: () => now, keysMax: 2 });
    await kv.acquirePermit('a', 'short', { places: 9, ttlMs: 10 });
    await kv.acquirePermit('b', 'long', { places: 9, ttlMs: 100 });
    await expect(kv.acquirePermit('c', 'more', { places: 9, ttlMs: 10 })).rejects.toThrow('full');
    now = 10;
    expect(await kv.acquirePermit('c', 'more', { places: 9, ttlMs: 10 })).toBe(true);
  });
});
