import { createLogger, startTelemetry } from '@wardline/observability';
import { runUntilSignal } from '@wardline/service-runtime';
import { compose, parseConfig } from './compose.ts';

const logger = createLogger({ service: 'conversation-brain' });
startTelemetry({ service: 'conversation-brain' });
await runUntilSignal({ service: compose(parseConfig(), { logger }), logger, deadlineMs: 8_000 });
