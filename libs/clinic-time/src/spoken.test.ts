import { spokenDate, spokenTime, Temporal } from './index.ts';

const days = Array.from({ length: 366 }, (_, i) => Temporal.PlainDate.from('2028-01-01').add({ days: i }));
const minutes = Array.from({ length: 1440 }, (_, i) => Temporal.PlainTime.from('00:00').add({ minutes: i }));

describe('spokenDate', () => {
  it.each([
    ['2026-03-03', 'Tuesday, March the third'],
    ['2026-11-01', 'Sunday, November the first'],
    ['2026-12-12', 'Saturday, December the twelfth'],
    ['2027-01-20', 'Wednesday, January the twentieth'],
    ['2027-01-21', 'Thursday, January the twenty first'],
    ['2026-09-30', 'Wednesday, September the thirtieth'],
    ['2026-08-31', 'Monday, August the thirty first'],
  ])('%s is "%s"', (date, spoken) => {
    expect(spokenDate(Temporal.PlainDate.from(date))).toBe(spoken);
  });

  it('is different for every day of a year, and has no digits', () => {
    const spoken = days.map(spokenDate);
    expect(new Set(spoken.map((text) => text.split(', ')[1])).size).toBe(366);
    for (const text of spoken) expect(text).toMatch(/^[A-Z][a-z]+day, [A-Z][a-z]+ the [a-z]+( [a-z]+)?$/);
  });
});

describe('spokenTime', () => {
  it.each([
    ['10:30', 'ten thirty a m'],
    ['14:00', 'two p m'],
    ['09:05', 'nine oh five a m'],
    ['12:00', 'twelve noon'],
    ['00:00', 'twelve midnight'],
    ['12:30', 'twelve thirty p m'],
    ['00:30', 'twelve thirty a m'],
    ['23:59', 'eleven fifty nine p m'],
    ['16:45:59', 'four forty five p m'],
    ['13:15', 'one fifteen p m'],
    ['08:10', 'eight ten a m'],
  ])('%s is "%s"', (time, spoken) => {
    expect(spokenTime(Temporal.PlainTime.from(time))).toBe(spoken);
  });

  it('is different for every minute of a day, and has no digits', () => {
    const spoken = minutes.map(spokenTime);
    expect(new Set(spoken).size).toBe(1440);
    for (const text of spoken) expect(text).toMatch(/^[a-z ]+$/);
  });
});
