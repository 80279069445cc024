import { deal, runKiller, type Target } from './killer.ts';
import { createRandom } from './random.ts';

const target = (
  kind: string,
  weight: number,
  breakIt: Target['breakIt'] = async () => undefined,
): Target => ({
  ...{ kind, weight, breakIt },
});

it('deals every kind as often as it weighs before any comes again', () => {
  const dealt = deal(createRandom(7), [target('a', 1), target('b', 2), target('c', 1)]);
  for (let round = 0; round < 20; round += 1) {
    const kinds = Array.from({ length: 4 }, () => dealt.next().value.kind).sort();
    expect(kinds).toEqual(['a', 'b', 'b', 'c']);
  }
});

it('deals the same for the same seed, and something else for another', () => {
  const targets = [target('a', 3), target('b', 3), target('c', 3)];
  const order = (seed: number): string => {
    const dealt = deal(createRandom(seed), targets);
    return Array.from({ length: 30 }, () => dealt.next().value.kind).join('');
  };
  expect(order(1)).toBe(order(1));
  expect(order(1)).not.toBe(order(2));
});

it('says of what never came back that it did not', async () => {
  const over = new AbortController();
  const kills = await runKiller({
    targets: [
      target('doomed', 1, async () => {
        over.abort();
        return { who: 'x', whole: Promise.reject(new Error('it will not start')) };
      }),
    ],
    ...{ seed: 1, pauseMs: { min: 0, max: 1 }, until: over.signal, onKill: () => undefined, now: () => 5 },
  });
  expect(kills).toEqual([{ kind: 'doomed', who: 'x', atMs: 5 }]);
});
