import { uuidv7 } from './index.ts';

it('makes valid, unique ids that sort by time and by order of making', () => {
  const ids = Array.from({ length: 20_000 }, () => uuidv7());
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

it('holds the time', () => {
  const before = Date.now();
  const time = Number.parseInt(uuidv7().replaceAll('-', '').slice(0, 12), 16);
  // A burst within a millisecond may run ahead by a few.
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThan(before + 1_000);
});
