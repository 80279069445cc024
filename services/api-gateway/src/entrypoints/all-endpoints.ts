import type { Logger } from '@wardline/observability';
import type { LiveFeed } from '../app/live-feed.ts';
import type { AuditReader } from '../ports/audit-trail.ts';
import { auditEndpoints } from './audit-endpoints.ts';
import { bookingEndpoints } from './booking-endpoints.ts';
import { callEndpoints } from './call-endpoints.ts';
import { campaignEndpoints } from './campaign-endpoints.ts';
import { carrierWebhooks } from './carrier-webhooks.ts';
import { deadLetterEndpoints } from './dead-letter-endpoints.ts';
import { diallingEndpoints } from './dialling-endpoints.ts';
import { escalationEndpoints } from './escalation-endpoints.ts';
import { eventDocumentationEndpoints } from './event-documentation-endpoints.ts';
import { flowEndpoints } from './flow-endpoints.ts';
import { insightEndpoints } from './insight-endpoints.ts';
import type { Endpoint } from './kernel/endpoint.ts';
import { liveEndpoints } from './live-endpoints.ts';
import { meEndpoint, metaEndpoints } from './meta-endpoints.ts';
import { signInEndpoints } from './sign-in-endpoints.ts';
import { patientEndpoints } from './patient-endpoints.ts';
import { recipientEndpoints } from './recipient-endpoints.ts';
import { settingsEndpoints } from './settings-endpoints.ts';

export interface AllEndpointsOptions {
  readonly feed: LiveFeed;
  /** Absent: this installation does not show failed events here. */
  readonly deadLetters?: Parameters<typeof deadLetterEndpoints>[0] | undefined;
  /** What integrators ask for with a token of their own, and what staff ask for about integrators. */
  readonly egress?: readonly Endpoint[];
  /** Absent: this installation does not show its audit here. */
  readonly audit?: AuditReader;
  /** Absent: nobody signs in here. */
  readonly signIn?: Omit<Parameters<typeof signInEndpoints>[0], 'logger'>;
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
    ...(o.signIn ? signInEndpoints({ ...o.signIn, logger }) : []),
    meEndpoint,
    ...callEndpoints,
    ...bookingEndpoints,
    ...escalationEndpoints,
    ...campaignEndpoints,
    ...recipientEndpoints,
    ...diallingEndpoints,
    ...flowEndpoints,
    ...patientEndpoints,
    ...insightEndpoints,
    ...settingsEndpoints,
    ...(o.audit ? auditEndpoints(o.audit) : []),
    ...liveEndpoints(o.feed),
    ...(o.egress ?? []),
    ...(o.deadLetters ? deadLetterEndpoints(o.deadLetters) : []),
    ...eventDocumentationEndpoints({ publicUrl, topicPrefix }),
    ...carrierWebhooks({ targetUrl: o.telephonyWebhookUrl, logger }),
  ];
  return all;
}
