/** A number of things that may be done at the same time, shared by whoever asks. */
export function createPermits(max: number) {
  let free = max;
  const waiting = new Set<() => void>();
  return {
    tryTake(): boolean {
      if (free === 0) return false;
      free -= 1;
      return true;
    },
    give(): void {
      free += 1;
      const [first] = waiting;
      if (!first) return;
      waiting.delete(first);
      first();
    },
    /** Calls back, once, when one has been given back; in the order of asking. */
    whenFree(callback: () => void): void {
      waiting.add(callback);
    },
    forget(callback: () => void): void {
      waiting.delete(callback);
    },
  };
}

export type Permits = ReturnType<typeof createPermits>;
