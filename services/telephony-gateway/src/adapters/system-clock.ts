import type { Clock } from '../ports/clock.ts';

export interface SystemClock extends Clock {
  /** Cancels what is still planned. */
  close(): void;
}

/** The process's own clock. What it has planned does not keep the process alive: the sweeper finds it after a restart. */
export function createSystemClock(): SystemClock {
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: Date.now,
    after(delayMs, work) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        work();
      }, delayMs);
      timer.unref();
      timers.add(timer);
      return () => {
        timers.delete(timer);
        clearTimeout(timer);
      };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
