import type { KeyValue } from '../key-value.ts';

/** What the suite needs of an implementation under test. */
export interface KeyValueHarness {
  keyValue: KeyValue;
  /** Lets time pass for the store's expiry. */
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Every implementation of the port passes this. */
export function describeKeyValue(name: string, create: () => Promise<KeyValueHarness>): void {
  describe(`${name} as key-value`, () => {
    let harness: KeyValueHarness;
    let kv: KeyValue;
    beforeEach(async () => {
      harness = await create();
      kv = harness.keyValue;
    });
    afterEach(() => harness.stop());

    it('keeps, overwrites and deletes values', async () => {
      expect(await kv.get('k')).toBeUndefined();
      expect(await kv.set('k', 'one')).toBe(true);
      expect(await kv.set('k', 'two')).toBe(true);
      expect(await kv.get('k')).toBe('two');
      expect(await kv.delete('k')).toBe(true);
      expect(await kv.delete('k')).toBe(false);
      expect(await kv.get('k')).toBeUndefined();
    });

    it('tells an empty value from an absent one', async () => {
      await kv.set('k', '');
      expect(await kv.get('k')).toBe('');
    });

    it('stores only once with ifAbsent', async () => {
      expect(await kv.set('k', 'first', { ifAbsent: true })).toBe(true);
      expect(await kv.set('k', 'second', { ifAbsent: true })).toBe(false);
      expect(await kv.get('k')).toBe('first');
    });

    it('lets one of many win with ifAbsent', async () => {
      const won = await Promise.all(
        Array.from({ length: 20 }, (_, i) => kv.set('lock', String(i), { ifAbsent: true })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('forgets a key at its end, and lets ifAbsent in again', async () => {
      await kv.set('k', 'v', { ttlMs: 1_000 });
      await harness.advance(999);
      expect(await kv.get('k')).toBe('v');
      await harness.advance(1);
      expect(await kv.get('k')).toBeUndefined();
      expect(await kv.set('k', 'w', { ifAbsent: true })).toBe(true);
    });

    it('removes the end of a key that is set without one', async () => {
      await kv.set('k', 'v', { ttlMs: 1_000 });
      await kv.set('k', 'w');
      await harness.advance(5_000);
      expect(await kv.get('k')).toBe('w');
    });

    it('counts up and down, each caller once', async () => {
      await Promise.all(Array.from({ length: 25 }, () => kv.increment('n')));
      expect(await kv.increment('n', -5)).toBe(20);
      expect(await kv.get('n')).toBe('20');
    });

    it('counts by nothing, which reads', async () => {
      await kv.increment('n', 3);
      expect(await kv.increment('n', 0)).toBe(3);
    });

    it('starts a counter’s time to live once, not with each count', async () => {
      await kv.increment('n', 1, { ttlMs: 1_000 });
      await harness.advance(600);
      expect(await kv.increment('n', 1, { ttlMs: 1_000 })).toBe(2);
      await harness.advance(400);
      expect(await kv.increment('n', 1, { ttlMs: 1_000 })).toBe(1);
    });

    it('refuses to count what is no whole number, and what is too large', async () => {
      await kv.set('k', 'text');
      await expect(kv.increment('k')).rejects.toThrow(RangeError);
      await expect(kv.set('', 'v')).rejects.toThrow(RangeError);
      await expect(kv.set('k', 'x'.repeat(512 * 1024 + 1))).rejects.toThrow(RangeError);
      await expect(kv.set('k', 'v', { ttlMs: 0 })).rejects.toThrow(RangeError);
      await kv.set('n', String(2 ** 31 - 1));
      await expect(kv.increment('n')).rejects.toThrow(RangeError);
    });

    describe('permits', () => {
      const two = { places: 2, ttlMs: 1_000 };

      it('gives as many places as there are, one to each holder', async () => {
        expect(await kv.acquirePermit('p', 'a', two)).toBe(true);
        expect(await kv.acquirePermit('p', 'a', two)).toBe(true);
        expect(await kv.acquirePermit('p', 'b', two)).toBe(true);
        expect(await kv.acquirePermit('p', 'c', two)).toBe(false);
        expect(await kv.acquirePermit('other', 'c', two)).toBe(true);
        expect(await kv.acquirePermit('none', 'c', { ...two, places: 0 })).toBe(false);
      });

      it('gives a place to the next once it was given back, however often that is', async () => {
        await kv.acquirePermit('p', 'a', { ...two, places: 1 });
        await kv.releasePermit('p', 'nobody');
        expect(await kv.acquirePermit('p', 'b', { ...two, places: 1 })).toBe(false);
        await kv.releasePermit('p', 'a');
        await kv.releasePermit('p', 'a');
        expect(await kv.acquirePermit('p', 'b', { ...two, places: 1 })).toBe(true);
        expect(await kv.acquirePermit('p', 'c', { ...two, places: 1 })).toBe(false);
      });

      it('takes back the place of a holder who is not heard of any more, and only theirs', async () => {
        await kv.acquirePermit('p', 'lost', two);
        await kv.acquirePermit('p', 'living', two);
        await harness.advance(600);
        expect(await kv.acquirePermit('p', 'living', two)).toBe(true);
        expect(await kv.acquirePermit('p', 'next', two)).toBe(false);
        await harness.advance(400);
        expect(await kv.acquirePermit('p', 'next', two)).toBe(true);
        expect(await kv.acquirePermit('p', 'third', two)).toBe(false);
        await harness.advance(1_000);
        expect(await kv.acquirePermit('p', 'third', two)).toBe(true);
      });

      it('lets exactly as many of many win', async () => {
        const won = await Promise.all(
          Array.from({ length: 40 }, (_, i) => kv.acquirePermit('p', String(i), { ...two, places: 7 })),
        );
        expect(won.filter(Boolean)).toHaveLength(7);
      });

      it('does not throw anybody out when there are fewer places than before', async () => {
        await kv.acquirePermit('p', 'a', two);
        await kv.acquirePermit('p', 'b', two);
        expect(await kv.acquirePermit('p', 'b', { ...two, places: 1 })).toBe(true);
        await kv.releasePermit('p', 'a');
        expect(await kv.acquirePermit('p', 'c', { ...two, places: 1 })).toBe(false);
      });

      it('keeps pools apart from keys', async () => {
        await kv.set('p', 'v');
        expect(await kv.acquirePermit('p', 'a', two)).toBe(true);
        expect(await kv.get('p')).toBe('v');
        await kv.delete('p');
        expect(await kv.acquirePermit('p', 'b', { ...two, places: 1 })).toBe(false);
      });

      it('refuses what is no pool, no holder, no number of places and no time', async () => {
        await expect(kv.acquirePermit('', 'a', two)).rejects.toThrow(RangeError);
        await expect(kv.acquirePermit('p', '', two)).rejects.toThrow(RangeError);
        await expect(kv.acquirePermit('p', 'a', { ...two, places: 1.5 })).rejects.toThrow(RangeError);
        await expect(kv.acquirePermit('p', 'a', { ...two, places: -1 })).rejects.toThrow(RangeError);
        await expect(kv.acquirePermit('p', 'a', { ...two, ttlMs: 0 })).rejects.toThrow(RangeError);
        await expect(kv.releasePermit('', 'a')).rejects.toThrow(RangeError);
      });
    });

    it('delivers in order to a channel and to a prefix, and to nobody else', async () => {
      const got = { exact: [] as string[], prefix: [] as string[], other: [] as string[] };
      const all = Promise.withResolvers<void>();
      await kv.subscribe('live:a', (channel, message) => got.exact.push(`${channel} ${message}`));
      await kv.subscribe('other:*', (channel, message) => got.other.push(`${channel} ${message}`));
      await kv.subscribe('live:*', (channel, message) => {
        got.prefix.push(`${channel} ${message}`);
        if (message === 'end') all.resolve();
      });
      for (const message of ['1', '2', '3']) await kv.publish('live:a', message);
      await kv.publish('live:b', 'end');
      await all.promise;
      expect(got.prefix).toEqual(['live:a 1', 'live:a 2', 'live:a 3', 'live:b end']);
      expect(got.exact).toEqual(['live:a 1', 'live:a 2', 'live:a 3']);
      expect(got.other).toEqual([]);
    });

    it('delivers nothing after the end of a subscription', async () => {
      const got: string[] = [];
      const last = Promise.withResolvers<void>();
      const end = await kv.subscribe('c', (_channel, message) => got.push(message));
      await kv.subscribe('c', (_channel, message) => {
        if (message === 'after') last.resolve();
      });
      await end();
      await end();
      await kv.publish('c', 'after');
      await last.promise;
      expect(got).toEqual([]);
    });

    it('closes twice without complaint', async () => {
      await kv.subscribe('c', () => undefined);
      await kv.close();
      await kv.close();
    });
  });
}
