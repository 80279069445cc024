import fc from 'fast-check';
import { nameWords, normalisedName } from './name.ts';

describe('a name', () => {
  it.each([
    ['José  Álvarez', 'jose alvarez'],
    ['JOSE ALVAREZ', 'jose alvarez'],
    ["O'Brien, Siobhán", 'obrien siobhan'],
    ['O’Brien Siobhan', 'obrien siobhan'],
    ['Anne-Marie Smith', 'anne marie smith'],
    ['Ｍａｒｉａ', 'maria'],
    ['  ', ''],
    ['--', ''],
  ])('%j is compared as %j', (name, normalised) => {
    expect(normalisedName(name)).toBe(normalised);
  });

  it('keeps what tells names apart in scripts whose marks are letters', () => {
    expect(normalisedName('रवि')).not.toBe(normalisedName('रव'));
    expect(normalisedName('Андрей')).not.toBe(normalisedName('Андреи'));
  });

  it('does not take another order of the words for the same name', () => {
    expect(normalisedName('Lopez Maria')).not.toBe(normalisedName('Maria Lopez'));
  });

  it('is the same when it is normalised again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(nameWords(normalisedName(name))).toEqual(nameWords(name));
      }),
    );
  });
});
