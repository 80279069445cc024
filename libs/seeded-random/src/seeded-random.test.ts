import fc from 'fast-check';
import { createRandom, shuffled } from './seeded-random.ts';

it('gives what it has always given: recordings and reports name seeds', () => {
  const random = createRandom(7);
  expect([random(), random(), random()].map((one) => one * 2 ** 32)).toEqual([
    50271532, 266108690, 4195786334,
  ]);
  expect(shuffled([...'abcdef'], createRandom(7)).join('')).toBe('ebcdfa');
});

it('is the same for the same seed, and in [0, 1)', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const [one, other] = [createRandom(seed), createRandom(seed)];
      for (let i = 0; i < 50; i++) {
        const number = one();
        expect(number).toBe(other());
        expect(number >= 0 && number < 1).toBe(true);
      }
    }),
  );
});

it('shuffles without losing, doubling or changing what it was given', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
      const before = [...items];
      const mixed = shuffled(items, createRandom(seed));
      expect(mixed.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
      expect(items).toEqual(before);
    }),
  );
});
