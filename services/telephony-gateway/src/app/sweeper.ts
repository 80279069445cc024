import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { Clock } from '../ports/clock.ts';

/** Sweeps at once for everything, then at a steady pace; a slow sweep delays the next one rather than doubling it. */
export function createSweeper(o: {
  sweep: (o?: { all?: boolean }) => Promise<void>;
  clock: Clock;
  everyMs: number;
  inBackground: (name: string, work: () => Promise<unknown>) => void;
  logger: Logger;
}): Component {
  let stopped = false;
  let looked = false;
  let cancel = () => {};

  const sweepOnce = async () => {
    try {
      await o.sweep({ all: !looked });
      looked = true;
    } catch (error) {
      o.logger.error('sweep failed; the next one tries again', { err: error });
    }
    if (!stopped) plan();
  };
  const plan = () => {
    cancel = o.clock.after(o.everyMs, () => o.inBackground('sweep', sweepOnce));
  };
  return {
    name: 'sweeper',
    // Not waited for: a carrier that does not answer must not keep the service from starting.
    start: async () => o.inBackground('sweep', sweepOnce),
    async drain() {
      stopped = true;
      cancel();
    },
    close: async () => {
      stopped = true;
      cancel();
    },
  };
}
