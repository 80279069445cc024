import type { CarrierEvent } from '../domain/webhook-events.ts';

export interface DeliveryMode {
  /** Every event a second time, sometimes at the same instant, sometimes later. */
  readonly duplicate: boolean;
  /** Events overtake each other by up to `shuffleMsMax`. */
  readonly shuffle: boolean;
  /** Every event is this late. */
  readonly delayMs: number;
}

export interface Delivery {
  readonly eventId: string;
  readonly eventType: string;
  readonly attempts: number;
  /** The last HTTP status, or undefined when nobody answered. */
  readonly status: number | undefined;
}

export interface WebhookLane {
  /** Returns at once; delivery goes on by itself. */
  send(event: CarrierEvent, url: string): void;
  /** Resolves when every delivery so far has succeeded or been given up. */
  settled(): Promise<void>;
  readonly deliveries: readonly Delivery[];
}

export interface WebhookSender {
  /** One per call: the lane's disorder is its own. */
  openLane(mode: DeliveryMode, seed: number): WebhookLane;
  close(): Promise<void>;
}
