import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';

/** Cheap while no key has changed. */
const EVERY_MS = 60_000;

/**
 * Moves rows to their tenant's current key, again and again. Nothing waits for it, because old keys keep opening: a failure is
 * logged, and the next round tries again.
 */
export function resealing(reseal: (signal: AbortSignal) => Promise<number>, logger: Logger): Component {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const round = async (): Promise<void> => {
    try {
      const resealed = await reseal(stop.signal);
      if (resealed > 0) logger.info('moved to the current key', { values: resealed });
    } catch (err) {
      logger.warn('rows could not be moved to the current key', { err });
    }
    if (!stop.signal.aborted) timer = setTimeout(begin, EVERY_MS);
  };
  const begin = (): void => void (running = round());
  const end = async (): Promise<void> => {
    stop.abort();
    clearTimeout(timer);
    await running;
  };
  return { name: 'resealing', start: async () => begin(), drain: end, close: end };
}
