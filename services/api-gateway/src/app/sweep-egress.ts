import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { EgressLog } from '../ports/egress-log.ts';

const atMost = 5_000;

/** Forgets old events and delivery records, at the start and then at a steady pace, in parts that hold nobody up. */
export function createEgressSweeper(o: {
  log: Pick<EgressLog, 'sweep'>;
  logger: Logger;
  everyMs?: number;
}): Component {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    try {
      for (;;) {
        const gone = await o.log.sweep(atMost);
        if (gone.events + gone.deliveries > 0)
          o.logger.info('old events of integrators were forgotten', gone);
        if (stopped || Math.max(gone.events, gone.deliveries) < atMost) break;
      }
    } catch (err) {
      o.logger.warn('old events could not be forgotten; the next sweep tries again', { err });
    }
    if (!stopped) timer = setTimeout(() => (running = sweep()), o.everyMs ?? 600_000);
  }

  return {
    name: 'egress sweeper',
    async start() {
      running = sweep();
    },
    async close() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
