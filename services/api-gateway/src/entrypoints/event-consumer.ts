import type { BusEvent, EventBus, Outcome, TopicName } from '@wardline/event-bus';
import type { LiveFeed, LiveMessage } from '../app/live-feed.ts';

const topics: TopicName[] = [
  'calls.initiated',
  'calls.changed',
  'calls.completed',
  'calls.failed',
  'calls.escalated',
  'appointments.changed',
  'sms.send',
  'campaigns.changed',
  'campaigns.settled',
];

/** What a viewer is told of an event: that something changed and what, never personal fields. */
export function liveMessageOf(event: Pick<BusEvent, 'topic' | 'data' | 'key'>): LiveMessage {
  const text = (name: string) => (typeof event.data[name] === 'string' ? event.data[name] : undefined);
  if (event.topic === 'appointments.changed') {
    return {
      kind: 'appointment',
      appointmentId: text('appointmentId'),
      start: text('start'),
      callId: text('callId'),
    };
  }
  if (event.topic === 'campaigns.changed' || event.topic === 'campaigns.settled')
    return { kind: 'campaign', campaignId: text('campaignId') };
  if (event.topic === 'sms.send') return { kind: 'message', messageId: text('messageId') };
  return { kind: 'call', callId: event.key, topic: event.topic, state: text('toState') };
}

/** Turns events into live messages. A message that nobody watches is lost on purpose, so there is nothing to remember. */
export function consumeForLiveFeed(bus: EventBus, feed: LiveFeed) {
  return bus.subscribe({
    group: 'api-gateway.live',
    topics,
    handle: async (event): Promise<Outcome> => {
      await feed.publish(event.tenantId, liveMessageOf(event));
      return { kind: 'ok' };
    },
  });
}
