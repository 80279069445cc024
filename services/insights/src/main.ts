import { createLogger, startTelemetry } from '@wardline/observability';
import { runUntilSignal, withHealth } from '@wardline/service-runtime';
import { compose, parseConfig } from './compose.ts';

const logger = createLogger({ service: 'insights' });
startTelemetry({ service: 'insights' });
const service = withHealth(compose(parseConfig(), { logger }), { logger });
await runUntilSignal({ service, logger, deadlineMs: 8_000 });
