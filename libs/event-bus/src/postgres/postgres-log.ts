import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { EventBus } from '../event.ts';
import { RETRY_DELAYS_MS } from '../consumer/retry-policy.ts';
import { createConsumer } from './consumer.ts';
import { createRelay } from '../relay/relay.ts';
import { createPostgresTarget } from './postgres-target.ts';

export interface PostgresLogOptions {
  /** As the role `wardline_bus`. */
  connectionString: string;
  logger: Logger;
  /** Delay before each further attempt of an event; used up, it is dead-lettered. */
  retryDelaysMs?: readonly number[];
  /** How often the relay looks for outbox rows of other processes. Default 50 ms. */
  relayPollMs?: number;
  /** How often consumers look without being woken. Default 1 s. */
  consumerPollMs?: number;
  /** Age at which log rows that every group has passed are pruned. Default 7 days. */
  retentionMs?: number;
  /** How often the relay prunes. Default 1 h. */
  sweepMs?: number;
}

const DAY_MS = 24 * 3_600_000;

/**
 * The embedded event bus: a durable log in Postgres. One process of an installation should run `relay` (several may; all but
 * one then wait). Each subscription holds one connection.
 */
export function createPostgresLog(options: PostgresLogOptions): EventBus & { relay: Component } {
  const { connectionString, logger } = options;
  return {
    relay: createRelay({
      connectionString,
      logger,
      target: createPostgresTarget({ retentionMs: options.retentionMs ?? 7 * DAY_MS, logger }),
      pollMs: options.relayPollMs ?? 50,
      sweepMs: options.sweepMs ?? 3_600_000,
    }),
    subscribe: (subscription) =>
      createConsumer(subscription, {
        connectionString,
        logger,
        pollMs: options.consumerPollMs ?? 1_000,
        retryDelaysMs: options.retryDelaysMs ?? RETRY_DELAYS_MS,
      }),
  };
}
