import fc from 'fast-check';
import { clinicDay, fromLocal, isOnClock, parseTimeZone, Temporal, toClinic } from './index.ts';

const newYork = 'America/New_York';
const london = 'Europe/London';
const date = (text: string) => Temporal.PlainDate.from(text);
const time = (text: string) => Temporal.PlainTime.from(text);
const instant = (day: string, clock: string, zone: string) =>
  fromLocal(date(day), time(clock), zone).toISOString();

describe('parseTimeZone', () => {
  it.each([newYork, london, 'Asia/Kolkata', 'UTC', 'America/Argentina/Buenos_Aires'])('takes %s', (id) => {
    expect(parseTimeZone(id)).toBe(id);
  });

  it.each(['', '+05:00', '-04', 'Mars/Olympus', 'New York', '2026-01-01T00:00[Europe/London]'])(
    'refuses "%s"',
    (id) => {
      expect(() => parseTimeZone(id)).toThrow(/use an IANA name such as "America\/New_York"/);
    },
  );
});

describe('fromLocal on days when clocks change', () => {
  // US: second Sunday of March and first of November at 02:00. UK: last Sundays of March and October at 01:00 UTC.
  it.each([
    // The gap: 02:00–03:00 does not exist in New York, 01:00–02:00 not in London; readings move an hour later.
    ['2026-03-08', '01:59', newYork, '2026-03-08T06:59:00.000Z', true],
    ['2026-03-08', '02:00', newYork, '2026-03-08T07:00:00.000Z', false],
    ['2026-03-08', '02:30', newYork, '2026-03-08T07:30:00.000Z', false],
    ['2026-03-08', '03:00', newYork, '2026-03-08T07:00:00.000Z', true],
    ['2026-03-29', '00:59', london, '2026-03-29T00:59:00.000Z', true],
    ['2026-03-29', '01:30', london, '2026-03-29T01:30:00.000Z', false],
    ['2026-03-29', '02:00', london, '2026-03-29T01:00:00.000Z', true],
    // The overlap: 01:00–02:00 comes twice; the first time, still in summer time, is meant.
    ['2026-11-01', '00:59', newYork, '2026-11-01T04:59:00.000Z', true],
    ['2026-11-01', '01:30', newYork, '2026-11-01T05:30:00.000Z', true],
    ['2026-11-01', '02:00', newYork, '2026-11-01T07:00:00.000Z', true],
    ['2026-10-25', '01:30', london, '2026-10-25T00:30:00.000Z', true],
    ['2026-10-25', '02:00', london, '2026-10-25T02:00:00.000Z', true],
    // And an ordinary day in each half of the year.
    ['2026-07-01', '09:00', newYork, '2026-07-01T13:00:00.000Z', true],
    ['2026-12-01', '09:00', newYork, '2026-12-01T14:00:00.000Z', true],
    ['2026-07-01', '09:00', london, '2026-07-01T08:00:00.000Z', true],
    ['2026-12-01', '09:00', london, '2026-12-01T09:00:00.000Z', true],
  ])('%s %s in %s is %s', (day, clock, zone, expected, onClock) => {
    expect(instant(day, clock, zone)).toBe(expected);
    expect(isOnClock(date(day), time(clock), zone)).toBe(onClock);
  });

  it('never lets a later reading of a day be an earlier instant, except inside the gap', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<[string, string]>(
          ['2026-03-08', newYork],
          ['2026-11-01', newYork],
          ['2026-03-29', london],
          ['2026-10-25', london],
        ),
        fc.nat(1439),
        fc.nat(1439),
        ([day, zone], a, b) => {
          const at = (minute: number) => time('00:00').add({ minutes: minute });
          const [early, late] = [at(Math.min(a, b)), at(Math.max(a, b))];
          fc.pre(isOnClock(date(day), early, zone) && isOnClock(date(day), late, zone));
          expect(fromLocal(date(day), early, zone).getTime()).toBeLessThanOrEqual(
            fromLocal(date(day), late, zone).getTime(),
          );
        },
      ),
    );
  });
});

describe('toClinic', () => {
  it('tells the two passes through the repeated hour apart', () => {
    const first = toClinic(new Date('2026-11-01T05:30:00Z'), newYork);
    const second = toClinic(new Date('2026-11-01T06:30:00Z'), newYork);
    expect([first.toPlainTime().toString(), second.toPlainTime().toString()]).toEqual([
      '01:30:00',
      '01:30:00',
    ]);
    expect([first.offset, second.offset]).toEqual(['-04:00', '-05:00']);
  });

  it('gives the day at the clinic, not the day in UTC', () => {
    expect(toClinic(new Date('2026-06-02T03:30:00Z'), newYork).toPlainDate().toString()).toBe('2026-06-01');
    expect(toClinic(new Date('2026-06-01T23:30:00Z'), london).toPlainDate().toString()).toBe('2026-06-02');
  });

  it('is undone by fromLocal, outside the repeated hour', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(newYork, london, 'Asia/Kolkata', 'Australia/Lord_Howe'),
        fc.date({
          min: new Date('2024-01-01T00:00:00Z'),
          max: new Date('2030-01-01T00:00:00Z'),
          noInvalidDate: true,
        }),
        (zone, at) => {
          const there = toClinic(at, zone);
          const back = fromLocal(there.toPlainDate(), there.toPlainTime(), zone);
          const repeatedMs = at.getTime() - back.getTime();
          expect([0, 1_800_000, 3_600_000]).toContain(repeatedMs);
          if (repeatedMs > 0) expect(toClinic(back, zone).offset).not.toBe(there.offset);
        },
      ),
    );
  });

  it('refuses what is no instant', () => {
    expect(() => toClinic(new Date('never'), london)).toThrow(RangeError);
    expect(() => toClinic(Number.NaN, london)).toThrow(RangeError);
  });
});

describe('clinicDay', () => {
  it.each([
    ['2026-03-08', newYork, 23],
    ['2026-11-01', newYork, 25],
    ['2026-03-29', london, 23],
    ['2026-10-25', london, 25],
    ['2026-05-05', london, 24],
  ])('%s in %s has %i hours', (day, zone, hours) => {
    const { start, end } = clinicDay(date(day), zone);
    expect((end.getTime() - start.getTime()) / 3_600_000).toBe(hours);
    expect(toClinic(start, zone).toPlainDate().toString()).toBe(day);
    expect(toClinic(end, zone).toPlainTime().toString()).toBe('00:00:00');
  });

  it('begins after midnight where the clocks change at midnight', () => {
    // Cuba springs forward at 00:00.
    const { start } = clinicDay(date('2026-03-08'), 'America/Havana');
    expect(toClinic(start, 'America/Havana').toPlainTime().toString()).toBe('01:00:00');
  });
});
