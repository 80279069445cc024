import type { Logger } from '@wardline/observability';
import type { LiveFeed } from '../app/live-feed.ts';
import { bookingEndpoints } from './booking-endpoints.ts';
import { callEndpoints } from './call-endpoints.ts';
import { carrierWebhooks } from './carrier-webhooks.ts';
import { deadLetterEndpoints } from './dead-letter-endpoints.ts';
import { eventDocumentationEndpoints } from './event-documentation-endpoints.ts';
import type { Endpoint } from './kernel/endpoint.ts';
import { liveEndpoints } from './live-endpoints.ts';
import { meEndpoint, metaEndpoints } from './meta-endpoints.ts';

export interface AllEndpointsOptions {
  readonly feed: LiveFeed;
  /** Absent: this installation does not show failed events here. */
  readonly deadLetters?: Parameters<typeof deadLetterEndpoints>[0] | undefined;
  /** What integrators ask for with a token of their own, and what staff ask for about integrators. */
  readonly egress?: readonly Endpoint[];
  /** Where this installation is reached, and what the documentation of the events says of it. */
  readonly publicUrl?: string | undefined;
  readonly topicPrefix?: string | undefined;
  readonly telephonyWebhookUrl: string;
  readonly logger: Logger;
}

/** Everything that can be asked of the gateway. What is not in this list is not mounted. */
export function allEndpoints(o: AllEndpointsOptions): readonly Endpoint[] {
  const { publicUrl, topicPrefix, logger } = o;
  const all: readonly Endpoint[] = [
    ...metaEndpoints({ all: () => all, publicUrl }),
    meEndpoint,
    ...callEndpoints,
    ...bookingEndpoints,
    ...liveEndpoints(o.feed),
    ...(o.egress ?? []),
    ...(o.deadLetters ? deadLetterEndpoints(o.deadLetters) : []),
    ...eventDocumentationEndpoints({ publicUrl, topicPrefix }),
    ...carrierWebhooks({ targetUrl: o.telephonyWebhookUrl, logger }),
  ];
  return all;
}
