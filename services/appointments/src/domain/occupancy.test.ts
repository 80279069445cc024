import fc from 'fast-check';
import { claimForBooking, claimForHold, isLive, type Claim, type Occupancy } from './occupancy.ts';
import { overlaps, type TimeRange } from './time-range.ts';

const HOUR = 3_600_000;
const range = (fromHour: number, hours = 1): TimeRange => ({
  startMs: fromHour * HOUR,
  endMs: (fromHour + hours) * HOUR,
});
const hold = (id: string, holder: string, r: TimeRange, expiresAtMs: number): Occupancy => ({
  kind: 'hold',
  id,
  doctorId: 'd1',
  range: r,
  holder,
  expiresAtMs,
});
const booking = (id: string, r: TimeRange): Occupancy => ({ kind: 'booking', id, doctorId: 'd1', range: r });

describe('claiming a slot', () => {
  const wanted = { doctorId: 'd1', range: range(9) };

  it('is refused by a booking, also of a part of it', () => {
    expect(claimForBooking([booking('b', range(9.5))], { ...wanted, holdId: undefined }, 0)).toEqual({
      kind: 'taken',
    });
    expect(claimForHold([booking('b', range(8, 1.5))], { ...wanted, holder: 'x' }, 0)).toEqual({
      kind: 'taken',
    });
  });

  it('is not disturbed by a neighbour: ranges are half-open', () => {
    const known = [booking('b', range(8)), booking('c', range(10))];
    expect(claimForBooking(known, { ...wanted, holdId: undefined }, 0)).toEqual({
      kind: 'insert',
      clear: [],
    });
  });

  it('is refused by the live hold of another and clears it once it has expired', () => {
    const known = [hold('h', 'other', range(9), 100)];
    expect(claimForBooking(known, { ...wanted, holdId: undefined }, 99)).toEqual({ kind: 'taken' });
    expect(claimForBooking(known, { ...wanted, holdId: undefined }, 100)).toEqual({
      kind: 'insert',
      clear: ['h'],
    });
  });

  it('converts its own hold, even an expired one that nobody has cleared', () => {
    const known = [hold('h', 'me', range(9), 100)];
    expect(claimForBooking(known, { ...wanted, holdId: 'h' }, 50)).toEqual({
      kind: 'convert',
      holdId: 'h',
      clear: [],
    });
    expect(claimForBooking(known, { ...wanted, holdId: 'h' }, 500)).toEqual({
      kind: 'convert',
      holdId: 'h',
      clear: [],
    });
  });

  it('refuses a hold that is for another slot', () => {
    const known = [hold('h', 'me', range(11), 100)];
    expect(claimForBooking(known, { ...wanted, holdId: 'h' }, 50)).toEqual({ kind: 'other-hold' });
  });

  it('replaces the older hold of the same holder, wherever it is', () => {
    const known = [hold('h', 'me', range(14), 100)];
    expect(claimForHold(known, { ...wanted, holder: 'me' }, 50)).toEqual({ kind: 'insert', clear: ['h'] });
  });

  it('leaves the older hold alone when the new slot is taken', () => {
    const known = [hold('h', 'me', range(14), 100), booking('b', range(9))];
    expect(claimForHold(known, { ...wanted, holder: 'me' }, 50)).toEqual({ kind: 'taken' });
  });
});

/**
 * A model of the occupancy table: it applies claims as the adapter does and, like the exclusion constraint, refuses
 * any overlap, live or not. If the rules forgot to clear something, the model throws.
 */
class Table {
  rows: Occupancy[] = [];
  #next = 0;

  insert(row: Occupancy): void {
    const clash = this.rows.find((o) => o.doctorId === row.doctorId && overlaps(o.range, row.range));
    if (clash) throw new Error(`overlap of ${row.id} with ${clash.id}`);
    this.rows.push(row);
  }
  apply(claim: Claim, make: (id: string) => Occupancy): string | undefined {
    if (claim.kind === 'taken' || claim.kind === 'other-hold') return undefined;
    this.rows = this.rows.filter((o) => !claim.clear.includes(o.id));
    if (claim.kind === 'convert') {
      this.rows = this.rows.filter((o) => o.id !== claim.holdId);
    }
    const row = make(`o${this.#next++}`);
    this.insert(row);
    return row.id;
  }
}

type Step =
  | { do: 'hold'; doctorId: string; range: TimeRange; holder: string; ttlMs: number }
  | { do: 'book'; doctorId: string; range: TimeRange; withHoldOf: string | undefined }
  | { do: 'release'; holder: string }
  | { do: 'wait'; ms: number }
  | { do: 'sweep' };

const doctorId = fc.constantFrom('d1', 'd2');
const holder = fc.constantFrom('a', 'b', 'c');
const slot = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0.5, 1, 1.5))
  .map(([half, hours]) => range(half / 2, hours));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('hold' as const),
    doctorId,
    range: slot,
    holder,
    ttlMs: fc.integer({ min: 1, max: 300 }),
  }),
  fc.record({
    do: fc.constant('book' as const),
    doctorId,
    range: slot,
    withHoldOf: fc.option(holder, { nil: undefined }),
  }),
  fc.record({ do: fc.constant('release' as const), holder }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 200 }) }),
  fc.record({ do: fc.constant('sweep' as const) }),
);

describe('any sequence of hold, book, release, expire and sweep', () => {
  it('never yields two overlapping occupancies nor two holds of one holder, and never loses a booking', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new Table();
        const booked: { doctorId: string; range: TimeRange }[] = [];
        let nowMs = 0;
        for (const s of steps) {
          const liveBefore = table.rows.filter((o) => isLive(o, nowMs));
          if (s.do === 'wait') nowMs += s.ms;
          else if (s.do === 'sweep') table.rows = liveBefore;
          else if (s.do === 'release') {
            table.rows = table.rows.filter((o) => o.kind === 'booking' || o.holder !== s.holder);
          } else if (s.do === 'hold') {
            const claim = claimForHold(table.rows, s, nowMs);
            table.apply(claim, (id) => ({
              kind: 'hold',
              id,
              doctorId: s.doctorId,
              range: s.range,
              holder: s.holder,
              expiresAtMs: nowMs + s.ttlMs,
            }));
            const inTheWay = liveBefore.some(
              (o) =>
                o.doctorId === s.doctorId &&
                overlaps(o.range, s.range) &&
                !(o.kind === 'hold' && o.holder === s.holder),
            );
            expect(claim.kind).toBe(inTheWay ? 'taken' : 'insert');
          } else {
            const own = table.rows.find((o) => o.kind === 'hold' && o.holder === s.withHoldOf);
            const claim = claimForBooking(table.rows, { ...s, holdId: own?.id }, nowMs);
            const made = table.apply(claim, (id) => ({
              kind: 'booking',
              id,
              doctorId: s.doctorId,
              range: s.range,
            }));
            if (made) booked.push({ doctorId: s.doctorId, range: s.range });
            else if (claim.kind === 'taken') {
              expect(liveBefore.some((o) => o.doctorId === s.doctorId && overlaps(o.range, s.range))).toBe(
                true,
              );
            }
          }
          const holders = table.rows.flatMap((o) => (o.kind === 'hold' ? [o.holder] : []));
          expect(new Set(holders).size).toBe(holders.length);
        }
        const kept = table.rows
          .filter((o) => o.kind === 'booking')
          .map(({ doctorId: d, range: r }) => ({ doctorId: d, range: r }));
        expect(kept).toEqual(booked);
      }),
      { numRuns: 500 },
    );
  });
});
