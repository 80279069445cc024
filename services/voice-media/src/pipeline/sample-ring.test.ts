import fc from 'fast-check';
import { SampleRing } from './sample-ring.ts';

it('gives back what came since a position, as far as it is kept', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 20 }),
      fc.nat(200),
      (lengths, position) => {
        const ring = new SampleRing(16);
        const all: number[] = [];
        for (const length of lengths) {
          const part = Array.from({ length }, (_, index) => all.length + index);
          all.push(...part);
          ring.push(Int16Array.from(part));
        }
        expect(ring.position).toBe(all.length);
        expect([...ring.since(position)]).toEqual(all.slice(Math.max(position, all.length - 16)));
      },
    ),
  );
});

it('has nothing from before the first sample', () => {
  const ring = new SampleRing(16);
  ring.push(Int16Array.of(1, 2));
  expect([...ring.since(-100)]).toEqual([1, 2]);
});
