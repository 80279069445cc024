import { sameness } from './same-words.ts';

const said = { date: 'tuesday december first', time: 'eight forty a m' };

describe('what was heard over the telephone', () => {
  it.each([
    [
      'i move your appointment to tuesday december the first at eight forty a m with doctor anita sharma',
      'same',
    ],
    // A month that the line swallowed.
    ['i move your appointment to tuesday at the first at eight forty a m', 'same'],
    ['tuesday december the first', 'unclear'],
    ['at eight forty a m', 'unclear'],
    ['', 'unclear'],
    ['tuesday december the second at eight forty a m', 'different'],
    ['wednesday december the first at eight forty a m', 'different'],
    ['tuesday december the first at eight forty p m', 'different'],
    ['tuesday december the first at nine a m', 'different'],
    ['tuesday december the twenty first at eight forty a m', 'different'],
    ['tuesday november the first at eight forty a m', 'different'],
  ])('"%s" is %s', (heard, verdict) => {
    expect(sameness(heard, said)).toBe(verdict);
  });

  it.each([
    ['thursday november twenty sixth', 'eight a m'],
    ['monday november thirtieth', 'twelve oh five p m'],
    ['thursday december thirty first', 'ten fifteen a m'],
    ['friday december twelfth', 'one thirty p m'],
  ])('knows itself: %s, %s', (date, time) => {
    expect(sameness(`on ${date} at ${time}`, { date, time })).toBe('same');
  });
});
