import type { Logger } from '@wardline/observability';
import { createLogger, startTelemetry } from '@wardline/observability';
import { composeLifecycle, type Component, runUntilSignal } from '@wardline/service-runtime';

/** A service as `compose.ts` hands it out. */
interface Service {
  start(): Promise<void>;
  stop(deadlineMs?: number): Promise<void>;
}

const stopWithinMs = 5_000;

/** Makes one component of a whole service. */
export const serviceComponent = (name: string, service: Service): Component => ({
  name,
  start: () => service.start(),
  close: () => service.stop(stopWithinMs),
});

/**
 * One process of the embedded run: composes its parts, and stops with a signal or with the supervisor.
 */
export async function runProcess(
  name: string,
  compose: (logger: Logger) => Component[] | Promise<Component[]>,
): Promise<void> {
  const logger = createLogger({ service: name, level: process.env.WARDLINE_LOG_LEVEL ?? 'info' });
  startTelemetry({ service: name });
  const lifecycle = composeLifecycle(await compose(logger), logger);
  await runUntilSignal({
    logger,
    deadlineMs: stopWithinMs + 500,
    service: {
      start: () => lifecycle.start(),
      stop: (deadlineMs) => lifecycle.stop(deadlineMs),
    },
  });
}
