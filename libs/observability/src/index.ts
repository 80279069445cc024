export { createLogger, createSilentLogger, type Logger, type LoggerOptions } from './logger.ts';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';
export { meter, openSpan, withSpan } from './spans.ts';
export type { OpenSpan, SpanAttributes, SpanOptions } from './spans.ts';
export { currentTraceparent, newTraceparent, parseTraceparent } from './traceparent.ts';
export { sanitise } from './sanitise.ts';
