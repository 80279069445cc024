import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';

const TURN_MS = 15_000;

/** Looks, now and then, for calls whose grace time is over. A turn that fails is logged, and its calls wait for the next. */
export function graceTurns(o: { turn: () => Promise<number>; logger: Logger }): Component {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const turn = async (): Promise<void> => {
    try {
      const scored = await o.turn();
      if (scored > 0) o.logger.warn('calls were scored without a report of their conversation', { scored });
    } catch (err) {
      o.logger.warn('looking for calls without a report failed', { err });
    }
  };
  const end = async (): Promise<void> => {
    clearInterval(timer);
    await running;
  };
  return {
    name: 'grace turns',
    async start() {
      timer = setInterval(() => {
        running ??= turn().finally(() => (running = undefined));
      }, TURN_MS);
    },
    drain: end,
    close: end,
  };
}
