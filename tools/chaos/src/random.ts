import { createRandom as createNumbers } from '@wardline/seeded-random';

/** Numbers that only look random: the same seed gives the same ones, so that a kill schedule can be played again. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [min, max). */
  between(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(from: readonly T[]): T[];
}

export function createRandom(seed: number): Random {
  const next = createNumbers(seed);
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    pick(from) {
      const picked = from[Math.floor(next() * from.length)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    shuffled(from) {
      const rest = [...from];
      return from.map(() => rest.splice(Math.floor(next() * rest.length), 1)[0] as (typeof from)[number]);
    },
  };
}
