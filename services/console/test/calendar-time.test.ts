import {
  addDays,
  hoursFor,
  isoWeekday,
  lanesOf,
  minutesIn,
  weekOf,
} from '../src/appointments/calendar-time.ts';

describe('the calendar’s time', () => {
  it('counts days over the end of a year and over a change of clocks', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-08', -1)).toBe('2026-03-07');
    expect(isoWeekday('2026-11-22')).toBe(7);
    expect(weekOf('2026-11-22')).toEqual([
      ...['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'],
    ]);
  });

  it('knows the clinic’s clock, whatever the browser’s is', () => {
    expect(minutesIn('America/New_York', '2026-11-23T14:30:00Z')).toBe(9 * 60 + 30);
    expect(minutesIn('America/New_York', '2026-07-23T13:30:00Z')).toBe(9 * 60 + 30);
    expect(minutesIn('Europe/London', '2026-11-23T00:00:00Z')).toBe(0);
  });

  it('puts side by side what overlaps, and nothing else', () => {
    const lanes = lanesOf([
      { from: 540, to: 570 },
      { from: 540, to: 560 },
      { from: 560, to: 600 },
      { from: 600, to: 620 },
    ]).map(({ from, to, lane, lanes: of }) => [from, to, lane, of]);
    expect(lanes).toEqual([
      [540, 560, 0, 2],
      [540, 570, 1, 2],
      [560, 600, 0, 2],
      [600, 620, 0, 1],
    ]);
    expect(lanesOf([])).toEqual([]);
  });

  it('shows whole hours, and a usual day where nothing says otherwise', () => {
    expect(hoursFor([{ from: 555, to: 1085 }])).toEqual({ from: 540, to: 1140 });
    expect(hoursFor([])).toEqual({ from: 480, to: 1080 });
  });
});
