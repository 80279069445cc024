import { queryOptions } from '@tanstack/react-query';
import { type Items, request } from './client.ts';

/** The JSON of /api/v1/integrations as the console uses it. Instants are ISO 8601 in UTC. */
interface Access {
  readonly id: string;
  readonly name: string;
  readonly topics: readonly string[];
  /** Whether personal fields are opened for it; without, they are left out. */
  readonly personal: boolean;
  readonly state: 'active' | 'paused' | 'disabled';
  readonly createdAt: string;
}

/** A token of the event stream, or a user of the hospital's Kafka topic. */
export interface IntegratorAccess extends Access {
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface KafkaCredentials {
  readonly brokers: readonly string[];
  readonly securityProtocol: string;
  readonly mechanism: string;
  readonly username: string;
  readonly password: string;
  readonly topic: string;
  readonly groupPrefix: string;
}

export interface Offered<T> extends Items<T> {
  readonly offeredTopics: readonly string[];
}

export interface KafkaAccess extends Offered<IntegratorAccess> {
  readonly available: boolean;
  readonly reason: { readonly code: string; readonly detail: string } | null;
}

export interface Webhook extends Access {
  readonly url: string;
  /** Why it is not active: "paused", "failing", "gone". */
  readonly stateReason: string | null;
  readonly stateChangedAt: string;
  /** Events that were tried in vain, and those behind them. */
  readonly waiting: { readonly events: number; readonly keys: number };
  readonly failingSince: string | null;
  /** While the receiver is down as a whole: when it is tried again. */
  readonly triedAgainAt: string | null;
  /** After a new secret was made: until when the old one signs too. */
  readonly previousSecretValidUntil: string | null;
}

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly topic: string;
  readonly type: string;
  readonly key: string;
  readonly attempt: number;
  readonly outcome: 'delivered' | 'failed' | 'skipped' | 'expired';
  readonly httpStatus: number | null;
  readonly latencyMs: number | null;
  readonly reason: string | null;
  /** Of a test event: it is in no log, so it cannot be given again. */
  readonly position: number | null;
  readonly at: string;
}

/** An event that waits: for its next attempt, or behind another of its key. */
export interface WaitingEvent {
  readonly eventId: string;
  readonly key: string;
  readonly attempts: number;
  readonly nextAttemptAt: string;
  readonly lastReason: string | null;
}

export interface TestResult {
  readonly delivered: boolean;
  readonly httpStatus: number | null;
  readonly latencyMs: number | null;
  readonly reason: string | null;
}

export interface NewAccess {
  readonly name: string;
  readonly personal: boolean;
  readonly topics?: readonly string[];
  readonly url?: string;
}

export const integrations = {
  webhooks: () => request<Offered<Webhook>>('GET', '/integrations/webhooks'),
  webhook: (id: string) => request<Webhook>('GET', `/integrations/webhooks/${id}`),
  createWebhook: (wish: NewAccess) =>
    request<Webhook & { readonly secret: string }>('POST', '/integrations/webhooks', wish),
  webhookAction: (id: string, action: 'pause' | 'resume') =>
    request<Webhook>('POST', `/integrations/webhooks/${id}/${action}`, {}),
  testWebhook: (id: string) => request<TestResult>('POST', `/integrations/webhooks/${id}/test`, {}),
  rotateWebhook: (id: string) =>
    request<{ readonly secret: string; readonly previousSecretValidUntil: string }>(
      'POST',
      `/integrations/webhooks/${id}/rotate-secret`,
      {},
    ),
  removeWebhook: (id: string) => request<void>('DELETE', `/integrations/webhooks/${id}`),
  deliveries: async (id: string) =>
    (await request<Items<Delivery>>('GET', `/integrations/webhooks/${id}/deliveries?limit=50`)).items,
  replayDelivery: (id: string, eventId: string) =>
    request<void>('POST', `/integrations/webhooks/${id}/replay`, { eventId }),
  waiting: async (id: string) =>
    (await request<Items<WaitingEvent>>('GET', `/integrations/webhooks/${id}/waiting?limit=20`)).items,
  skipWaiting: (id: string, eventId: string) =>
    request<void>('DELETE', `/integrations/webhooks/${id}/waiting/${eventId}`),

  streams: () => request<Offered<IntegratorAccess>>('GET', '/integrations/streams'),
  createStream: (wish: NewAccess) =>
    request<IntegratorAccess & { readonly token: string }>('POST', '/integrations/streams', wish),
  rotateStream: (id: string) =>
    request<IntegratorAccess & { readonly token: string }>('POST', `/integrations/streams/${id}/rotate`, {}),
  revokeStream: (id: string) => request<void>('DELETE', `/integrations/streams/${id}`),

  kafka: () => request<KafkaAccess>('GET', '/integrations/kafka'),
  createKafka: (wish: NewAccess) =>
    request<IntegratorAccess & { readonly credentials: KafkaCredentials }>(
      'POST',
      '/integrations/kafka',
      wish,
    ),
  rotateKafka: (id: string) =>
    request<IntegratorAccess & { readonly credentials: KafkaCredentials }>(
      'POST',
      `/integrations/kafka/${id}/rotate`,
      {},
    ),
  revokeKafka: (id: string) => request<void>('DELETE', `/integrations/kafka/${id}`),
};

/** A receiver that fails or comes back says nothing here, so it is looked at now and then. */
const LOOK_MS = 5_000;

/** Colleagues make and revoke access as well: looked at anew whenever the page is opened. */
export const integrationQueries = {
  webhooks: queryOptions({
    queryKey: ['integrations', 'webhooks'],
    queryFn: integrations.webhooks,
    refetchInterval: LOOK_MS,
  }),
  webhook: (id: string) =>
    queryOptions({
      queryKey: ['integrations', 'webhooks', id],
      queryFn: () => integrations.webhook(id),
      refetchInterval: LOOK_MS,
    }),
  waiting: (id: string) =>
    queryOptions({
      queryKey: ['integrations', 'webhooks', id, 'waiting'],
      queryFn: () => integrations.waiting(id),
      refetchInterval: LOOK_MS,
    }),
  deliveries: (id: string) =>
    queryOptions({
      queryKey: ['integrations', 'webhooks', id, 'deliveries'],
      queryFn: () => integrations.deliveries(id),
      refetchInterval: LOOK_MS,
    }),
  streams: queryOptions({
    queryKey: ['integrations', 'streams'],
    queryFn: integrations.streams,
    staleTime: 0,
  }),
  kafka: queryOptions({ queryKey: ['integrations', 'kafka'], queryFn: integrations.kafka, staleTime: 0 }),
};
