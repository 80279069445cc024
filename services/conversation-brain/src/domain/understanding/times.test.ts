import { chooseTime, findTimes } from './times.ts';
import { tokensOf } from './words.ts';

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

function read(phrase: string, expectsTime = false): string {
  const tokens = tokensOf(phrase);
  const wish = chooseTime(tokens, findTimes(tokens, { dates: [], expectsTime }))?.wish;
  if (!wish) return '-';
  return wish.kind === 'at' ? wish.candidates.map(clock).join('|') : `${clock(wish.from)}-${clock(wish.to)}`;
}

describe('times of day', () => {
  it.each([
    ['ten thirty', '10:30|22:30'],
    ['ten thirty a m', '10:30'],
    ['10:30 am', '10:30'],
    ['10.30', '10:30|22:30'],
    ['ten thirty in the morning', '10:30'],
    ['half past two', '14:30|02:30'],
    ['half two', '14:30|02:30'],
    ['quarter to four', '15:45|03:45'],
    ['a quarter to four', '15:45|03:45'],
    ['quarter past nine', '09:15|21:15'],
    ['quarter after nine', '09:15|21:15'],
    ['ten past three', '15:10|03:10'],
    ['twenty to eleven', '10:40|22:40'],
    ['five minutes to eleven', '10:55|22:55'],
    ['two p m', '14:00'],
    ['2pm', '14:00'],
    ['2 p.m.', '14:00'],
    ['two in the afternoon', '14:00'],
    ['at two', '14:00|02:00'],
    ['at nine', '09:00|21:00'],
    ["nine o'clock", '09:00|21:00'],
    ['nine o clock', '09:00|21:00'],
    ['nine oh five', '09:05|21:05'],
    ['noon', '12:00'],
    ['twelve noon', '12:00'],
    ['midday', '12:00'],
    ['twelve thirty', '12:30|00:30'],
    ['14:30', '14:30'],
    ['fourteen thirty', '14:30'],
    ['eight in the evening', '20:00'],
    ['after three', '15:00-24:00'],
    ['any time after three p m', '15:00-24:00'],
    ['after half past two', '14:30-24:00'],
    ['before noon', '00:00-12:00'],
    ['before eleven', '00:00-11:00'],
    ['by ten', '00:00-10:01'],
    ['between two and four', '14:00-16:01'],
    ['from nine to eleven', '09:00-11:01'],
    ['morning', '00:00-12:00'],
    ['in the morning', '00:00-12:00'],
    ['early in the morning', '00:00-10:00'],
    ['late morning', '10:00-12:00'],
    ['afternoon', '12:00-18:00'],
    ['after noon', '12:00-18:00'],
    ['late afternoon', '15:00-18:00'],
    ['in the evening', '17:00-24:00'],
    ['after work', '17:00-24:00'],
    ['after lunch', '13:00-24:00'],
    ['at to thirty', '14:30|02:30'],
    ['for fifteen', '16:15|04:15'],
    ['not ten thirty eleven fifteen', '11:15|23:15'],
    ['in the morning at nine', '09:00'],
    ['good morning', '-'],
    ['the first one', '-'],
    ['that one', '-'],
    ['number two', '-'],
    ['my number is two oh two five five five', '-'],
    ['one moment', '-'],
    ['to four people', '-'],
  ])('"%s" is %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });

  it.each([
    ['ten', '10:00|22:00'],
    ['maybe ten', '10:00|22:00'],
    ['two please', '14:00|02:00'],
    ["let's say three", '15:00|03:00'],
    ['eleven is fine', '11:00|23:00'],
  ])('asked for a time, "%s" is %s', (phrase, expected) => {
    expect(read(phrase, true)).toBe(expected);
    if (phrase !== "let's say three") expect(read(phrase, false)).toBe('-');
  });
});
