import { currentTraceparent, newTraceparent, withSpan } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { BusEvent, EventBus, NewEvent, Outcome, Subscription } from '../event.ts';
import { createKeyedWork, type KeyedWork } from '../consumer/keyed-work.ts';
import { judge, outcomeOfError } from '../consumer/retry-policy.ts';
import { partitionOf, topics } from '../topics.ts';
import { uuidv7 } from '../uuidv7.ts';

export interface FakeDeadLetter {
  id: string;
  group: string;
  event: BusEvent;
  reason: string;
}

interface Group {
  handlers: { subscription: Subscription; work: KeyedWork }[];
  topics: Set<string>;
  /** How many of the published events have been handed out. */
  next: number;
  /** Events that wait behind a failed one, first the failed one itself, by topic and key. */
  parked: Map<string, { failures: number; dead: boolean; events: BusEvent[] }>;
}

/**
 * The event bus in memory: groups, order per key, parking, dead letters, as the real ones have them, held to the same
 * conformance suite. Retries come at once instead of after a delay.
 */
export class FakeEventBus implements EventBus {
  /** Everything published, in order. */
  readonly published: BusEvent[] = [];
  readonly deadLetters: FakeDeadLetter[] = [];
  readonly #groups = new Map<string, Group>();
  readonly #attemptsMax: number;

  constructor(options: { attemptsMax?: number } = {}) {
    this.#attemptsMax = options.attemptsMax ?? 5;
  }

  /** Publishes an event, as the relay does with what a committed transaction has left in the outbox. */
  publish(event: NewEvent): BusEvent {
    const partition = partitionOf(event.topic, event.key);
    const inPartition = this.published.filter((e) => e.topic === event.topic && e.partition === partition);
    const ofSubject = this.published.filter((e) => e.topic === event.topic && e.subject === event.subject);
    const full: BusEvent = {
      ...event,
      id: event.id ?? uuidv7(),
      traceparent: event.traceparent ?? currentTraceparent() ?? newTraceparent(),
      occurredAt: event.occurredAt ?? new Date(),
      // What a wire does to it: no shared references, no undefined.
      data: JSON.parse(JSON.stringify(event.data)) as BusEvent['data'],
      partition,
      offset: BigInt(inPartition.length),
      sequence: ofSubject.length + 1,
      time: new Date(),
    };
    this.published.push(full);
    for (const group of this.#groups.values()) this.#pump(group);
    return full;
  }

  subscribe(subscription: Subscription): Component {
    const entry = { subscription, work: createKeyedWork(subscription.concurrencyMax ?? 16) };
    const group = this.#group(subscription.group);
    return {
      name: `consumer ${subscription.group}`,
      start: () => {
        for (const topic of subscription.topics) group.topics.add(topic);
        group.handlers.push(entry);
        this.#resume(group);
        this.#pump(group);
        return Promise.resolve();
      },
      drain: () => this.#leave(group, entry),
      close: () => this.#leave(group, entry),
    };
  }

  /** Resolves when every handed-out event has been handled or parked. */
  async idle(): Promise<void> {
    for (;;) {
      const busy = [...this.#groups.values()].flatMap((g) => g.handlers).filter((h) => h.work.size > 0);
      if (busy.length === 0) return;
      await Promise.all(busy.map((h) => h.work.idle()));
    }
  }

  /** What a person does with a dead letter: handle it again, or give it up; then the key goes on. */
  release(deadLetterId: string, how: 'replay' | 'discard'): void {
    const index = this.deadLetters.findIndex((letter) => letter.id === deadLetterId);
    const letter = this.deadLetters[index];
    if (!letter) throw new RangeError('no such dead letter');
    this.deadLetters.splice(index, 1);
    const group = this.#group(letter.group);
    const parked = group.parked.get(orderKey(letter.event));
    if (!parked || parked.events[0] !== letter.event) {
      // Its key has gone on; replayed, it comes after what came meanwhile.
      if (how === 'discard') return;
      if (parked) parked.events.push(letter.event);
      else group.parked.set(orderKey(letter.event), { failures: 0, dead: false, events: [letter.event] });
      this.#schedule(group, letter.event);
      return;
    }
    if (how === 'discard') parked.events.shift();
    parked.dead = false;
    parked.failures = 0;
    this.#schedule(group, letter.event);
  }

  #group(name: string): Group {
    const known = this.#groups.get(name);
    if (known) return known;
    const group: Group = { handlers: [], topics: new Set(), next: 0, parked: new Map() };
    this.#groups.set(name, group);
    return group;
  }

  async #leave(group: Group, entry: Group['handlers'][number]): Promise<void> {
    group.handlers = group.handlers.filter((handler) => handler !== entry);
    await entry.work.idle();
  }

  /** Goes on with keys that were left waiting when the last handler went away. */
  #resume(group: Group): void {
    if (group.handlers.length > 1) return;
    for (const { events } of group.parked.values()) if (events[0]) this.#schedule(group, events[0]);
  }

  #pump(group: Group): void {
    if (group.handlers.length === 0) return;
    for (; group.next < this.published.length; group.next += 1) {
      const event = this.published[group.next];
      if (!event || !group.topics.has(event.topic)) continue;
      const parked = group.parked.get(orderKey(event));
      if (parked) parked.events.push(event);
      else {
        group.parked.set(orderKey(event), { failures: 0, dead: false, events: [event] });
        this.#schedule(group, event);
      }
    }
  }

  /** Handles the waiting events of a key in order until none is left or one is dead. */
  #schedule(group: Group, event: BusEvent): void {
    const entry = group.handlers.find((h) => h.subscription.topics.includes(event.topic));
    const key = orderKey(event);
    entry?.work.add(key, async () => {
      const parked = group.parked.get(key);
      if (!parked || parked.dead) return;
      const first = parked.events[0];
      if (first) await this.#handle(group, entry.subscription, parked, first);
      if (parked.events.length === 0) group.parked.delete(key);
      else this.#schedule(group, event);
    });
  }

  async #handle(
    group: Group,
    subscription: Subscription,
    parked: { failures: number; dead: boolean; events: BusEvent[] },
    event: BusEvent,
  ): Promise<void> {
    const outcome = await runHandler(subscription, event);
    const delays = Array.from({ length: this.#attemptsMax - 1 }, () => 0);
    const verdict = judge(outcome, parked.failures, delays);
    if (verdict.kind === 'done') {
      parked.events.shift();
      parked.failures = 0;
    } else if (verdict.kind === 'retry') {
      parked.failures += 1;
    } else {
      if (topics[event.topic].onFailure === 'skip') parked.events.shift();
      else parked.dead = true;
      parked.failures = 0;
      this.deadLetters.push({ id: uuidv7(), group: subscription.group, event, reason: verdict.reason });
    }
  }
}

const orderKey = (event: BusEvent): string => `${event.topic} ${event.key}`;

async function runHandler(subscription: Subscription, event: BusEvent): Promise<Outcome> {
  const attributes = { 'event.type': event.type, 'event.group': subscription.group };
  try {
    return await withSpan('event.handle', attributes, () => callHandler(subscription, event), {
      traceparent: event.traceparent,
    });
  } catch (error) {
    return outcomeOfError(error);
  }
}

const callHandler = (subscription: Subscription, event: BusEvent): Promise<Outcome> =>
  'handle' in subscription ? subscription.handle(event) : subscription.handleBatch([event]);
