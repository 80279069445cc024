import type { Logger } from '@wardline/observability';

/** Something that is opened and closed with the process: a server, a pool, a consumer, a sweeper. */
export interface Component {
  name: string;
  /** Ready for work when it resolves. */
  start(): Promise<void>;
  /** Takes no new work and resolves when what is running has finished. */
  drain?(): Promise<void>;
  /** Releases everything. Idempotent, safe to call concurrently and after a failed start. */
  close(): Promise<void>;
}

export interface Lifecycle {
  /** @throws the error of the component that could not start, after closing those before it */
  start(): Promise<void>;
  /**
   * Drains and closes in reverse order. When the deadline passes, draining is cut short and the rest is closed at once;
   * a component that cannot close is logged and left. Never rejects; idempotent.
   */
  stop(deadlineMs?: number): Promise<void>;
}

const STOP_MS_MAX = 8_000;
/** What closing gets when draining has used up the deadline. */
const CLOSE_MS_MIN = 500;

export function composeLifecycle(components: readonly Component[], logger: Logger): Lifecycle {
  let started: Component[] = [];
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  async function startAll(): Promise<void> {
    for (const component of components) {
      // Before its start, because a component may hold resources even though its start failed or was overtaken.
      started.push(component);
      try {
        if (stopping) throw new Error('stopped while starting');
        await component.start();
        if (stopping) throw new Error('stopped while starting');
      } catch (error) {
        // It was taken from the list by a stop that came meanwhile.
        if (!started.includes(component)) started.push(component);
        logger.error('component did not start', { component: component.name, err: error });
        await stopAll(STOP_MS_MAX);
        throw error;
      }
    }
  }

  async function stopAll(deadlineMs: number): Promise<void> {
    const deadlineAt = performance.now() + deadlineMs;
    const rest = started.toReversed();
    started = [];
    for (const component of rest) {
      await step(component, 'drain', deadlineAt - performance.now());
      await step(component, 'close', Math.max(deadlineAt - performance.now(), CLOSE_MS_MIN));
    }
  }

  async function stopStarted(deadlineMs: number): Promise<void> {
    const deadlineAt = performance.now() + deadlineMs;
    await stopAll(deadlineMs);
    // A component that was in the middle of its start is closed by the start itself, which now fails; wait for that.
    if (starting)
      await within(
        starting.catch(() => undefined),
        Math.max(deadlineAt - performance.now(), CLOSE_MS_MIN),
      );
  }

  async function step(component: Component, verb: 'drain' | 'close', waitMs: number): Promise<void> {
    const work = component[verb]?.bind(component);
    if (!work || waitMs <= 0) return;
    try {
      if (!(await within(work(), waitMs))) {
        logger.warn('component was too slow to stop', { component: component.name, step: verb });
      }
    } catch (error) {
      logger.error('component failed to stop', { component: component.name, step: verb, err: error });
    }
  }

  return {
    start: () => (starting ??= startAll()),
    stop: (deadlineMs = STOP_MS_MAX) => (stopping ??= stopStarted(deadlineMs)),
  };
}

/** Whether the work finished in time; its late failure is nobody's business any more. */
async function within(work: Promise<void>, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, waitMs, false);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
