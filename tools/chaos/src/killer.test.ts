import { deal, runKiller, type Target } from './killer.ts';
import { createRandom } from './random.ts';

const target = (
  kind: string,
  weight: number,
  breakIt: Target['breakIt'] = async () => undefined,
): Target => ({
  ...{ kind, weight, breakIt },
});

it('deals every kind once, then what weighs more, before the next round', () => {
  const dealt = deal(createRandom(7), [target('a', 1), target('b', 3), target('c', 1)]);
  const next = (count: number): string[] => Array.from({ length: count }, () => dealt.next().value.kind);
  for (let round = 0; round < 20; round += 1) {
    expect(next(3).sort()).toEqual(['a', 'b', 'c']);
    expect(next(2)).toEqual(['b', 'b']);
  }
});

it('deals the same for the same seed, and something else for another', () => {
  const targets = ['a', 'b', 'c', 'd', 'e', 'f'].map((kind) => target(kind, 1));
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
