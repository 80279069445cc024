import { currentTraceparent, newTraceparent } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { BusEvent, EventBus, NewEvent, Outcome } from '../event.ts';

/** What the suite needs of an implementation under test. Each harness has a bus of its own, without events. */
export interface EventBusHarness {
  bus: EventBus;
  /** Publishes as a committed transaction does, one after the other. */
  publish(...events: NewEvent[]): Promise<void>;
  deadLetters(): Promise<{ id: string; group: string; eventId: string; reason: string }[]>;
  release(deadLetterId: string, how: 'replay' | 'discard'): Promise<void>;
  /** How often an event is tried before it is dead-lettered, with delays of a few milliseconds. */
  attemptsMax: number;
  stop(): Promise<void>;
}

const TENANT = '0190a0b0-0000-7000-8000-000000000001';
const ok: Outcome = { kind: 'ok' };

function event(key: string, n: number, change: Partial<NewEvent> = {}): NewEvent {
  return {
    topic: 'calls.changed',
    type: 'wardline.events.v1.CallChanged',
    key,
    subject: `calls/${key}`,
    tenantId: TENANT,
    data: { callId: key, n },
    ...change,
  };
}

const label = (e: Pick<BusEvent, 'key' | 'data'>): string => `${e.key}${String(e.data['n'])}`;

/** Collects what a handler got, and waits for it without looking at a clock. */
function collector() {
  const got: BusEvent[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  return {
    got,
    labels: () => got.map(label),
    of: (key: string) => got.filter((e) => e.key === key).map(label),
    add(e: BusEvent) {
      got.push(e);
      for (const waiter of waiting) if (got.length >= waiter.count) waiter.resolve();
      waiting = waiting.filter((waiter) => got.length < waiter.count);
    },
    reached: (count: number): Promise<void> =>
      got.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

/** Every implementation of the port passes this. */
export function describeEventBus(name: string, create: () => Promise<EventBusHarness>): void {
  describe(`${name} as event bus`, () => {
    let harness: EventBusHarness;
    let components: Component[] = [];

    beforeEach(async () => {
      harness = await create();
    });
    afterEach(async () => {
      for (const component of components) await component.close();
      components = [];
      await harness.stop();
    });

    async function consume(
      group: string,
      handle: (e: BusEvent) => Promise<Outcome>,
      more: { topics?: NewEvent['topic'][]; concurrencyMax?: number } = {},
    ): Promise<Component> {
      const { topics = ['calls.changed'], ...rest } = more;
      const component = harness.bus.subscribe({ group, topics, handle, ...rest });
      components.push(component);
      await component.start();
      return component;
    }

    /** Asks until the answer is there; the suite's time limit ends it otherwise. */
    async function deadLetters(count: number) {
      for (;;) {
        const letters = await harness.deadLetters();
        if (letters.length >= count) return letters;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }

    it('gives every group every event, whole', async () => {
      const one = collector();
      const two = collector();
      await consume('one', async (e) => (one.add(e), ok));
      await consume('two', async (e) => (two.add(e), ok));
      const occurredAt = new Date('2026-03-01T10:00:00.123Z');
      const data = { callId: 'a', nested: { list: [1, 'zwei', null, true], text: 'Grüße 👋' }, n: 1 };
      const traceparent = newTraceparent();
      await harness.publish(event('a', 1, { occurredAt, data, traceparent }), event('a', 2));
      await Promise.all([one.reached(2), two.reached(2)]);
      expect(one.got[0]).toMatchObject({
        ...{ topic: 'calls.changed', type: 'wardline.events.v1.CallChanged', key: 'a', subject: 'calls/a' },
        ...{ tenantId: TENANT, data, occurredAt, traceparent, sequence: 1, offset: 0n },
      });
      expect(one.got[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      expect(one.got[1]).toMatchObject({ sequence: 2, offset: 1n, partition: one.got[0]?.partition });
      expect(two.labels()).toEqual(['a1', 'a2']);
    });

    it('gives a group that comes later what was published before', async () => {
      await harness.publish(event('a', 1));
      const late = collector();
      await consume('late', async (e) => (late.add(e), ok));
      await late.reached(1);
      expect(late.labels()).toEqual(['a1']);
    });

    it('gives only the topics that were asked for', async () => {
      const all = collector();
      await consume('g', async (e) => (all.add(e), ok), { topics: ['sms.send'] });
      await harness.publish(event('a', 1), event('a', 2, { topic: 'sms.send' }));
      await all.reached(1);
      expect(all.labels()).toEqual(['a2']);
    });

    it('keeps order per key, while a slow key does not hold up others', async () => {
      const release = Promise.withResolvers<void>();
      const done = collector();
      await consume('g', async (e) => {
        if (label(e) === 'slow1') await release.promise;
        done.add(e);
        return ok;
      });
      await harness.publish(event('slow', 1), event('slow', 2), event('b', 1), event('c', 1), event('b', 2));
      await done.reached(3);
      expect(done.of('slow')).toEqual([]);
      release.resolve();
      await done.reached(5);
      expect(done.of('slow')).toEqual(['slow1', 'slow2']);
      expect(done.of('b')).toEqual(['b1', 'b2']);
    });

    it('handles no more at a time than allowed', async () => {
      let active = 0;
      let most = 0;
      const done = collector();
      const handle = async (e: BusEvent): Promise<Outcome> => {
        active += 1;
        most = Math.max(most, active);
        await new Promise((resolve) => setImmediate(resolve));
        active -= 1;
        done.add(e);
        return ok;
      };
      await consume('g', handle, { concurrencyMax: 3 });
      await harness.publish(...Array.from({ length: 20 }, (_, i) => event(`k${i}`, 1)));
      await done.reached(20);
      expect(most).toBeLessThanOrEqual(3);
    });

    it.each(['retry', 'throw'] as const)(
      'parks a key that fails (%s) with its later events; others go on',
      async (how) => {
        let failures = 2;
        const done = collector();
        const others = Promise.withResolvers<void>();
        await consume('g', async (e) => {
          if (label(e) === 'a1' && failures > 0) {
            failures -= 1;
            // The others are through before the key is tried again.
            if (failures === 0) await others.promise;
            if (how === 'throw') throw new Error('the row of Mrs Miller');
            return { kind: 'retry', reason: 'busy' };
          }
          done.add(e);
          if (done.of('b').length === 2) others.resolve();
          return ok;
        });
        await harness.publish(event('a', 1), event('a', 2), event('b', 1), event('a', 3), event('b', 2));
        await done.reached(5);
        expect(done.labels().slice(0, 2)).toEqual(['b1', 'b2']);
        expect(done.of('a')).toEqual(['a1', 'a2', 'a3']);
        await harness.publish(event('a', 4));
        await done.reached(6);
        expect(done.of('a')).toEqual(['a1', 'a2', 'a3', 'a4']);
      },
    );

    it('dead-letters what fails too often, keeps the key waiting, and replays in order', async () => {
      let broken = true;
      let attempts = 0;
      const done = collector();
      await consume('g', async (e) => {
        if (label(e) === 'a1' && broken) {
          attempts += 1;
          throw new Error('the row of Mrs Miller');
        }
        done.add(e);
        return ok;
      });
      await harness.publish(event('a', 1), event('a', 2), event('b', 1));
      const [letter] = await deadLetters(1);
      expect(attempts).toBe(harness.attemptsMax);
      expect(letter?.reason).not.toContain('Miller');
      await harness.publish(event('a', 3), event('b', 2));
      await done.reached(2);
      expect(done.labels()).toEqual(['b1', 'b2']);
      broken = false;
      await harness.release(letter?.id ?? '', 'replay');
      await done.reached(5);
      expect(done.of('a')).toEqual(['a1', 'a2', 'a3']);
      expect(await harness.deadLetters()).toEqual([]);
    });

    it('goes on with a key whose topic lets it, and keeps the dead letter', async () => {
      let broken = true;
      const done = collector();
      const handle = async (e: BusEvent): Promise<Outcome> => {
        if (label(e) === 'a1' && broken) return { kind: 'dead-letter', reason: 'cannot be' };
        done.add(e);
        return ok;
      };
      await consume('g', handle, { topics: ['directory.changed'] });
      const clinic = (n: number): NewEvent =>
        event('a', n, { topic: 'directory.changed', subject: 'clinics/a' });
      await harness.publish(clinic(1), clinic(2), clinic(3));
      await done.reached(2);
      expect(done.labels()).toEqual(['a2', 'a3']);
      const [letter] = await deadLetters(1);
      expect(letter?.reason).toBe('cannot be');
      broken = false;
      await harness.release(letter?.id ?? '', 'replay');
      await done.reached(3);
      expect(done.labels()).toEqual(['a2', 'a3', 'a1']);
      expect(await harness.deadLetters()).toEqual([]);
    });

    it('goes on behind a dead letter that is discarded', async () => {
      const done = collector();
      await consume('g', async (e) => {
        if (label(e) === 'a1') return { kind: 'dead-letter', reason: 'cannot be' };
        done.add(e);
        return ok;
      });
      await harness.publish(event('a', 1), event('a', 2));
      const [letter] = await deadLetters(1);
      expect(letter).toMatchObject({ group: 'g', reason: 'cannot be' });
      await harness.release(letter?.id ?? '', 'discard');
      await done.reached(1);
      expect(done.labels()).toEqual(['a2']);
    });

    it('goes on after an event that the handler drops', async () => {
      const done = collector();
      await consume('g', async (e) => {
        done.add(e);
        return label(e) === 'a1' ? { kind: 'drop', reason: 'not for us' } : ok;
      });
      await harness.publish(event('a', 1), event('a', 2));
      await done.reached(2);
      expect(done.labels()).toEqual(['a1', 'a2']);
      expect(await harness.deadLetters()).toEqual([]);
    });

    it('runs a handler in the trace of its event', async () => {
      const seen = Promise.withResolvers<string | undefined>();
      await consume('g', async () => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.resolve(currentTraceparent());
        return ok;
      });
      const traceparent = newTraceparent();
      await harness.publish(event('a', 1, { traceparent }));
      expect((await seen.promise)?.slice(3, 35)).toBe(traceparent.slice(3, 35));
    });

    it('finishes what is running when it drains, and the next instance of the group goes on from there', async () => {
      const begun = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const first = collector();
      const instance = await consume('g', async (e) => {
        begun.resolve();
        await finish.promise;
        first.add(e);
        return ok;
      });
      await harness.publish(event('a', 1));
      await begun.promise;
      const drained = instance.drain?.();
      finish.resolve();
      await drained;
      await instance.close();
      expect(first.labels()).toEqual(['a1']);
      await harness.publish(event('a', 2));
      const second = collector();
      await consume('g', async (e) => (second.add(e), ok));
      await second.reached(1);
      expect([...first.labels(), ...second.labels()]).toEqual(['a1', 'a2']);
    });

    it('shares a group’s events between its instances without doubling any', async () => {
      const all = collector();
      await consume('g', async (e) => (all.add(e), ok));
      await consume('g', async (e) => (all.add(e), ok));
      await harness.publish(...Array.from({ length: 40 }, (_, i) => event(`k${i % 8}`, i)));
      // A last one per key: order per key makes it the last there is.
      await all.reached(40);
      await harness.publish(event('k0', 99));
      await all.reached(41);
      expect(new Set(all.labels()).size).toBe(41);
    });

    describe('in batches', () => {
      const OTHER_TENANT = '0190a0b0-0000-7000-8000-000000000002';

      async function consumeBatches(
        handleBatch: (events: readonly BusEvent[]) => Promise<Outcome>,
      ): Promise<void> {
        const component = harness.bus.subscribe({ group: 'g', topics: ['calls.changed'], handleBatch });
        components.push(component);
        await component.start();
      }

      it('hands over events of one tenant at a time, each once, in order per key', async () => {
        const done = collector();
        const tenantsPerBatch: number[] = [];
        const published = Array.from({ length: 60 }, (_, i) =>
          event(`k${i % 7}`, i, i % 7 < 3 ? {} : { tenantId: OTHER_TENANT }),
        );
        await harness.publish(...published);
        await consumeBatches(async (events) => {
          tenantsPerBatch.push(new Set(events.map((e) => e.tenantId)).size);
          for (const e of events) done.add(e);
          return ok;
        });
        await done.reached(60);
        expect(new Set(tenantsPerBatch)).toEqual(new Set([1]));
        for (let k = 0; k < 7; k++) {
          expect(done.of(`k${k}`)).toEqual(published.filter((e) => e.key === `k${k}`).map((e) => label(e)));
        }
        expect(done.got).toHaveLength(60);
      });

      it.each(['throw', 'retry'] as const)(
        'undoes a batch that fails (%s), and parks only the key that it was',
        async (how) => {
          let broken = true;
          const done = collector();
          await harness.publish(
            ...Array.from({ length: 30 }, (_, i) => event(`k${i % 5}`, i)),
            event('bad', 1),
            event('bad', 2),
            ...Array.from({ length: 30 }, (_, i) => event(`k${i % 5}`, 30 + i)),
          );
          await consumeBatches(async (events) => {
            if (broken && events.some((e) => label(e) === 'bad1')) {
              if (how === 'throw') throw new Error('the row of Mrs Miller');
              return { kind: 'retry', reason: 'busy' };
            }
            for (const e of events) done.add(e);
            return ok;
          });
          await done.reached(60);
          expect(done.of('bad')).toEqual([]);
          const [letter] = await deadLetters(1);
          broken = false;
          await harness.release(letter?.id ?? '', 'replay');
          await done.reached(62);
          expect(done.of('bad')).toEqual(['bad1', 'bad2']);
          for (let k = 0; k < 5; k++) {
            expect(done.of(`k${k}`)).toEqual(Array.from({ length: 12 }, (_, i) => `k${k}${k + 5 * i}`));
          }
        },
      );
    });
  });
}
