import type { FieldCipher } from '@wardline/field-encryption';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { createHttpWebhookSender } from './adapters/http-webhook-sender.ts';
import type { GatewayDatabase } from './adapters/postgres/gateway-database.ts';
import { createPostgresWebhookQueue } from './adapters/postgres/webhook-queue.ts';
import { createPostgresWebhookStore } from './adapters/postgres/webhook-store.ts';
import { createTargetPolicy, type Resolve, type TargetRules } from './adapters/webhook-targets.ts';
import { createWebhookDispatcher, type defaultLimits } from './app/deliver-webhooks.ts';
import type { EgressSignal } from './app/egress-signal.ts';
import type { LiveFeed } from './app/live-feed.ts';
import { createWebhookDesk } from './app/manage-webhooks.ts';
import { createWebhookSigner } from './app/webhook-signature.ts';
import { webhookEndpoints } from './entrypoints/webhook-endpoints.ts';

/** The part of the composition root for webhooks: who delivers them and what staff manage them with. */
export function composeWebhooks(o: {
  readonly database: GatewayDatabase;
  readonly cipher: FieldCipher;
  readonly signal: Pick<EgressSignal, 'watchAll'>;
  readonly feed: Pick<LiveFeed, 'publish'>;
  readonly targets: TargetRules;
  readonly offered: readonly string[];
  readonly logger: Logger;
  readonly limits?: Partial<typeof defaultLimits>;
  readonly leaseMs?: number;
  /** Other names, clocks, chances and certificate authorities, for tests. */
  readonly resolve?: Resolve;
  readonly now?: () => Date;
  readonly random?: () => number;
  readonly ca?: string;
}) {
  const { database, cipher, logger } = o;
  const now = o.now ?? (() => new Date());
  const targets = createTargetPolicy(o.targets, o.resolve);
  const sender = createHttpWebhookSender({ targets, ...(o.ca === undefined ? {} : { ca: o.ca }) });
  const sign = createWebhookSigner(cipher);
  const dispatcher = createWebhookDispatcher({
    queue: createPostgresWebhookQueue(database, o.leaseMs === undefined ? {} : { leaseMs: o.leaseMs }),
    ...{ sender, sign, cipher, now, logger, signal: o.signal },
    random: o.random ?? Math.random,
    ...(o.limits ? { limits: o.limits } : {}),
    onDisabled: (webhook, reason) => {
      logger.warn('a webhook was switched off', { subscription_id: webhook.id, reason });
      const notice = { kind: 'webhook', webhookId: webhook.id, state: 'disabled', reason };
      // The state is in the table; a notice that gets lost is seen with the next look at the list.
      o.feed.publish(webhook.tenantId, notice).catch((err: unknown) => {
        logger.warn('nobody was told that a webhook was switched off', { err });
      });
    },
  });
  const desk = createWebhookDesk({
    ...{ store: createPostgresWebhookStore(database), targets, sender, sign, cipher, now },
    ...{ offered: o.offered, wake: () => dispatcher.wake() },
  });
  const components: Component[] = [
    { name: 'webhook connections', start: async () => {}, close: async () => sender.close() },
    dispatcher,
  ];
  const endpoints = webhookEndpoints({ desk, offered: o.offered, logger });
  return { components, endpoints, dispatcher, desk };
}
