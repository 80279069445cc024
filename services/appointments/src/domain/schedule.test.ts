import { Temporal, toClinic } from '@wardline/clinic-time';
import fc from 'fast-check';
import { slotAt, slotsBetween, slotsOfDay, type DoctorSchedule } from './schedule.ts';
import { overlaps } from './time-range.ts';

const at = (h: number, m = 0): number => h * 60 + m;
const everyDay = (fromMinute: number, toMinute: number) =>
  [1, 2, 3, 4, 5, 6, 7].map((isoWeekday) => ({ isoWeekday, fromMinute, toMinute }));

const schedule = (parts: Partial<DoctorSchedule>): DoctorSchedule => ({
  timeZone: 'America/New_York',
  slotMinutes: 30,
  weekly: everyDay(at(9), at(17)),
  exceptions: [],
  ...parts,
});
const day = (iso: string) => Temporal.PlainDate.from(iso);
const readings = (s: DoctorSchedule, iso: string): string[] =>
  slotsOfDay(s, day(iso)).map((slot) => toClinic(slot.startMs, s.timeZone).toString().slice(11, 22));

describe('slots of a day', () => {
  it('cuts working hours into the duration of the service and leaves out what does not fit', () => {
    const s = schedule({ weekly: everyDay(at(9), at(10, 50)), slotMinutes: 30 });
    expect(readings(s, '2026-03-03')).toEqual(['09:00:00-05', '09:30:00-05', '10:00:00-05']);
  });

  it('has no slots on a weekday without hours', () => {
    expect(
      slotsOfDay(
        schedule({ weekly: [{ isoWeekday: 1, fromMinute: 540, toMinute: 600 }] }),
        day('2026-03-03'),
      ),
    ).toEqual([]);
  });

  it('works until midnight', () => {
    const s = schedule({ weekly: everyDay(at(23), at(24)) });
    expect(readings(s, '2026-03-03')).toEqual(['23:00:00-05', '23:30:00-05']);
  });

  it('offers overlapping windows once', () => {
    const s = schedule({ weekly: [...everyDay(at(9), at(10)), ...everyDay(at(9, 30), at(10, 30))] });
    expect(readings(s, '2026-03-03')).toEqual(['09:00:00-05', '09:30:00-05', '10:00:00-05']);
  });

  it('takes time off out without moving the slots around it', () => {
    const s = schedule({
      weekly: everyDay(at(9), at(11, 30)),
      exceptions: [{ date: '2026-03-03', kind: 'off', fromMinute: at(9, 40), toMinute: at(10, 10) }],
    });
    expect(readings(s, '2026-03-03')).toEqual(['09:00:00-05', '10:30:00-05', '11:00:00-05']);
    expect(readings(s, '2026-03-04')).toHaveLength(5);
  });

  it('adds extra hours, also on a day off', () => {
    const s = schedule({
      exceptions: [
        { date: '2026-03-03', kind: 'off', fromMinute: 0, toMinute: 1440 },
        { date: '2026-03-03', kind: 'extra', fromMinute: at(18), toMinute: at(19) },
      ],
    });
    expect(readings(s, '2026-03-03')).toEqual(['18:00:00-05', '18:30:00-05']);
  });
});

describe('days on which the clocks change', () => {
  // America/New_York, 8 March 2026: 02:00 EST is 03:00 EDT. 1 November 2026: 02:00 EDT is 01:00 EST.
  it('has no slot at a reading that does not exist (23 hours)', () => {
    const s = schedule({ weekly: everyDay(at(1), at(4)) });
    expect(readings(s, '2026-03-08')).toEqual(['01:00:00-05', '01:30:00-05', '03:00:00-04', '03:30:00-04']);
  });

  it('begins and ends at the change when a boundary lies in the gap', () => {
    expect(readings(schedule({ weekly: everyDay(at(2, 30), at(4)) }), '2026-03-08')).toEqual([
      '03:00:00-04',
      '03:30:00-04',
    ]);
    expect(readings(schedule({ weekly: everyDay(at(1), at(2, 30)) }), '2026-03-08')).toEqual([
      '01:00:00-05',
      '01:30:00-05',
    ]);
  });

  it('has both slots of a reading that occurs twice (25 hours)', () => {
    const s = schedule({ weekly: everyDay(at(1), at(2, 30)) });
    expect(readings(s, '2026-11-01')).toEqual([
      '01:00:00-04',
      '01:30:00-04',
      '01:00:00-05',
      '01:30:00-05',
      '02:00:00-05',
    ]);
  });

  it('does not open before the hours when they begin inside the repeated hour', () => {
    const s = schedule({ weekly: everyDay(at(1, 30), at(2)) });
    expect(readings(s, '2026-11-01')).toEqual(['01:30:00-04', '01:30:00-05']);
  });

  it('counts 46, 48 and 50 half hours in a round-the-clock day', () => {
    const s = schedule({ weekly: everyDay(0, 1440), timeZone: 'Europe/London' });
    expect(slotsOfDay(s, day('2026-03-29'))).toHaveLength(46);
    expect(slotsOfDay(s, day('2026-03-30'))).toHaveLength(48);
    expect(slotsOfDay(s, day('2026-10-25'))).toHaveLength(50);
  });
});

describe('the slot at an instant', () => {
  const s = schedule({});
  it.each([
    ['2026-03-03T14:00:00Z', 'slot'],
    ['2026-03-03T14:10:00Z', 'not-aligned'],
    ['2026-03-03T13:30:00Z', 'outside-working-hours'],
    ['2026-03-03T22:00:00Z', 'outside-working-hours'],
  ])('%s: %s', (instant, expected) => {
    const found = slotAt(s, Date.parse(instant));
    expect(found.kind === 'slot' ? found.kind : found.why).toBe(expected);
  });
});

const minuteWindow = fc
  .tuple(fc.integer({ min: 0, max: 1435 }), fc.integer({ min: 1, max: 900 }))
  .map(([fromMinute, length]) => ({ fromMinute, toMinute: Math.min(1440, fromMinute + length) }));

const anySchedule: fc.Arbitrary<DoctorSchedule> = fc.record({
  timeZone: fc.constantFrom(
    'America/New_York',
    'Europe/London',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'America/Havana',
  ),
  slotMinutes: fc.constantFrom(5, 15, 20, 30, 45, 60),
  weekly: fc.array(
    fc.tuple(fc.integer({ min: 1, max: 7 }), minuteWindow).map(([isoWeekday, w]) => ({ isoWeekday, ...w })),
    { maxLength: 12 },
  ),
  exceptions: fc.array(
    fc
      .tuple(
        fc.constantFrom('2026-03-08', '2026-03-29', '2026-11-01', '2026-06-10'),
        fc.constantFrom('off', 'extra'),
        minuteWindow,
      )
      .map(([date, kind, w]) => ({ date, kind: kind as 'off' | 'extra', ...w })),
    { maxLength: 4 },
  ),
});
// Days on which clocks change somewhere (New York, London, Lord Howe by half an hour, Havana at midnight) and others.
const anyDay = fc
  .constantFrom(
    '2026-03-07',
    '2026-03-08',
    '2026-03-29',
    '2026-04-05',
    '2026-06-10',
    '2026-10-04',
    '2026-10-25',
    '2026-11-01',
  )
  .map(day);

describe('for every schedule', () => {
  it('slots never overlap, have the exact duration and lie within working hours and outside time off', () => {
    fc.assert(
      fc.property(anySchedule, anyDay, (s, date) => {
        const slots = slotsOfDay(s, date);
        const iso = date.toString();
        const today = s.exceptions.filter((e) => e.date === iso);
        const open = (minute: number): boolean => {
          const weekly = s.weekly.some(
            (w) => w.isoWeekday === date.dayOfWeek && w.fromMinute <= minute && minute < w.toMinute,
          );
          const off = today.some((e) => e.kind === 'off' && e.fromMinute <= minute && minute < e.toMinute);
          const extra = today.some(
            (e) => e.kind === 'extra' && e.fromMinute <= minute && minute < e.toMinute,
          );
          return (weekly && !off) || extra;
        };
        slots.forEach((slot, i) => {
          expect(slot.endMs - slot.startMs).toBe(s.slotMinutes * 60_000);
          const next = slots[i + 1];
          if (next) expect(overlaps(slot, next)).toBe(false);
          for (let ms = slot.startMs; ms < slot.endMs; ms += 5 * 60_000) {
            const clock = toClinic(ms, s.timeZone);
            expect(clock.toPlainDate().toString()).toBe(iso);
            expect(open(clock.hour * 60 + clock.minute)).toBe(true);
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it('every slot found over a period is the slot at its own instant', () => {
    fc.assert(
      fc.property(anySchedule, anyDay, (s, date) => {
        const fromMs = date.toZonedDateTime({ timeZone: s.timeZone }).epochMilliseconds;
        for (const slot of slotsBetween(s, fromMs, fromMs + 30 * 3_600_000)) {
          expect(slotAt(s, slot.startMs)).toEqual({ kind: 'slot', slot });
        }
      }),
      { numRuns: 100 },
    );
  });
});
