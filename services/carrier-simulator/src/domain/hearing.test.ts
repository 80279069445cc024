import { bestScore, phraseScore } from './hearing.ts';

describe('hearing', () => {
  it('takes a phrase as heard in spite of wrong and missing words', () => {
    expect(phraseScore('and what die would suit you best', 'what day would suit you')).toBeCloseTo(0.8);
    expect(bestScore('which day what suit you', ['what time', 'day would suit you'])).toBeGreaterThan(0.7);
    expect(bestScore('hello this is the clinic', ['what time would you like', 'your name'])).toBe(0);
  });
  it('takes nearly the same spelling as the same word', () => {
    expect(phraseScore('with doctor sharmer', 'doctor sharma')).toBe(1);
  });
  it('wants the words near each other and in order', () => {
    expect(phraseScore('name may the of a long way to your', 'your name')).toBe(0.5);
  });
  it('prefers the longer of two phrases that fit', () => {
    expect(bestScore('may i have your name please', ['may i have your name'])).toBeGreaterThan(
      bestScore('may i have your name please', ['name']),
    );
  });
});
