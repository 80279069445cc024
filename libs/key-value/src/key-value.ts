export interface SetOptions {
  /** Positive milliseconds after which the key is absent. Without it the key stays, also if it had an end before. */
  ttlMs?: number;
  /** Only when the key is absent; `set` then tells by `false` that it was not. */
  ifAbsent?: boolean;
}

export interface PermitOptions {
  /** How many may hold one at the same time; a whole number, 0 to 2^31 - 1. */
  places: number;
  /** Positive milliseconds after which the place is free again, unless it was asked for anew. */
  ttlMs: number;
}

/** Ends the subscription. Nothing is delivered after it resolves. Idempotent. */
export type Unsubscribe = () => Promise<void>;

/**
 * The port: small shared state that may be lost, and messages for whoever listens right now. Fake: `createMemoryKeyValue`
 * with a clock of one's own, which is the embedded adapter itself.
 *
 * Keys name their tenant and never hold personal data: `capacity:<tenantId>`.
 */
export interface KeyValue {
  get(key: string): Promise<string | undefined>;
  /** True when stored; false only with `ifAbsent` when the key was there. */
  set(key: string, value: string, options?: SetOptions): Promise<boolean>;
  /** Whether the key was there. */
  delete(key: string): Promise<boolean>;
  /**
   * Adds to a whole number, atomically; an absent key counts as 0. `ttlMs` takes effect when this call creates the key.
   *
   * @returns the new value
   * @throws RangeError when the value is not a whole number, or leaves 32 bits
   */
  increment(key: string, by?: number, options?: { ttlMs?: number }): Promise<number>;
  /**
   * Takes one of a pool's places, or keeps it: the same holder has one place however often it asks, and each time it lasts
   * `ttlMs` from now. False when all places are taken. Who holds one keeps it when `places` shrinks. Pools are apart from
   * keys of the same name.
   */
  acquirePermit(pool: string, holder: string, options: PermitOptions): Promise<boolean>;
  /** Gives a place back; what nobody holds is no error. */
  releasePermit(pool: string, holder: string): Promise<void>;
  /** To everyone who listens now; nobody else ever gets it. */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Resolves when the subscription is in place: what is published after that is delivered, in order per publisher.
   *
   * @param pattern a channel, or a prefix that ends in `*`
   */
  subscribe(pattern: string, on: (channel: string, message: string) => void): Promise<Unsubscribe>;
  /** Ends all subscriptions. Idempotent. */
  close(): Promise<void>;
}

export const KEY_CHARS_MAX = 512;
export const VALUE_BYTES_MAX = 512 * 1024;

/** @throws RangeError above the limits that every adapter keeps */
export function assertSizes(key: string, value = ''): void {
  if (key === '' || key.length > KEY_CHARS_MAX)
    throw new RangeError(`a key has 1 to ${KEY_CHARS_MAX} characters`);
  if (Buffer.byteLength(value) > VALUE_BYTES_MAX)
    throw new RangeError(`a value has at most ${VALUE_BYTES_MAX} bytes`);
}

/** @throws RangeError for names that are no keys, a number of places that is none, and a time that does not end */
export function assertPermit(pool: string, holder: string, options?: PermitOptions): void {
  assertSizes(pool);
  assertSizes(holder);
  if (options === undefined) return;
  assertTtl(options.ttlMs);
  const { places } = options;
  if (!Number.isInteger(places) || places < 0 || places >= 2 ** 31)
    throw new RangeError('the number of places is a whole number of 31 bits');
}

/** @throws RangeError for a time to live that is not a positive number */
export function assertTtl(ttlMs: number | undefined): void {
  if (ttlMs !== undefined && !(ttlMs > 0)) throw new RangeError('a time to live is positive');
}

export function matches(pattern: string, channel: string): boolean {
  return pattern.endsWith('*') ? channel.startsWith(pattern.slice(0, -1)) : pattern === channel;
}
