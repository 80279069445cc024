import { createSilentLogger } from '@wardline/observability';
import type { BusEvent } from '../event.ts';
import type { LogRow } from '../stored-event.ts';
import { uuidv7 } from '../uuidv7.ts';
import { createGroupEngine } from './group-engine.ts';
import { createOwnedPartition } from './owned-partition.ts';

const row = (offset: number, id: string, n: number): LogRow => ({
  ...{
    topic: 'calls.changed',
    partition: 0,
    offset: String(offset),
    id,
    key: 'k',
    subject: 'calls/k',
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
