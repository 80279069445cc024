import fc from 'fast-check';
import { createKeyedWork } from './keyed-work.ts';

it('keeps order per key and the limit, and runs everything once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      fc.scheduler(),
      async (keys, limit, scheduler) => {
        const work = createKeyedWork(limit);
        const done: { key: string; index: number }[] = [];
        let active = 0;
        keys.forEach((key, index) =>
          work.add(key, async () => {
            active += 1;
            expect(active).toBeLessThanOrEqual(limit);
            await scheduler.schedule(Promise.resolve());
            active -= 1;
            done.push({ key, index });
          }),
        );
        await scheduler.waitFor(work.idle());
        expect(done).toHaveLength(keys.length);
        for (const key of new Set(keys)) {
          const order = done.filter((d) => d.key === key).map((d) => d.index);
          expect(order).toEqual([...order].sort((x, y) => x - y));
        }
      },
    ),
    { numRuns: 50 },
  );
});

it('forgets what has not begun, and lets what runs finish', async () => {
  const work = createKeyedWork(1);
  const finish = Promise.withResolvers<void>();
  const done: string[] = [];
  work.add('a', async () => {
    await finish.promise;
    done.push('running');
  });
  work.add('a', async () => void done.push('same key'));
  work.add('b', async () => void done.push('other key'));
  work.clear();
  expect(work.size).toBe(1);
  work.add('a', async () => void done.push('later'));
  finish.resolve();
  await work.idle();
  expect(done).toEqual(['running', 'later']);
});
