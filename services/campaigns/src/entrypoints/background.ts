import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';

/** Something that is done again and again. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  readonly work: (signal: AbortSignal) => Promise<unknown>;
}

/**
 * Does chores at their pace: each once at the start, never twice at a time, and a slow one delays its next turn rather than
 * doubling it. A failure is logged; the next turn tries again.
 */
export function background(chores: readonly Chore[], logger: Logger): Component {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();

  const begin = (chore: Chore): void => {
    const once = async (): Promise<void> => {
      try {
        await chore.work(stop.signal);
      } catch (err) {
        if (!stop.signal.aborted) logger.warn('background work failed', { work: chore.name, err });
      }
      if (stop.signal.aborted) return;
      const timer = setTimeout(() => begin(chore), chore.everyMs);
      stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    };
    const work = once().finally(() => running.delete(work));
    running.add(work);
  };
  const end = async (): Promise<void> => {
    stop.abort();
    await Promise.all(running);
  };
  return {
    name: 'background work',
    async start() {
      chores.forEach(begin);
    },
    drain: end,
    close: end,
  };
}
