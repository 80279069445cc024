import { Temporal, toClinic } from '@wardline/clinic-time';
import { chooseDate, findDates } from './dates.ts';
import { tokensOf } from './words.ts';

function read(phrase: string, today: string): string {
  const tokens = tokensOf(phrase);
  const reading = chooseDate(tokens, findDates(tokens, Temporal.PlainDate.from(today)));
  if (!reading) return '-';
  if (reading.kind === 'impossible') return reading.why;
  const { first, last } = reading.days;
  return first === last ? first : `${first}..${last}`;
}

/** Saturday, 21 November 2026. */
const saturday = '2026-11-21';
/** Tuesday. */
const tuesday = '2026-11-24';

describe('dates said on a Saturday (2026-11-21)', () => {
  it.each([
    ['today', '2026-11-21'],
    ['tomorrow', '2026-11-22'],
    ['the day after tomorrow', '2026-11-23'],
    ['day after tomorrow please', '2026-11-23'],
    ['tuesday', '2026-11-24'],
    ['on tuesday', '2026-11-24'],
    ['how about tuesday', '2026-11-24'],
    ['tuesdays are good', '2026-11-24'],
    ['this tuesday', '2026-11-24'],
    ['next tuesday', '2026-11-24'],
    ['tuesday next week', '2026-11-24'],
    ['next week tuesday', '2026-11-24'],
    ['next week on tuesday', '2026-11-24'],
    ['next saturday', '2026-11-28'],
    ['saturday', '2026-11-28'],
    ['this saturday', '2026-11-21'],
    ['sunday', '2026-11-22'],
    ['next sunday', '2026-11-29'],
    ['tuesday week', '2026-12-01'],
    ['a week on tuesday', '2026-12-01'],
    ['a week from tuesday', '2026-12-01'],
    ['in two weeks', '2026-12-05'],
    ['two weeks from now', '2026-12-05'],
    ['in a week', '2026-11-28'],
    ['in a fortnight', '2026-12-05'],
    ['in three days', '2026-11-24'],
    ['in a couple of days', '2026-11-23'],
    ['three days from today', '2026-11-24'],
    ['in two weeks on monday', '2026-11-30'],
    ['monday in two weeks', '2026-11-30'],
    ['in a month', '2026-12-21'],
    ['march third', '2027-03-03'],
    ['march the third', '2027-03-03'],
    ['the third of march', '2027-03-03'],
    ['third of march', '2027-03-03'],
    ['third march', '2027-03-03'],
    ['march 3rd', '2027-03-03'],
    ['3 march', '2027-03-03'],
    ['march three', '2027-03-03'],
    ['december fourth', '2026-12-04'],
    ['november twenty fifth', '2026-11-25'],
    ['november twentieth', '2027-11-20'],
    ['the twenty fifth', '2026-11-25'],
    ['on the second', '2026-12-02'],
    ['friday the twenty seventh', '2026-11-27'],
    ['friday november twenty seventh', '2026-11-27'],
    ['friday the twenty seventh of november', '2026-11-27'],
    ['friday the fourth', '2026-12-04'],
    ['monday the fourth', '2027-01-04'],
    ['monday the fifth', 'other-weekday'],
    ['tuesday march third', 'other-weekday'],
    ['wednesday march third', '2027-03-03'],
    ['march third twenty twenty seven', '2027-03-03'],
    ['the third of march 2028', '2028-03-03'],
    ['february twenty ninth', '2028-02-29'],
    ['february thirtieth', 'no-such-day'],
    ['the thirty first of april', 'no-such-day'],
    ['june thirty first', 'no-such-day'],
    ['yesterday', 'past'],
    ['last tuesday', 'past'],
    ['next week', '2026-11-23..2026-11-29'],
    ['this week', '2026-11-21..2026-11-22'],
    ['the week after next', '2026-11-30..2026-12-06'],
    ['this weekend', '2026-11-21..2026-11-22'],
    ['next weekend', '2026-11-28..2026-11-29'],
    ['next month', '2026-12-01..2026-12-31'],
    ['in january', '2027-01-01..2027-01-31'],
    ['sometime in march', '2027-03-01..2027-03-31'],
    ['monday or tuesday', '2026-11-23..2026-11-24'],
    ['not tuesday wednesday', '2026-11-25'],
    ['wednesday instead of tuesday', '2026-11-25'],
    ['tuesday no wednesday', '2026-11-25'],
    ['may i book an appointment', '-'],
    ['just a second please', '-'],
    ['the first one', '-'],
    ['the second option', '-'],
    ['i have been waiting two weeks', '-'],
    ['ten thirty', '-'],
    ['doctor sharma', '-'],
    ['four or five', '-'],
  ])('"%s" is %s', (phrase, expected) => {
    expect(read(phrase, saturday)).toBe(expected);
  });
});

describe('dates said on the day itself', () => {
  it.each([
    // Who means today says "today".
    ['tuesday', '2026-12-01'],
    ['this tuesday', '2026-11-24'],
    ['next tuesday', '2026-12-01'],
    ['next thursday', '2026-12-03'],
    ['thursday', '2026-11-26'],
    ['this thursday', '2026-11-26'],
    ['monday', '2026-11-30'],
    ['monday this week', 'past'],
    ['the twenty fourth', '2026-11-24'],
    ['november twenty fourth', '2026-11-24'],
    ['this week', '2026-11-24..2026-11-29'],
  ])('on a Tuesday "%s" is %s', (phrase, expected) => {
    expect(read(phrase, tuesday)).toBe(expected);
  });
});

describe('dates around the turn of a year and of the clocks', () => {
  it.each([
    ['2026-12-30', 'in three days', '2027-01-02'],
    ['2026-12-30', 'friday', '2027-01-01'],
    ['2026-12-30', 'january second', '2027-01-02'],
    ['2026-12-31', 'tomorrow', '2027-01-01'],
    ['2026-12-31', 'the first', '2027-01-01'],
    ['2026-12-31', 'next month', '2027-01-01..2027-01-31'],
    ['2028-02-28', 'tomorrow', '2028-02-29'],
    ['2027-02-28', 'tomorrow', '2027-03-01'],
    // New York's clocks go forward on 14 March 2027 and back on 1 November 2026.
    ['2027-03-13', 'tomorrow', '2027-03-14'],
    ['2027-03-12', 'monday', '2027-03-15'],
    ['2026-10-31', 'the day after tomorrow', '2026-11-02'],
    ['2026-10-30', 'in a week', '2026-11-06'],
  ])('on %s "%s" is %s', (today, phrase, expected) => {
    expect(read(phrase, today)).toBe(expected);
  });

  it('takes "today" from the clinic, where it is still yesterday or already tomorrow in UTC', () => {
    const lateInNewYork = toClinic(Date.parse('2026-11-25T03:30:00Z'), 'America/New_York').toPlainDate();
    expect(read('tomorrow', lateInNewYork.toString())).toBe('2026-11-25');
    const earlyInAuckland = toClinic(Date.parse('2026-11-24T12:00:00Z'), 'Pacific/Auckland').toPlainDate();
    expect(read('tomorrow', earlyInAuckland.toString())).toBe('2026-11-26');
  });
});
