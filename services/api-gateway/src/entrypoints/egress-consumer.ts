import { topicNames, topics, type EventBus, type TopicName } from '@wardline/event-bus';
import type { Component } from '@wardline/service-runtime';
import type { EgressSignal } from '../app/egress-signal.ts';
import type { EgressLog } from '../ports/egress-log.ts';

/** What integrators may subscribe to. */
export const egressTopics: readonly TopicName[] = topicNames.filter((topic) => topics[topic].egress);

/** Writes every event that integrators may have into its tenant's egress log, whether or not anybody reads it yet. */
export function consumeForEgress(
  bus: EventBus,
  o: { log: Pick<EgressLog, 'append'>; signal: Pick<EgressSignal, 'wake'> },
): Component {
  return bus.subscribe({
    group: 'api-gateway.egress',
    topics: egressTopics,
    handleBatch: async (events) => {
      const tenantId = events[0]?.tenantId;
      if (tenantId === undefined) return { kind: 'ok' };
      const added = await o.log.append(tenantId, events);
      if (added > 0) o.signal.wake(tenantId);
      return { kind: 'ok' };
    },
  });
}
