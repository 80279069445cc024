import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { Sweeper } from '../ports/sweeper.ts';

const SWEEP_MS = 30_000;
/** Cheap while no key has changed. */
const RESEAL_MS = 60_000;

/**
 * What nobody asks for: removing what has run out, and moving rows to the current key. Neither is needed for
 * correctness (a booking clears expired holds in its way, old keys keep opening), so a failure is logged and tried
 * again at the next turn.
 */
export function housekeeping(o: {
  sweeper: Sweeper;
  reseal: (signal: AbortSignal) => Promise<number>;
  logger: Logger;
}): Component {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const timers: NodeJS.Timeout[] = [];

  const every = (name: string, ms: number, work: () => Promise<Record<string, number>>): void => {
    let busy = false;
    const turn = async (): Promise<void> => {
      if (busy || stop.signal.aborted) return;
      busy = true;
      try {
        const done = await work();
        if (Object.values(done).some((count) => count > 0))
          o.logger.info('housekeeping', { work: name, ...done });
      } catch (err) {
        o.logger.warn('housekeeping failed', { work: name, err });
      } finally {
        busy = false;
      }
    };
    const start = (): void => {
      const work = turn().finally(() => running.delete(work));
      running.add(work);
    };
    timers.push(setInterval(start, ms));
    start();
  };

  const end = async (): Promise<void> => {
    stop.abort();
    timers.forEach(clearInterval);
    await Promise.all(running);
  };
  return {
    name: 'housekeeping',
    async start() {
      every('sweep', SWEEP_MS, () => o.sweeper.sweep());
      every('reseal', RESEAL_MS, async () => ({ resealed: await o.reseal(stop.signal) }));
    },
    drain: end,
    close: end,
  };
}
