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
  links?: Link[] | undefined;
}

/** A span whose work does not fit into one function, such as a stream's. */
export interface OpenSpan {
  readonly span: Span;
  /** Runs a part of the work with the span active. */
  run<T>(work: () => Promise<T>): Promise<T>;
  runSync<T>(work: () => T): T;
  /** Ends it, with the failure if there was one. Later calls do nothing. */
  end(error?: unknown): void;
}

/**
 * Runs `work` inside an active span, records a failure on it (the error's name or code, never its text) and rethrows.
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
  const open = openSpan(name, attributes, options);
  try {
    const result = await open.run(() => work(open.span));
    open.end();
    return result;
  } catch (error) {
    open.end(error ?? new Error('failed without a reason'));
    throw error;
  }
}

/** Opens a span as `withSpan` does; whoever opens it ends it. */
export function openSpan(name: string, attributes: SpanAttributes, options: SpanOptions = {}): OpenSpan {
  ensureContext();
  const parent = parentOf(options.traceparent);
  const span = startSpan(name, attributes, parent, options.links);
  const active = trace.setSpan(parent, span);
  let ended = false;
  return {
    span,
    run: (work) => context.with(active, work),
    runSync: (work) => context.with(active, work),
    end(error) {
      if (ended) return;
      ended = true;
      if (error !== undefined) {
        span.setAttribute('error.type', describeError(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

/** Instruments for counters and histograms: counts and durations, nothing personal in attributes. */
export function meter(service: string): Meter {
  return metrics.getMeter(service);
}

function parentOf(traceparent: string | undefined): Context {
  const remote = parseTraceparent(traceparent);
  return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : context.active();
}

function startSpan(
  name: string,
  attributes: SpanAttributes,
  parent: Context,
  links: Link[] | undefined,
): Span {
  const options = links ? { attributes, links } : { attributes };
  const span = trace.getTracer('wardline').startSpan(name, options, parent);
  const above = trace.getSpanContext(parent);
  const recorded = isSpanContextValid(span.spanContext()) && span.spanContext().spanId !== above?.spanId;
  // The API's own span, when no SDK runs, repeats its parent or has no ids at all.
  return recorded ? span : trace.wrapSpanContext(newSpanContext(above?.traceId));
}

function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (typeof code === 'string' || typeof code === 'number') return String(code);
  return typeof name === 'string' ? name : 'Error';
}
