import type { EgressRow } from '../domain/egress-event.ts';
import type { Delivery, LaneChanges } from '../domain/webhook-lanes.ts';
import type { Breaker } from '../domain/webhook-schedule.ts';

/** A webhook whose lease was taken. Every claim has an owner of its own, so that a lease taken over is noticed. */
export interface ClaimedWebhook {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly owner: string;
}

/** What of a webhook delivering needs to know. Secrets are sealed. */
export interface WebhookSettings {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly state: 'active' | 'paused' | 'disabled';
  readonly url: string;
  readonly topics: readonly string[];
  readonly personal: boolean;
  readonly secretSealed: string;
  readonly previousSecretSealed: string | undefined;
  readonly previousSecretUntil: Date | undefined;
}

export interface WebhookWork {
  readonly webhook: WebhookSettings;
  readonly cursor: bigint;
  readonly generation: number;
  readonly breaker: Breaker;
}

/** One line of the delivery log. */
export interface DeliveryRecord {
  readonly position: bigint | undefined;
  readonly eventId: string;
  readonly topic: string;
  readonly type: string;
  readonly key: string;
  readonly attempt: number;
  readonly outcome: 'delivered' | 'failed' | 'skipped' | 'expired';
  readonly httpStatus: number | undefined;
  readonly latencyMs: number | undefined;
  readonly reason: string | undefined;
  readonly at: Date;
}

export interface WebhookFill {
  /** Waiting events in order, at first those whose key is due. */
  readonly waiting: readonly Delivery[];
  /** Waiting events that the log does not hold any more. */
  readonly expired: readonly { position: bigint; eventId: string; key: string; attempts: number }[];
  /** Of the log after the given position; `waits` when the table holds events of the key. */
  readonly rows: readonly { row: EgressRow; waits: boolean }[];
  readonly readTo: bigint;
}

export interface WebhookWrite {
  readonly changes: LaneChanges;
  readonly records: readonly DeliveryRecord[];
  readonly breaker: Breaker;
  readonly generation: number;
  /** The receiver is back: everything that waits is due. */
  readonly recovered: boolean;
  readonly disable: 'failing' | 'gone' | undefined;
  readonly release: boolean;
  readonly at: Date;
}

/** The durable queue of webhooks. Instances may work on it side by side; a webhook is delivered by one at a time. */
export interface WebhookQueue {
  claim(o: { at: Date; atMost: number }): Promise<readonly ClaimedWebhook[]>;
  /** @returns undefined when the webhook is gone or the lease is another's by now */
  open(claim: ClaimedWebhook): Promise<WebhookWork | undefined>;
  fill(
    claim: ClaimedWebhook,
    o: {
      at: Date;
      after: bigint;
      topics: readonly string[];
      limit: number;
      /** Rows of one key at most. */
      laneMax: number;
      keysInHand: readonly string[];
      /** Of waiting keys whichever was tried least, due or not, and only if there is none the log. */
      probe: boolean;
    },
  ): Promise<WebhookFill>;
  /**
   * One transaction that writes what came up, keeps the lease alive or gives it back, and tells how the webhook stands.
   *
   * @returns 'lost' when the lease is another's or the webhook is gone; then nothing was written
   */
  write(
    claim: ClaimedWebhook,
    o: WebhookWrite,
  ): Promise<{ webhook: WebhookSettings; generation: number } | 'lost'>;
}
