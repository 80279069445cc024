export interface MemoryPermits {
  acquire(pool: string, holder: string, o: { places: number; ttlMs: number }): boolean;
  release(pool: string, holder: string): void;
}

/** Places of pools in this process's memory. A place that has ended is removed when its pool is met, and in passing when many are held. */
export function createMemoryPermits(o: { now: () => number; holdersMax: number }): MemoryPermits {
  // By pool: who holds a place, and until when.
  const pools = new Map<string, Map<string, number>>();
  let held = 0;

  function sweep(pool: string): Map<string, number> {
    const holders = pools.get(pool) ?? new Map<string, number>();
    const at = o.now();
    for (const [holder, endsAt] of holders) if (endsAt <= at) remove(pool, holders, holder);
    return holders;
  }

  function remove(pool: string, holders: Map<string, number>, holder: string): void {
    if (holders.delete(holder)) held -= 1;
    if (holders.size === 0) pools.delete(pool);
  }

  return {
    acquire(pool, holder, { places, ttlMs }) {
      const holders = sweep(pool);
      if (!holders.has(holder)) {
        if (holders.size >= places) return false;
        if (held >= o.holdersMax) for (const other of [...pools.keys()]) sweep(other);
        if (held >= o.holdersMax) throw new RangeError('the key-value store is full');
        held += 1;
      }
      holders.set(holder, o.now() + ttlMs);
      pools.set(pool, holders);
      return true;
    },
    release(pool, holder) {
      const holders = pools.get(pool);
      if (holders) remove(pool, holders, holder);
    },
  };
}
