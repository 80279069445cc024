import pg from 'pg';
import { startBusDatabase, type BusDatabase } from '../testing/fixture/database.ts';
import type { LogRow } from '../stored-event.ts';
import { uuidv7 } from '../uuidv7.ts';
import { firstParked, parkBehind, recordFailure, releaseKey, removeParked } from './parking.ts';

// Two owners of a partition can be at one key for a moment: one that does not know yet that it is none any more.

let bus: BusDatabase;
beforeAll(async () => {
  bus = await startBusDatabase();
});
afterAll(() => bus.stop());
beforeEach(() => bus.reset());

const place = { group: 'g', topic: 'calls.changed', partition: 3 };
const row = (offset: number): LogRow => ({
  ...{ topic: place.topic, partition: 3, offset: String(offset), id: uuidv7(), key: 'k', subject: 'calls/k' },
  ...{ tenant_id: '0190a0b0-0000-7000-8000-000000000001', type: 'T', sequence: 1, data: {}, traceparent: '' },
  ...{ occurred_at: new Date(0), published_at: new Date(0) },
});
const fail = (at: LogRow) => recordFailure(bus.admin, place, at, { reason: 'busy', delayMs: 10 });

it('says that a key is not parked any more, when something was to be put behind it', async () => {
  expect(await parkBehind(bus.admin, place, row(1))).toBe(false);
  await fail(row(1));
  expect(await parkBehind(bus.admin, place, row(2))).toBe(true);
  expect(await parkBehind(bus.admin, place, row(2))).toBe(true);
});

it('does not release a key with an event that somebody has just put there', async () => {
  const first = row(1);
  await fail(first);
  await removeParked(bus.admin, place, first);
  expect(await firstParked(bus.admin, place, 'k')).toBeUndefined();
  await parkBehind(bus.admin, place, row(2));
  expect(await releaseKey(bus.admin, place, 'k')).toBe(false);
  expect(await firstParked(bus.admin, place, 'k')).toMatchObject({ offset: '2' });
});

it('does not release a key while somebody is putting an event there', async () => {
  const first = row(1);
  await fail(first);
  await removeParked(bus.admin, place, first);
  const other = new pg.Client({ connectionString: bus.parkingUrl });
  await other.connect();
  await other.query('begin');
  expect(await parkBehind(other, place, row(2))).toBe(true);
  const released = releaseKey(bus.admin, place, 'k');
  // It waits for the one who is at the key; the other connection sees when it does.
  for (let waits = false; !waits;) {
    const { rows } = await other.query<{ waits: boolean }>(
      'select exists (select from pg_locks where not granted) as waits',
    );
    waits = rows[0]?.waits === true;
  }
  await other.query('commit');
  await other.end();
  expect(await released).toBe(false);
  expect(await firstParked(bus.admin, place, 'k')).toMatchObject({ offset: '2' });
});

it('releases a key of which nothing waits, however often', async () => {
  const first = row(1);
  await fail(first);
  await removeParked(bus.admin, place, first);
  expect(await releaseKey(bus.admin, place, 'k')).toBe(true);
  expect(await releaseKey(bus.admin, place, 'k')).toBe(true);
  expect(await parkBehind(bus.admin, place, row(2))).toBe(false);
});
