import { createLogger, startTelemetry } from '@wardline/observability';
import { runUntilSignal, withHealth } from '@wardline/service-runtime';
import { compose, parseConfig } from './compose.ts';

const service = 'telephony-gateway';
const config = parseConfig();
const logger = createLogger({ service, level: config.logLevel });
const telemetry = startTelemetry({ service });
const composed = withHealth(compose(config, { logger }), { logger });

await runUntilSignal({
  service: {
    start: () => composed.start(),
    stop: async (deadlineMs) => {
      await composed.stop(deadlineMs);
      await telemetry.shutdown();
    },
  },
  logger,
});
