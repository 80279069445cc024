import type { KeyValue } from '@wardline/key-value';
import { createHash } from 'node:crypto';

interface Limit {
  readonly name: string;
  readonly attemptsMax: number;
  readonly withinMs: number;
  readonly because: string;
}

/** How often a password may be tried, counted over all instances. A right one is not counted. */
export const signInLimits = {
  pair: {
    name: 'pair',
    attemptsMax: 10,
    withinMs: 10 * 60_000,
    because: 'one who guesses from one place, without shutting anybody else out',
  },
  login: {
    name: 'login',
    attemptsMax: 100,
    withinMs: 60 * 60_000,
    because:
      'many who guess one password from many places; high, since it shuts the right person out as well',
  },
  address: {
    name: 'address',
    attemptsMax: 200,
    withinMs: 10 * 60_000,
    because: 'one who tries one password with many logins; high, since a whole hospital may share an address',
  },
} as const satisfies Record<string, Limit>;

/** Counts attempts to sign in. Keys hold hashes: a login is an e-mail address. */
export function createSignInLimits(keyValue: Pick<KeyValue, 'increment' | 'delete'>) {
  const keysOf = (login: string, address: string) => {
    const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);
    const name = login.trim().toLowerCase();
    return [
      { ...signInLimits.pair, key: hash(`${name} ${address}`) },
      { ...signInLimits.login, key: hash(name) },
      { ...signInLimits.address, key: hash(address) },
    ].map((limit) => ({ ...limit, key: `sign-in:${limit.name}:${limit.key}` }));
  };
  return {
    /** Counts an attempt before it is made, so that attempts at the same moment count as well. */
    async admit(login: string, address: string): Promise<boolean> {
      const counts = await Promise.all(
        keysOf(login, address).map(async ({ key, withinMs, attemptsMax }) => {
          return (await keyValue.increment(key, 1, { ttlMs: withinMs })) <= attemptsMax;
        }),
      );
      return counts.every(Boolean);
    },
    /** It was the right password: nothing of it counts. */
    async forget(login: string, address: string): Promise<void> {
      const [pair, ...others] = keysOf(login, address);
      if (pair) await keyValue.delete(pair.key);
      await Promise.all(others.map(({ key }) => keyValue.increment(key, -1)));
    },
  };
}

export type SignInLimits = ReturnType<typeof createSignInLimits>;
