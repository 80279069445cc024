/**
 * Runs jobs in order per key, concurrently across keys, at most `concurrencyMax` at a time. Jobs must not reject: what a
 * failure means is theirs to decide.
 */
export interface KeyedWork {
  add(key: string, job: () => Promise<void>): void;
  /** Whether a job of the key is running or waiting. */
  has(key: string): boolean;
  /** Jobs added and not finished. */
  readonly size: number;
  /** Resolves when there is none. */
  idle(): Promise<void>;
  /** Forgets jobs that have not begun. */
  clear(): void;
}

export function createKeyedWork(concurrencyMax: number): KeyedWork {
  const queues = new Map<string, (() => Promise<void>)[]>();
  /** Keys with a waiting job and none running, in order of arrival. */
  const ready: string[] = [];
  const running = new Set<string>();
  let size = 0;
  let waiters: (() => void)[] = [];

  function pump(): void {
    while (running.size < concurrencyMax) {
      const key = ready.shift();
      if (key === undefined) return;
      const job = queues.get(key)?.shift();
      if (!job) continue;
      running.add(key);
      void job().finally(() => finished(key));
    }
  }

  function finished(key: string): void {
    running.delete(key);
    size -= 1;
    if ((queues.get(key)?.length ?? 0) > 0) ready.push(key);
    else queues.delete(key);
    pump();
    wakeIfIdle();
  }

  function wakeIfIdle(): void {
    if (size > 0) return;
    const wake = waiters;
    waiters = [];
    for (const resolve of wake) resolve();
  }

  return {
    add(key, job) {
      size += 1;
      const queue = queues.get(key);
      if (queue) queue.push(job);
      else queues.set(key, [job]);
      if (!running.has(key) && (queue === undefined || queue.length === 1)) ready.push(key);
      pump();
    },
    has: (key) => running.has(key) || queues.has(key),
    get size() {
      return size;
    },
    idle: () => (size === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    clear() {
      for (const queue of queues.values()) size -= queue.splice(0).length;
      ready.length = 0;
      wakeIfIdle();
    },
  };
}
