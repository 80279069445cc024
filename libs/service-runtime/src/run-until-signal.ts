import type { Logger } from '@wardline/observability';

export interface RunOptions {
  service: { start(): Promise<void>; stop(deadlineMs?: number): Promise<void> };
  logger: Logger;
  /** How long a stop may take before the process ends regardless. Default 9 s: an orchestrator kills after 10. */
  deadlineMs?: number;
  /** The process to attach to; another one only in tests. */
  process?: RunnableProcess;
}

export type RunnableProcess = Pick<NodeJS.Process, 'on' | 'exit' | 'connected'> & {
  send?: ((message: { ready: true }, done: (error: Error | null) => void) => boolean) | undefined;
};

const DEADLINE_MS = 9_000;

/** Exit codes: 0 stopped on request, 1 failed to start, to stop in time, or an error nobody caught. */
const EXIT = { ok: 0, failed: 1 } as const;

/**
 * The process edge: starts the service and stops it on SIGINT, SIGTERM, or when a parent that forked us with an IPC
 * channel is gone (so that no child outlives a killed supervisor). That parent is told `{ ready: true }` once we are. A second signal ends the process at once.
 * An uncaught error is logged and ends the process: its state is not to be trusted, and whoever supervises restarts it.
 */
export function runUntilSignal(options: RunOptions): Promise<never> {
  const { service, logger, deadlineMs = DEADLINE_MS, process: host = process } = options;
  let stopping = false;

  const stop = async (reason: string, exitCode: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info('stopping', { reason });
    const overdue = setTimeout(() => {
      logger.error('did not stop in time', { deadlineMs });
      host.exit(EXIT.failed);
    }, deadlineMs);
    try {
      await service.stop(deadlineMs);
    } catch (error) {
      logger.error('failed to stop', { err: error });
      exitCode = EXIT.failed;
    }
    clearTimeout(overdue);
    host.exit(exitCode);
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => {
      if (stopping) host.exit(EXIT.failed);
      void stop(signal, EXIT.ok);
    });
  }
  if (host.connected) host.on('disconnect', () => void stop('parent-gone', EXIT.ok));
  host.on('uncaughtException', (error: Error) => {
    logger.error('uncaught error', { err: error });
    void stop('uncaught-error', EXIT.failed);
  });
  host.on('unhandledRejection', (error: unknown) => {
    logger.error('unhandled rejection', { err: error });
    void stop('unhandled-rejection', EXIT.failed);
  });

  service.start().then(
    () => {
      // Without a callback, a parent that is gone by now would be an error nobody caught; 'disconnect' tells us of it.
      if (host.connected) host.send?.({ ready: true }, () => undefined);
    },
    (error: unknown) => {
      logger.error('failed to start', { err: error });
      void stop('failed-to-start', EXIT.failed);
    },
  );
  return new Promise<never>(() => undefined);
}
