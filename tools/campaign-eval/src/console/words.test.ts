import { differences } from './words.ts';

const told = {
  recipients: [
    { externalId: 'P1', state: 'settled', result: 'moved' },
    { externalId: 'P2', state: 'waiting', result: null },
  ],
  results: [{ result: 'moved', count: 1 }],
};

describe('the end as the page has it', () => {
  it('is the same as the API says', () => {
    const people = new Map([
      ['P1', 'Moved'],
      ['P2', 'Waiting'],
    ]);
    expect(differences({ counts: new Map([['Moved', 1]]), people }, told)).toEqual([]);
  });

  it('differs in counts, in people, and in what became of one', () => {
    const shown = { counts: new Map([['Confirmed', 1]]), people: new Map([['P1', 'Confirmed']]) };
    expect(differences(shown, told)).toEqual([
      'the page counts 0 times "Moved", the API 1',
      'the page counts 1 times "Confirmed", the API 0',
      'the page lists 1 people, the API 2',
      'the page says "Confirmed" of P1, the API "Moved"',
      'the page says "nothing" of P2, the API "Waiting"',
    ]);
  });
});
