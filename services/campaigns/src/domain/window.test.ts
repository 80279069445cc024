import fc from 'fast-check';
import { callingWindow, isOpen, nextDayStart, nextOpen, withinLaw, type CallingWindow } from './window.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const newYork = 'America/New_York';
const of = (o: Partial<Parameters<typeof callingWindow>[0]>): CallingWindow =>
  callingWindow({
    isoWeekdays: everyDay,
    from: '09:00',
    to: '17:00',
    firstDay: '',
    lastDay: '',
    clinicZone: newYork,
    ...o,
  });
const at = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) => ms && new Date(ms).toISOString();

describe('the window', () => {
  it('is on the clock of the person who is called', () => {
    const window = of({});
    const noonInNewYork = at('2026-11-23T17:00:00Z');
    expect(isOpen(window, [newYork], noonInNewYork)).toBe(true);
    expect(isOpen(window, ['Pacific/Honolulu'], noonInNewYork)).toBe(false);
    expect(iso(nextOpen(window, ['Pacific/Honolulu'], noonInNewYork))).toBe('2026-11-23T19:00:00.000Z');
  });

  it('opens with its first minute and is shut in the minute at which it ends', () => {
    const window = of({});
    expect(isOpen(window, [newYork], at('2026-11-23T14:00:00Z'))).toBe(true);
    expect(isOpen(window, [newYork], at('2026-11-23T13:59:59.999Z'))).toBe(false);
    expect(isOpen(window, [newYork], at('2026-11-23T21:59:59.999Z'))).toBe(true);
    expect(isOpen(window, [newYork], at('2026-11-23T22:00:00Z'))).toBe(false);
  });

  it('passes over days that are not its own', () => {
    const window = of({ isoWeekdays: [1] });
    expect(iso(nextOpen(window, [newYork], at('2026-11-23T22:00:00Z')))).toBe('2026-11-30T14:00:00.000Z');
  });

  it('is open where it is open in all zones', () => {
    const window = of({});
    const zones = [newYork, 'Pacific/Honolulu'];
    expect(iso(nextOpen(window, zones, at('2026-11-23T00:00:00Z')))).toBe('2026-11-23T19:00:00.000Z');
    expect(nextOpen(of({ to: '10:00' }), zones, at('2026-11-23T00:00:00Z'))).toBeUndefined();
  });

  it('lies between the first and the last day of the clinic', () => {
    const window = of({ firstDay: '2026-11-25', lastDay: '2026-11-25' });
    expect(iso(nextOpen(window, [newYork], at('2026-11-20T00:00:00Z')))).toBe('2026-11-25T14:00:00.000Z');
    expect(nextOpen(window, [newYork], at('2026-11-25T22:00:00Z'))).toBeUndefined();
    expect(isOpen(window, [newYork], at('2026-11-24T17:00:00Z'))).toBe(false);
  });

  it('is never longer than the law of the country', () => {
    const law = { fromMinute: 480, toMinute: 1260, perDayMax: 1, perWeekMax: 3 };
    const window = withinLaw(of({ from: '00:00', to: '24:00' }), law);
    expect(iso(nextOpen(window, [newYork], at('2026-11-23T05:00:00Z')))).toBe('2026-11-23T13:00:00.000Z');
    expect(withinLaw(of({}), undefined)).toEqual(of({}));
  });

  describe('on days on which the clocks change', () => {
    it('does not open when spring has no such time, and opens late when it has the rest', () => {
      // 8 March 2026, New York: 02:00 becomes 03:00.
      const inGap = of({ from: '02:10', to: '02:50' });
      expect(iso(nextOpen(inGap, [newYork], at('2026-03-08T05:00:00Z')))).toBe('2026-03-09T06:10:00.000Z');
      const half = of({ from: '02:30', to: '04:00' });
      expect(iso(nextOpen(half, [newYork], at('2026-03-08T05:00:00Z')))).toBe('2026-03-08T07:00:00.000Z');
    });

    it('opens twice when autumn has the time twice', () => {
      // 1 November 2026, New York: 02:00 becomes 01:00.
      const window = of({ from: '01:15', to: '01:45' });
      expect(iso(nextOpen(window, [newYork], at('2026-11-01T04:00:00Z')))).toBe('2026-11-01T05:15:00.000Z');
      expect(iso(nextOpen(window, [newYork], at('2026-11-01T05:45:00Z')))).toBe('2026-11-01T06:15:00.000Z');
      const until = of({ from: '00:30', to: '01:30' });
      expect(iso(nextOpen(until, [newYork], at('2026-11-01T05:30:00Z')))).toBe('2026-11-01T06:00:00.000Z');
    });

    it('ends a day when the person’s day ends', () => {
      expect(iso(nextDayStart(newYork, at('2026-11-01T12:00:00Z')))).toBe('2026-11-02T05:00:00.000Z');
      expect(iso(nextDayStart(newYork, at('2026-03-08T12:00:00Z')))).toBe('2026-03-09T04:00:00.000Z');
    });
  });

  it('agrees with who looks at every minute', () => {
    const zones = [
      'America/New_York',
      'Pacific/Honolulu',
      'Europe/London',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
    ];
    // Around both changes of the year in these zones.
    const starts = [
      '2026-03-07T00:00:00Z',
      '2026-03-28T00:00:00Z',
      '2026-10-03T00:00:00Z',
      '2026-10-31T00:00:00Z',
    ];
    fc.assert(
      fc.property(
        fc.record({
          zones: fc.subarray(zones, { minLength: 1, maxLength: 2 }),
          isoWeekdays: fc.subarray(everyDay, { minLength: 1 }),
          from: fc.integer({ min: 0, max: 1439 }),
          length: fc.integer({ min: 1, max: 1440 }),
          start: fc.constantFrom(...starts),
          offset: fc.integer({ min: 0, max: 2 * 1440 }),
        }),
        ({ zones: where, isoWeekdays, from, length, start, offset }) => {
          const window: CallingWindow = {
            isoWeekdays,
            fromMinute: from,
            toMinute: Math.min(1440, from + length),
            startMs: Number.NEGATIVE_INFINITY,
            endMs: at(start) + 3 * 86_400_000,
          };
          const fromMs = at(start) + offset * 60_000;
          let expected: number | undefined;
          for (let ms = fromMs; ms < window.endMs && expected === undefined; ms += 60_000)
            if (isOpen(window, where, ms)) expected = ms;
          expect(nextOpen(window, where, fromMs)).toBe(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
