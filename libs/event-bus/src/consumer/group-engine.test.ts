import { createSilentLogger } from '@wardline/observability';
import type { BusEvent } from '../event.ts';
import type { LogRow } from '../stored-event.ts';
import { uuidv7 } from '../uuidv7.ts';
import { createGroupEngine } from './group-engine.ts';
import { createOwnedPartition } from './owned-partition.ts';
import type { Queryable } from './parking.ts';

const row = (offset: number, id: string, n: number, key = 'k'): LogRow => ({
  ...{
    topic: 'calls.changed',
    partition: 0,
    offset: String(offset),
    id,
    key,
    subject: `calls/${key}`,
    sequence: n,
  },
  ...{
    tenant_id: '0190a0b0-0000-7000-8000-000000000001',
    type: 'wardline.events.v1.CallChanged',
    data: { n },
  },
  ...{
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    occurred_at: new Date(0),
    published_at: new Date(0),
  },
});

it('hands an event that was published twice over once in a batch, and is past both copies then', async () => {
  const batches: (readonly BusEvent[])[] = [];
  const handled = Promise.withResolvers<void>();
  const engine = createGroupEngine({
    subscription: {
      ...{ group: 'g', topics: ['calls.changed'] },
      handleBatch: async (events) => {
        batches.push(events);
        return { kind: 'ok' };
      },
    },
    ...{ logger: createSilentLogger(), retryDelaysMs: [] },
    parkingStore: { query: () => Promise.reject(new Error('nothing is parked here')) },
    ...{ onProgress: handled.resolve, onFailure: handled.reject },
  });
  const place = createOwnedPartition('calls.changed', 0, 0n);
  const [a, b, c] = [uuidv7(), uuidv7(), uuidv7()];
  engine.accept(place, [row(0, a, 1), row(1, b, 2), row(2, a, 1), row(3, b, 2), row(4, c, 3)]);
  await handled.promise;
  await engine.stop();
  expect(batches.map((events) => events.map((event) => event.offset))).toEqual([[0n, 1n, 4n]]);
  expect(place.committable).toBe(5n);
});

const label = (event: BusEvent): string => `${event.key}${String(event.data['n'])}`;

it('keeps the order of a key over two batches when the first one fails', async () => {
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  const everything = Promise.withResolvers<void>();
  const engine = createGroupEngine({
    subscription: {
      ...{ group: 'g', topics: ['calls.changed'], batchMax: 2 },
      handleBatch: async (events) => {
        const labels = events.map(label);
        if (labels.includes('k1')) {
          if (labels.length > 1) return { kind: 'retry', reason: 'not together' };
          await gate.promise;
        }
        done.push(...labels);
        if (labels.includes('b2')) gate.resolve();
        if (done.length === 4) everything.resolve();
        return { kind: 'ok' };
      },
    },
    ...{ logger: createSilentLogger(), retryDelaysMs: [] },
    parkingStore: { query: () => Promise.reject(new Error('nothing is parked here')) },
    ...{ onProgress: () => undefined, onFailure: everything.reject },
  });
  const place = createOwnedPartition('calls.changed', 0, 0n);
  engine.accept(place, [
    ...[
      row(0, uuidv7(), 1, 'k'),
      row(1, uuidv7(), 1, 'a'),
      row(2, uuidv7(), 2, 'k'),
      row(3, uuidv7(), 2, 'b'),
    ],
  ]);
  await everything.promise;
  await engine.stop();
  expect(done.filter((one) => one.startsWith('k'))).toEqual(['k1', 'k2']);
  expect(place.committable).toBe(4n);
});

it('handles what comes before an unreadable event of its key, and nothing behind it', async () => {
  const done: string[] = [];
  const finished = Promise.withResolvers<void>();
  const place = createOwnedPartition('calls.changed', 0, 0n);
  const engine = createGroupEngine({
    subscription: {
      ...{ group: 'g', topics: ['calls.changed'] },
      handleBatch: async (events) => {
        if (events.length > 1) throw new Error('not together');
        done.push(...events.map(label));
        return { kind: 'ok' };
      },
    },
    ...{ logger: createSilentLogger(), retryDelaysMs: [] },
    parkingStore: { query: (async () => ({ rows: [{ parked: true }] })) as unknown as Queryable['query'] },
    onProgress: () => {
      if (place.committable === 5n) finished.resolve();
    },
    onFailure: finished.reject,
  });
  const unreadable = { ...row(1, uuidv7(), 2), data: 'no object' };
  engine.accept(place, [
    ...[
      row(0, uuidv7(), 1),
      unreadable,
      row(2, uuidv7(), 3),
      row(3, uuidv7(), 1, 'a'),
      row(4, uuidv7(), 1, 'b'),
    ],
  ]);
  await finished.promise;
  await engine.stop();
  expect([...done].sort()).toEqual(['a1', 'b1', 'k1']);
});
