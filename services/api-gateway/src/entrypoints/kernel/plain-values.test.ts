import { Problem } from '../problem.ts';
import { assertPlain } from './plain-values.ts';

const problemsOf = (value: unknown): unknown => {
  try {
    assertPlain(value);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.extra['problems'];
  }
};

describe('values that can be kept', () => {
  it('takes every text that is one, and everything that is none', () => {
    expect(
      problemsOf({ a: '🏥 é \n\t\u{10ffff}', b: [1, null, true, undefined], c: new Date(), d: {} }),
    ).toEqual([]);
    expect(problemsOf(undefined)).toEqual([]);
  });

  it('refuses NUL and half characters, wherever they are', () => {
    expect(problemsOf({ a: { b: ['ok', 'x\0y'] }, c: '\ud800', 'n\0': 1 })).toEqual([
      { field: '', problem: 'a name in it has a NUL character' },
      { field: 'c', problem: 'has half a character (a lone surrogate)' },
      { field: 'a.b.1', problem: 'has a NUL character' },
    ]);
  });

  it('refuses what is nested beyond reason without getting lost in it', () => {
    const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000)) as unknown;
    expect(problemsOf({ definition: deep })).toEqual([
      { field: 'definition.0.0.0.0', problem: 'nested more than 64 deep' },
    ]);
  });
});
