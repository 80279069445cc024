import type { EventBus } from '@wardline/event-bus';
import type { Component } from '@wardline/service-runtime';
import type { FactLog, ReceivedFact } from '../ports/figures.ts';
import { readFact } from './read-fact.ts';

/** Every event of which figures are made becomes a fact, many in one transaction. */
export function consumeEvents(bus: EventBus, log: Pick<FactLog, 'receive'>): Component {
  return bus.subscribe({
    group: 'insights',
    topics: [
      'calls.initiated',
      'calls.changed',
      'calls.completed',
      'calls.failed',
      'calls.escalated',
      'conversations.ended',
      'campaigns.queued',
      'campaigns.changed',
      'campaigns.settled',
    ],
    handleBatch: async (events) => {
      const tenantId = events[0]?.tenantId;
      if (tenantId === undefined) return { kind: 'ok' };
      const received: ReceivedFact[] = [];
      for (const event of events) {
        const read = readFact(event);
        if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
        received.push({ eventId: event.id, traceparent: event.traceparent, fact: read.fact });
      }
      await log.receive(tenantId, received);
      return { kind: 'ok' };
    },
  });
}
