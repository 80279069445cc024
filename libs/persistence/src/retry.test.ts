import fc from 'fast-check';
import { backoffMs } from './retry.ts';

it('waits longer with each attempt, jittered, never more than a quarter of a second', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const wait = backoffMs(attempt, random);
        expect(wait).toBeGreaterThanOrEqual(1);
        expect(wait).toBeLessThanOrEqual(Math.min(250, 2 * 2 ** attempt));
        expect(backoffMs(attempt + 1, random)).toBeGreaterThanOrEqual(wait);
      },
    ),
  );
});
