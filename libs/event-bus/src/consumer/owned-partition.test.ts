import fc from 'fast-check';
import { createOwnedPartition } from './owned-partition.ts';

it('lets nothing be committed past an event that is still in work', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 40 }),
      fc.func(fc.nat()),
      (offsets, rank) => {
        const rising = [...offsets].sort((a, b) => a - b).map(BigInt);
        const place = createOwnedPartition('t', 0, 0n);
        for (const offset of rising) place.begin(offset);
        const open = new Set(rising);
        for (const offset of [...rising].sort((a, b) => rank(a) - rank(b))) {
          place.finish(offset);
          open.delete(offset);
          for (const still of open) expect(place.committable).toBeLessThanOrEqual(still);
        }
        expect(place.committable).toBe((rising.at(-1) ?? 0n) + 1n);
        expect(place.inWork).toBe(0);
      },
    ),
  );
});
