import { isSpanContextValid, trace } from '@opentelemetry/api';
import { pino, stdTimeFunctions, type Logger as PinoLogger } from 'pino';
import { sanitise } from './sanitise.ts';

/**
 * Structured log lines. The message is a constant string; what varies goes into fields, and what identifies a person
 * is a `Personal` there. An error goes under `err`.
 */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  child(fields: Record<string, unknown>): Logger;
}

export interface LoggerOptions {
  service: string;
  /** `debug`, `info` (default), `warn`, `error` or `silent`. */
  level?: string;
  /** Where lines go; default standard output. */
  destination?: NodeJS.WritableStream;
}

/**
 * Writes one JSON object per line: `level`, `time` (ISO 8601, UTC), `service`, `message`, `trace_id` and `span_id` of the
 * active span, and the fields, with `Personal` and known-dangerous keys redacted at any depth.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service: options.service },
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: activeSpanFields,
    // Ours has made the error a plain object already; pino's would join the messages of its causes into one.
    serializers: { err: (error: unknown) => error },
  };
  return wrap(options.destination ? pino(settings, options.destination) : pino(settings));
}

/** A logger that says nothing, for tests and tools. */
export function createSilentLogger(): Logger {
  return createLogger({ service: 'silent', level: 'silent' });
}

function wrap(lines: PinoLogger): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: Record<string, unknown>): void => {
      if (lines.isLevelEnabled(level)) lines[level](sanitiseFields(fields), message);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(lines.child(sanitiseFields(fields))),
  };
}

/** Names the line itself uses; a field of the same name would make the line ambiguous. */
const RESERVED = ['level', 'time', 'service', 'message', 'trace_id', 'span_id'];

function sanitiseFields(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  if (fields === undefined) return {};
  const clean = sanitise({ ...fields }) as Record<string, unknown>;
  for (const name of RESERVED) {
    if (!(name in clean)) continue;
    clean[`field_${name}`] = clean[name];
    delete clean[name];
  }
  return clean;
}

function activeSpanFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
