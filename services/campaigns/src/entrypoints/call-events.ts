import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { events, readEvent } from '@wardline/contracts';
import type { BusEvent, EventBus, Outcome } from '@wardline/event-bus';
import type { Component } from '@wardline/service-runtime';
import { outcomeWord } from '../adapters/contract-words.ts';
import { resultByOutcome, resultOfFailure } from '../domain/call-result.ts';
import type { AttemptResult } from '../domain/results.ts';
import type { DialQueue } from '../ports/dial-queue.ts';

const { CallCompletedSchema, CallEscalatedSchema, CallFailedSchema } = events;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface CallEnd {
  readonly attemptId: string;
  readonly result: AttemptResult;
  readonly endedAt: Timestamp | undefined;
}

/** How campaign calls ended. Calls of no campaign are not ours. */
export function consumeCalls(bus: EventBus, deps: { queue: DialQueue; now: () => number }): Component {
  return bus.subscribe({
    group: 'campaigns-calls',
    topics: ['calls.completed', 'calls.failed', 'calls.escalated'],
    handle: async (event): Promise<Outcome> => {
      const end = endOf(event);
      if ('kind' in end) return end;
      if (end.attemptId === '') return { kind: 'drop', reason: 'no-campaign-call' };
      if (!UUID.test(end.attemptId)) return { kind: 'dead-letter', reason: 'attempt_id is no UUID' };
      const nowMs = deps.now();
      const applied = await deps.queue.apply(
        { tenantId: event.tenantId, attemptId: end.attemptId },
        { type: 'call-ended', result: end.result, atMs: end.endedAt ? timestampMs(end.endedAt) : nowMs },
        { nowMs, eventId: event.id },
      );
      return applied === 'unknown' ? { kind: 'drop', reason: 'unknown-attempt' } : { kind: 'ok' };
    },
  });
}

function endOf(event: BusEvent): CallEnd | Outcome {
  switch (event.topic) {
    case 'calls.completed': {
      const read = readEvent(CallCompletedSchema, event.data, event.type);
      if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
      const { attemptId, outcome, endedAt } = read.message;
      return { attemptId, result: resultByOutcome[outcomeWord(outcome)], endedAt };
    }
    case 'calls.failed': {
      const read = readEvent(CallFailedSchema, event.data, event.type);
      if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
      const { attemptId, failureReason, failedAt } = read.message;
      return { attemptId, result: resultOfFailure(failureReason), endedAt: failedAt };
    }
    default: {
      const read = readEvent(CallEscalatedSchema, event.data, event.type);
      if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
      const { attemptId, endedAt } = read.message;
      return { attemptId, result: 'handed-over', endedAt };
    }
  }
}
