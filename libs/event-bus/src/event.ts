import type { Component } from '@wardline/service-runtime';
import type { TopicName } from './topics.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** An event as its producer writes it, in the transaction of its cause. */
export interface NewEvent {
  topic: TopicName;
  /** Full name of the protobuf message: `wardline.events.v1.CallInitiated`. */
  type: string;
  /** What must stay in order within the topic. Never a phone number: a key made from one is a tenant HMAC of it. */
  key: string;
  /** What the event is about: `calls/<id>`. `sequence` counts per subject. */
  subject: string;
  tenantId: string;
  /** `toJson(schema, message, { alwaysEmitImplicit: true })`. Personal fields are sealed. */
  data: JsonObject;
  /** Default: the active span, else a new trace. */
  traceparent?: string;
  /** Default: now. */
  occurredAt?: Date;
  /** UUIDv7; default a new one. Consumers remember it. */
  id?: string;
}

/** An event as consumers receive it. */
export interface BusEvent extends Required<NewEvent> {
  partition: number;
  /** Position in the partition, in the order of publication. */
  offset: bigint;
  /** Of the subject within the topic, from 1. */
  sequence: number;
  /** When it was published. */
  time: Date;
}

/**
 * What became of an event. `drop` is a decision not to act; `retry` (or a thrown error) parks the event's key, with later
 * events of the key behind it, until it succeeds; `dead-letter` parks it until a person decides.
 * Reasons are constants without personal data: they are stored and shown.
 */
export type Outcome =
  | { kind: 'ok' }
  | { kind: 'drop'; reason: string }
  | { kind: 'retry'; reason: string; afterMs?: number }
  | { kind: 'dead-letter'; reason: string };

interface SubscriptionBase {
  /** Every group gets every event once; instances of one group share the partitions. Never rename it: it is the cursor. */
  group: string;
  topics: readonly TopicName[];
}

/** One event at a time: what an ordinary consumer wants. */
export interface SingleSubscription extends SubscriptionBase {
  /**
   * Called in order per key, concurrently across keys, at least once per event. Make the effect and `takeOnce` in one
   * transaction. Runs in a span that continues the event's trace.
   */
  handle: (event: BusEvent) => Promise<Outcome>;
  /** Events handled at the same time by this subscription. Default 16. */
  concurrencyMax?: number;
}

/** Many events in one transaction: for consumers that have to keep up with every event there is. */
export interface BatchSubscription extends SubscriptionBase {
  /**
   * Called with events of one tenant; those of one key are in order, and no key is in two calls at a time. Make the effects
   * and `takeMany` in one transaction. The outcome is that of the whole batch: anything but `ok` (or a thrown error) undoes
   * it, and the events come again one by one, so that only the key that fails is parked.
   */
  handleBatch: (events: readonly BusEvent[]) => Promise<Outcome>;
  /** Events handed over at a time, at most. Default 500. */
  batchMax?: number;
  /** Batches handled at the same time. Default 2. */
  concurrencyMax?: number;
}

export type Subscription = SingleSubscription | BatchSubscription;

/** The port. Fake: `FakeEventBus`. */
export interface EventBus {
  subscribe(subscription: Subscription): Component;
}
