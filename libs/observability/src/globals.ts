import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

let done = false;

/**
 * Sets the context manager and W3C propagation unless the process has them already. Idempotent and cheap; called by
 * whatever needs them, so that spans nest and trace ids travel also where telemetry was never started.
 */
export function ensureContext(): void {
  if (done) return;
  done = true;
  // Both setters refuse, quietly, when somebody was first; theirs then serves as well.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
}
