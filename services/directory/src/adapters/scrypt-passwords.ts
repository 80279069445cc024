import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import type { PasswordHasher } from '../ports/directory-store.ts';

/** Cost of a hash: N (power of two), r and p of RFC 7914. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** About 60 ms and 32 MB per hash; OWASP's password storage cheat sheet lists N=2^15, r=8, p=3 among its minimums. */
export const currentCost: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Each check takes tens of megabytes and a thread of Node's pool; more at once would starve everything else. */
const CONCURRENT_MAX = 2;
const WAITING_MAX = 50;

/** Too many sign-ins at once; the caller may try again. */
export class PasswordChecksBusy extends Error {
  readonly code = 'password-checks-busy';
  readonly retryable = true;

  constructor() {
    super('too many password checks are waiting');
    this.name = 'PasswordChecksBusy';
  }
}

/**
 * Passwords as scrypt (RFC 7914) with a salt of their own: `scrypt$N$r$p$salt$key`, base64url. A user that does not exist
 * is checked against a hash of the same cost that nothing matches, so that the time tells nothing.
 */
export function createScryptPasswords(cost: ScryptCost = currentCost): PasswordHasher {
  const turn = createTurns(CONCURRENT_MAX, WAITING_MAX);
  // No password has an all-zero key, and none is compared with it when the user is unknown.
  const nobody = encode({ cost, salt: randomBytes(SALT_BYTES), key: Buffer.alloc(KEY_BYTES) });
  return {
    hash: (password) =>
      turn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return encode({ cost, salt, key: await derive(password, salt, cost) });
      }),
    verify: (password, hash) =>
      turn(async () => {
        const stored = decode(hash ?? nobody);
        const key = await derive(password, stored.salt, stored.cost);
        return timingSafeEqual(key, stored.key) && hash !== undefined;
      }),
  };
}

interface Stored {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

function encode({ cost, salt, key }: Stored): string {
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function decode(hash: string): Stored {
  const [kind, N, r, p, salt = '', key = ''] = hash.split('$');
  const stored = {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
  if (kind !== 'scrypt' || stored.key.length !== KEY_BYTES)
    throw new Error('a stored password hash is malformed');
  return stored;
}

function derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  // The memory scrypt needs is 128 * N * r; Node refuses more than `maxmem`, whose default is too small.
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function createTurns(concurrentMax: number, waitingMax: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrentMax) {
      if (waiting.length >= waitingMax) throw new PasswordChecksBusy();
      // Whoever finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
