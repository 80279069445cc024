import fc from 'fast-check';
import { heardWords, splitClauses } from './clauses.ts';

describe('splitClauses', () => {
  it('splits at sentence ends and at commas with enough before them', () => {
    expect(splitClauses('Hello. I can book an appointment for you, or connect you to a person.')).toEqual([
      { text: 'Hello.', pauseMs: 240 },
      { text: 'I can book an appointment for you,', pauseMs: 120 },
      { text: 'or connect you to a person.', pauseMs: 0 },
    ]);
  });

  it('leaves titles and short enumerations together', () => {
    expect(splitClauses('Dr. Sharma, at ten a.m. on Monday?').map((clause) => clause.text)).toEqual([
      'Dr. Sharma, at ten a.m. on Monday?',
    ]);
  });

  it('makes nothing of nothing', () => {
    expect(splitClauses('  \n ')).toEqual([]);
  });

  it('loses no word and makes no clause that is too long', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}[.,!?]?$/), { maxLength: 80 }), (words) => {
        const clauses = splitClauses(words.join(' '));
        expect(clauses.map((clause) => clause.text).join(' ')).toBe(words.join(' '));
        for (const clause of clauses) expect(clause.text.length).toBeLessThanOrEqual(110);
      }),
    );
  });
});

describe('heardWords', () => {
  it.each([
    [0, ''],
    [0.3, 'we'],
    [0.5, 'we have'],
    [0.99, 'we have'],
    [1, 'we have tuesday'],
  ])('at %d of the audio: "%s"', (fraction, words) => {
    expect(heardWords('we have tuesday', fraction)).toBe(words);
  });
});
