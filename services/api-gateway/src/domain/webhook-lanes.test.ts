import fc from 'fast-check';
import type { EgressRow } from './egress-event.ts';
import { createWebhookLanes, type WebhookLanes } from './webhook-lanes.ts';

const rowOf = (position: number, key: string): EgressRow => ({
  tenantId: 't',
  position: BigInt(position),
  eventId: `e-${position}`,
  topic: 'calls.changed',
  type: 'x',
  key,
  subject: key,
  sequence: 1,
  occurredAt: new Date(0),
  traceparent: '',
  data: {},
  recordedAt: new Date(0),
});
const failure = { attempts: 1, firstFailedAt: new Date(0), nextAttemptAt: new Date(0), reason: 'timeout' };

/** What the database does for the lanes, as plainly as can be. */
function createModel(log: readonly EgressRow[]) {
  let cursor = 0n;
  const waiting = new Map<bigint, EgressRow>();
  return {
    waiting,
    get cursor() {
      return cursor;
    },
    write(lanes: WebhookLanes) {
      const changes = lanes.take();
      for (const row of changes.parked) waiting.set(row.position, row);
      for (const { row, stored } of changes.failed) {
        expect(waiting.has(row.position)).toBe(stored);
        waiting.set(row.position, row);
      }
      for (const position of changes.done) expect(waiting.delete(position)).toBe(true);
      expect(changes.cursor).toBeGreaterThanOrEqual(cursor);
      cursor = changes.cursor;
      lanes.written();
    },
    fillWaiting(lanes: WebhookLanes, limit: number) {
      const inHand = new Set(lanes.keysInHand());
      const byKey = Map.groupBy(
        [...waiting.values()]
          .filter((row) => !inHand.has(row.key))
          .sort((a, b) => Number(a.position - b.position)),
        (row) => row.key,
      );
      for (const rows of byKey.values()) {
        const some = rows.slice(0, Math.min(limit, lanes.room));
        lanes.addWaiting(some.map((row) => ({ row, attempts: 1, firstFailedAt: undefined })));
      }
    },
    fillRead(lanes: WebhookLanes, limit: number) {
      const rows = log.filter((row) => row.position > lanes.readTo).slice(0, Math.min(limit, lanes.room));
      if (rows.length === 0) return;
      const waits = (row: EgressRow) => [...waiting.values()].some((other) => other.key === row.key);
      lanes.addRead(
        rows.map((row) => ({ row, waits: waits(row) })),
        rows.at(-1)!.position,
      );
    },
  };
}

type Step = {
  do: 'fill-waiting' | 'fill-read' | 'begin' | 'settle' | 'write' | 'crash' | 'spill';
  n: number;
};
const steps = fc.array(
  fc.record({
    do: fc.constantFrom<Step['do'][]>(
      ...([
        'fill-waiting',
        'fill-read',
        'begin',
        'begin',
        'settle',
        'settle',
        'write',
        'crash',
        'spill',
      ] as const),
    ),
    n: fc.nat(7),
  }),
  { maxLength: 120, size: 'max' },
);
const logOf = (keys: readonly string[]) => keys.map((key, i) => rowOf(i + 1, key));
const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40, size: 'max' });

/** Runs the steps, then everything to its end with a receiver that takes all. */
function play(log: readonly EgressRow[], script: readonly Step[], crashes: boolean) {
  const model = createModel(log);
  const delivered: EgressRow[] = [];
  let lanes = createWebhookLanes({ cursor: 0n, itemsMax: 8, laneMax: 3 });
  let underWay: EgressRow[] = [];
  const begin = () => {
    const delivery = lanes.next();
    if (!delivery) return;
    // One event of a key at a time.
    expect(underWay.map((row) => row.key)).not.toContain(delivery.row.key);
    underWay.push(delivery.row);
  };
  const settle = (n: number, ok: boolean) => {
    const row = underWay.splice(n % Math.max(underWay.length, 1), 1)[0];
    if (!row) return;
    if (ok) {
      delivered.push(row);
      lanes.delivered(row);
    } else lanes.failed(row, failure);
  };
  for (const { do: what, n } of script) {
    // Rows are only added when what was taken is written.
    if (what === 'fill-waiting') model.fillWaiting(lanes, 1 + (n % 3));
    if (what === 'fill-read') model.fillRead(lanes, n + 1);
    if (what === 'begin') begin();
    if (what === 'settle') settle(n, n % 3 > 0);
    if (what === 'write') model.write(lanes);
    if (what === 'spill') lanes.spill();
    if (what === 'crash' && crashes) {
      underWay = [];
      lanes = createWebhookLanes({ cursor: model.cursor, itemsMax: 8, laneMax: 3 });
    }
  }
  lanes.stop();
  while (underWay.length > 0) settle(0, true);
  model.write(lanes);
  expect(lanes.empty).toBe(true);
  lanes = createWebhookLanes({ cursor: model.cursor, itemsMax: 8, laneMax: 3 });
  for (let round = 0; round < 500 && (model.waiting.size > 0 || model.cursor < log.length); round++) {
    model.fillWaiting(lanes, 3);
    model.fillRead(lanes, 5);
    begin();
    settle(0, true);
    model.write(lanes);
  }
  expect(model.waiting.size).toBe(0);
  expect(model.cursor).toBe(BigInt(log.length));
  return delivered;
}

const byKey = (rows: readonly EgressRow[]) =>
  Object.fromEntries(
    [...Map.groupBy(rows, (row) => row.key)].map(([key, own]) => [key, own.map((row) => row.position)]),
  );

describe('whatever fails, in whatever order things come', () => {
  it('delivers every event once and each key in order', () => {
    fc.assert(
      fc.property(keys, steps, (list, script) => {
        const log = logOf(list);
        expect(byKey(play(log, script, false))).toEqual(byKey(log));
      }),
    );
  });

  it('loses nothing and keeps the order when the process dies; what was not written comes again', () => {
    fc.assert(
      fc.property(keys, steps, (list, script) => {
        const log = logOf(list);
        expect(byKey(firstOccurrences(play(log, script, true)))).toEqual(byKey(log));
      }),
    );
  });
});

const firstOccurrences = (rows: readonly EgressRow[]) => {
  const seen = new Set<bigint>();
  return rows.filter((row) => !seen.has(row.position) && seen.add(row.position));
};

it('keeps a key that was read too far ahead from filling the memory', () => {
  const lanes = createWebhookLanes({ cursor: 0n, itemsMax: 8, laneMax: 3 });
  const log = logOf(['a', 'a', 'a', 'a', 'a', 'b']);
  lanes.addRead(
    log.map((row) => ({ row, waits: false })),
    6n,
  );
  expect([lanes.next()?.row.key, lanes.next()?.row.key]).toEqual(['a', 'b']);
  expect(lanes.take().parked.map((row) => row.position)).toEqual([1n, 2n, 3n, 4n, 5n]);
});

it('moves the cursor past a straggler once its lane is written down', () => {
  const lanes = createWebhookLanes({ cursor: 0n, itemsMax: 8, laneMax: 3 });
  const [one, two, three] = logOf(['a', 'b', 'c']);
  lanes.addRead(
    [one!, two!, three!].map((row) => ({ row, waits: false })),
    3n,
  );
  for (let i = 0; i < 3; i++) lanes.next();
  lanes.delivered(two!);
  lanes.delivered(three!);
  expect(lanes.take().cursor).toBe(0n);
  lanes.written();
  lanes.spill(['a']);
  expect(lanes.take()).toMatchObject({ cursor: 3n, parked: [one] });
  lanes.written();
  lanes.delivered(one!);
  expect(lanes.take().done).toEqual([1n]);
});
