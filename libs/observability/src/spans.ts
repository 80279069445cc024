import {
  context,
  isSpanContextValid,
  metrics,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Link,
  type Meter,
  type Span,
} from '@opentelemetry/api';
import { ensureContext } from './globals.ts';
import { newSpanContext, parseTraceparent } from './traceparent.ts';

export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanOptions {
  /** The remote parent. An invalid one is as good as none. Takes precedence over the active span. */
  traceparent?: string | undefined;
  links?: Link[];
}

/**
 * Runs `work` inside an active span, records a failure on it (the error's name and code, never its text) and rethrows.
 *
 * Without a started SDK the span records nothing, but it still has ids that travel: one trace id goes through logs,
 * RPC and events in tests and in a run that exports nowhere.
 *
 * @param name a constant; what varies goes into `attributes`, and nothing personal anywhere
 */
export async function withSpan<T>(
  name: string,
  attributes: SpanAttributes,
  work: (span: Span) => Promise<T>,
  options: SpanOptions = {},
): Promise<T> {
  ensureContext();
  const parent = parentOf(options.traceparent);
  const span = startSpan(name, attributes, parent, options.links);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await work(span);
    } catch (error) {
      const { type, code } = describeError(error);
      span.setAttribute('error.type', code ?? type);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Instruments for counters and histograms: counts and durations, nothing personal in attributes. */
export function meter(service: string): Meter {
  return metrics.getMeter(service);
}

function parentOf(traceparent: string | undefined): Context {
  const remote = parseTraceparent(traceparent);
  return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : context.active();
}

function startSpan(name: string, attributes: SpanAttributes, parent: Context, links: Link[] | undefined): Span {
  const options = links ? { attributes, links } : { attributes };
  const span = trace.getTracer('wardline').startSpan(name, options, parent);
  const above = trace.getSpanContext(parent);
  const recorded = isSpanContextValid(span.spanContext()) && span.spanContext().spanId !== above?.spanId;
  // The API's own span, when no SDK runs, repeats its parent or has no ids at all.
  return recorded ? span : trace.wrapSpanContext(newSpanContext(above?.traceId));
}

function describeError(error: unknown): { type: string; code: string | undefined } {
  if (typeof error !== 'object' || error === null) return { type: typeof error, code: undefined };
  const { name, code } = error as { name?: unknown; code?: unknown };
  const usable = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
  return { type: typeof name === 'string' ? name : 'Error', code: usable };
}
