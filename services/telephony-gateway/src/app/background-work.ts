import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';

export interface BackgroundWork extends Component {
  /** Starts work that nobody waits for. Its failure is logged; after `drain` it is not started any more. */
  run(name: string, work: () => Promise<unknown>): void;
  /** Resolves when nothing is running. */
  idle(): Promise<void>;
}

/** What goes on after an answer was given, kept account of so that stopping can wait for it. */
export function createBackgroundWork(logger: Logger): BackgroundWork {
  const running = new Set<Promise<void>>();
  let draining = false;
  const idle = async () => {
    while (running.size > 0) await Promise.all(running);
  };
  return {
    name: 'background work',
    run(name, work) {
      if (draining) return;
      const done: Promise<void> = work().then(
        () => void running.delete(done),
        (error: unknown) => {
          running.delete(done);
          // Nothing is lost: what was to be done is stored, and the sweeper finds it.
          logger.warn('background work failed', { work: name, err: error });
        },
      );
      running.add(done);
    },
    idle,
    start: async () => {},
    async drain() {
      draining = true;
      await idle();
    },
    close: async () => {
      draining = true;
    },
  };
}
