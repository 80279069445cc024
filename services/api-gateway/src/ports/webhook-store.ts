import type { DeliveryRecord, WebhookSettings } from './webhook-queue.ts';

/** A webhook as the people of its hospital see it. */
export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly topics: readonly string[];
  readonly personal: boolean;
  readonly state: 'active' | 'paused' | 'disabled';
  readonly stateReason: string | undefined;
  readonly stateChangedAt: Date;
  readonly createdAt: Date;
  readonly previousSecretUntil: Date | undefined;
  /** Everything up to here was delivered or waits. */
  readonly position: bigint;
  /** Of the tenant's log. What lies between `position` and `firstPosition` is not held any more and will not come. */
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly waitingEvents: number;
  readonly waitingKeys: number;
  readonly failingSince: Date | undefined;
  /** While the receiver is down as a whole: when it is tried again. */
  readonly resumeAt: Date | undefined;
}

export interface WaitingEvent {
  readonly position: bigint;
  readonly eventId: string;
  readonly key: string;
  readonly attempts: number;
  readonly firstFailedAt: Date | undefined;
  readonly nextAttemptAt: Date;
  readonly lastReason: string | undefined;
}

export type StoredRecord = DeliveryRecord & { readonly id: string };

export interface DeliveryFilter {
  readonly outcome?: DeliveryRecord['outcome'] | undefined;
  readonly eventId?: string | undefined;
  readonly topic?: string | undefined;
  readonly key?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only records older than this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

export interface NewWebhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly topics: readonly string[];
  readonly personal: boolean;
  readonly secretSealed: string;
  readonly createdBy: string;
  readonly at: Date;
}

/** A tenant's webhooks, as people manage them. Another tenant's are as if they did not exist. */
export interface WebhookStore {
  /** Begins after the newest event. @returns false when the tenant has `most` already */
  create(tenantId: string, webhook: NewWebhook, most: number): Promise<boolean>;
  list(tenantId: string): Promise<readonly Webhook[]>;
  find(tenantId: string, id: string): Promise<Webhook | undefined>;
  /** What sending needs to know of it. */
  settings(tenantId: string, id: string): Promise<WebhookSettings | undefined>;
  /** Whatever waits is due again when the address changes. */
  change(
    tenantId: string,
    id: string,
    change: {
      name?: string | undefined;
      url?: string | undefined;
      topics?: readonly string[] | undefined;
      personal?: boolean | undefined;
    },
    at: Date,
  ): Promise<boolean>;
  remove(tenantId: string, id: string): Promise<boolean>;
  rotate(tenantId: string, id: string, sealed: string, previousUntil: Date): Promise<boolean>;
  pause(tenantId: string, id: string, at: Date): Promise<boolean>;
  /** Goes on where it stopped; whatever waits is due and has 24 hours again. */
  resume(tenantId: string, id: string, at: Date): Promise<boolean>;
  waiting(tenantId: string, id: string, limit: number): Promise<readonly WaitingEvent[]>;
  deliveries(tenantId: string, id: string, filter: DeliveryFilter): Promise<readonly StoredRecord[]>;
  record(tenantId: string, id: string, record: DeliveryRecord): Promise<void>;
  /** Gives one event again, or now when it waits. 'ahead': its turn has not come yet. */
  replayOne(tenantId: string, id: string, eventId: string, at: Date): Promise<'ok' | 'unknown' | 'ahead'>;
  /**
   * Puts the cursor back, so that everything from there on is given again, in order. Positions the log does not hold any
   * more are passed over; going forward is not possible, because it would leave events out.
   *
   * @returns the first position that will be given
   */
  replayFrom(
    tenantId: string,
    id: string,
    from: { position: bigint } | { time: Date },
    at: Date,
  ): Promise<bigint | 'ahead'>;
  /** Gives up one event that waits, so that its key goes on. */
  skip(tenantId: string, id: string, eventId: string, at: Date): Promise<boolean>;
}
