import { type Logger, withSpan } from '@wardline/observability';
import type { BusEvent, Outcome } from '../event.ts';
import { outcomeOfError } from './retry-policy.ts';

export interface RunOptions {
  group: string;
  logger: Logger;
}

/** Runs a handler of one event in a span that continues the event's trace. Never rejects: an error is an outcome. */
export function runHandler(
  event: BusEvent,
  handle: (event: BusEvent) => Promise<Outcome>,
  { group, logger }: RunOptions,
): Promise<Outcome> {
  const { topic, type } = event;
  const attributes = { 'event.topic': topic, 'event.type': type, 'event.group': group };
  const guarded = async (): Promise<Outcome> => {
    try {
      return asOutcome(await handle(event));
    } catch (error) {
      logger.warn('event handler failed', { topic, type, event_id: event.id, err: error });
      return outcomeOfError(error);
    }
  };
  return withSpan('event.handle', attributes, guarded, { traceparent: event.traceparent });
}

/**
 * Runs a handler of many events, in one span. True when all their effects are made; anything else means that none is, and
 * that each event is to be tried by itself.
 */
export function runBatchHandler(
  events: readonly BusEvent[],
  handle: (events: readonly BusEvent[]) => Promise<Outcome>,
  { group, logger }: RunOptions,
): Promise<boolean> {
  const attributes = { 'event.group': group, 'event.count': events.length };
  return withSpan('event.handle_batch', attributes, async () => {
    try {
      const outcome = asOutcome(await handle(events));
      if (outcome.kind === 'ok') return true;
      logger.info('event batch split', { events: events.length, reason: outcome.reason });
    } catch (error) {
      logger.info('event batch split', { events: events.length, err: error });
    }
    return false;
  });
}

/** What a handler returned, when it is no outcome at all: a mistake that must not end the consumer again and again. */
function asOutcome(returned: Outcome | undefined): Outcome {
  const kinds: readonly unknown[] = ['ok', 'drop', 'retry', 'dead-letter'];
  if (returned && kinds.includes(returned.kind)) return returned;
  return { kind: 'retry', reason: 'handler returned no outcome' };
}
