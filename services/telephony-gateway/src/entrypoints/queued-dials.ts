import { timestampMs } from '@bufbuild/protobuf/wkt';
import { events, readEvent } from '@wardline/contracts';
import type { BusEvent, EventBus, Outcome } from '@wardline/event-bus';
import { newTraceparent, parseTraceparent } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { z } from 'zod';
import type { DialQueue, QueuedDial } from '../ports/dial-queue.ts';

const ids = z.object({ attemptId: z.guid(), campaignId: z.guid(), clinicId: z.guid() });

/** `campaigns.queued`: writes down that a call is to be made. It is made, or not, by the dispatcher. */
export function consumeQueuedDials(
  bus: EventBus,
  deps: { queue: Pick<DialQueue, 'add'>; now: () => number; onAdded: () => void },
): Component {
  return bus.subscribe({
    group: 'telephony-gateway.dials',
    topics: ['campaigns.queued'],
    handle: async (event): Promise<Outcome> => {
      const dial = dialOf(event);
      if ('kind' in dial) return dial;
      const added = await deps.queue.add(dial, { eventId: event.id, at: deps.now() });
      if (added) deps.onAdded();
      return { kind: 'ok' };
    },
  });
}

function dialOf(event: BusEvent): QueuedDial | Outcome {
  const read = readEvent(events.CampaignCallQueuedSchema, event.data, event.type);
  if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
  const { dialBy } = read.message;
  const parsed = ids.safeParse(read.message);
  if (!parsed.success || !dialBy)
    return { kind: 'dead-letter', reason: 'campaigns.queued without ids or time' };
  return {
    ...parsed.data,
    tenantId: event.tenantId,
    dialBy: timestampMs(dialBy),
    traceparent: parseTraceparent(event.traceparent) ? event.traceparent : newTraceparent(),
  };
}
