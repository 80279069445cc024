import fc from 'fast-check';
import { freeSlots, leadMs } from './free-slots.ts';
import { slotsBetween, type DoctorSchedule } from './schedule.ts';
import { overlaps, type TimeRange } from './time-range.ts';

const schedule: DoctorSchedule = {
  timeZone: 'Europe/London',
  slotMinutes: 20,
  weekly: [1, 2, 3, 4, 5].map((isoWeekday) => ({ isoWeekday, fromMinute: 540, toMinute: 720 })),
  exceptions: [],
};
const monday = Date.parse('2026-03-02T00:00:00Z');
const all = [...slotsBetween(schedule, monday, monday + 5 * 86_400_000)];

describe('free slots', () => {
  const window = { fromMs: monday, toMs: monday + 5 * 86_400_000, nowMs: monday, limit: 50 };

  it('are neither in the past nor within the lead time', () => {
    const nine = Date.parse('2026-03-02T09:00:00Z');
    const first = (nowMs: number) =>
      freeSlots([{ doctor: 'd', schedule, busy: [] }], { ...window, nowMs })[0]?.slot.startMs;
    expect(first(nine - leadMs)).toBe(nine);
    expect(first(nine - leadMs + 1)).toBe(nine + 20 * 60_000);
  });

  it('are merged by time over doctors, and limited', () => {
    const found = freeSlots(
      [
        { doctor: 'a', schedule, busy: [all[0]!] },
        { doctor: 'b', schedule, busy: [] },
      ],
      { ...window, limit: 3 },
    );
    expect(found.map((f) => [f.doctor, f.slot.startMs])).toEqual([
      ['b', all[0]!.startMs],
      ['a', all[1]!.startMs],
      ['b', all[1]!.startMs],
    ]);
  });

  it('are exactly the slots that no occupancy touches', () => {
    const occupancy: fc.Arbitrary<TimeRange> = fc
      .tuple(fc.integer({ min: 0, max: 5 * 1440 }), fc.integer({ min: 1, max: 120 }))
      .map(([minute, length]) => ({
        startMs: monday + minute * 60_000,
        endMs: monday + (minute + length) * 60_000,
      }));
    fc.assert(
      fc.property(fc.array(occupancy, { maxLength: 30 }), (drawn) => {
        const busy = drawn.filter((r, i) => !drawn.slice(0, i).some((other) => overlaps(r, other)));
        const found = freeSlots([{ doctor: 'd', schedule, busy }], { ...window, limit: 500 }).map(
          (f) => f.slot,
        );
        expect(found).toEqual(
          all.filter((s) => s.startMs >= monday + leadMs && !busy.some((b) => overlaps(b, s))),
        );
      }),
    );
  });
});
