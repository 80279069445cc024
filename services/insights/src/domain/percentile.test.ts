import { percentile } from './percentile.ts';

it.each([
  [[], 0.5, undefined],
  [[7], 0.5, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[4, 1, 3, 2], 0.95, 4],
  [[30, 10, 20], 0.5, 20],
])('of %j at %d is %d', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});
