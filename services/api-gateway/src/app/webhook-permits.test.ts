import { createPermits } from './webhook-permits.ts';

it('gives out as many as there are, and tells who waits, in the order of asking', () => {
  const permits = createPermits(2);
  const told: string[] = [];
  const tell = (name: string) => () => void told.push(name);
  expect([permits.tryTake(), permits.tryTake(), permits.tryTake()]).toEqual([true, true, false]);
  const [first, gone, last] = [tell('first'), tell('gone'), tell('last')];
  permits.whenFree(first);
  permits.whenFree(gone);
  permits.whenFree(last);
  permits.whenFree(first);
  permits.forget(gone);
  permits.give();
  expect(told).toEqual(['first']);
  permits.give();
  expect(told).toEqual(['first', 'last']);
  expect([permits.tryTake(), permits.tryTake(), permits.tryTake()]).toEqual([true, true, false]);
});
