import type { TenantTopicMessage } from '../domain/tenant-topic-message.ts';
import type { TenantTopic } from '../domain/tenant-topic-plan.ts';
import type { TenantTopicCursors, TenantTopicTurns } from '../ports/tenant-topic-cursors.ts';
import type { TenantTopicPublisher } from '../ports/tenant-topic-publisher.ts';

const nameOf = ({ tenantId, personal }: TenantTopic) => `${tenantId} ${personal}`;

/** Fake of `TenantTopicCursors`. `loseNext` makes the next advances fail before anything is written down. */
export class MemoryTenantTopicCursors implements TenantTopicCursors {
  readonly positions = new Map<string, bigint>();
  loseNext = 0;
  #open: TenantTopic[] = [];

  async open(topic: TenantTopic): Promise<void> {
    this.#open.push(topic);
    if (!this.positions.has(nameOf(topic))) this.positions.set(nameOf(topic), 0n);
  }

  /** Nobody may read it any more. */
  shut(topic: TenantTopic): void {
    this.#open = this.#open.filter((each) => nameOf(each) !== nameOf(topic));
  }

  async listOpen(): Promise<readonly TenantTopic[]> {
    return this.#open;
  }

  async read(topic: TenantTopic): Promise<bigint> {
    return this.positions.get(nameOf(topic)) ?? 0n;
  }

  async advance(topic: TenantTopic, from: bigint, to: bigint): Promise<boolean> {
    if (this.loseNext-- > 0) throw new Error('the cursor was lost');
    if (this.positions.get(nameOf(topic)) !== from) return false;
    this.positions.set(nameOf(topic), to);
    return true;
  }
}

/** Fake of `TenantTopicTurns`: make one per instance on one shared map. */
export class MemoryTenantTopicTurns implements TenantTopicTurns {
  readonly #holders: Map<string, MemoryTenantTopicTurns>;

  constructor(holders: Map<string, MemoryTenantTopicTurns> = new Map()) {
    this.#holders = holders;
  }

  async take(topic: TenantTopic): Promise<boolean> {
    const holder = this.#holders.get(nameOf(topic)) ?? this;
    this.#holders.set(nameOf(topic), holder);
    return holder === this;
  }

  async release(): Promise<void> {
    for (const [name, holder] of this.#holders) if (holder === this) this.#holders.delete(name);
  }
}

/** Fake of `TenantTopicPublisher`. `breakNext` lets so many publications break off after the first messages of a batch. */
export class FakeTenantTopicPublisher implements TenantTopicPublisher {
  readonly topics = new Map<string, TenantTopicMessage[]>();
  breakNext = 0;

  partitionOf(_topic: string, key: string): number {
    return [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
  }

  async tails(topic: string): Promise<ReadonlyMap<number, bigint>> {
    return new Map((this.topics.get(topic) ?? []).map(({ partition, position }) => [partition, position]));
  }

  async publish(topic: string, messages: readonly TenantTopicMessage[]): Promise<void> {
    const breaks = this.breakNext-- > 0;
    const taken = breaks ? messages.slice(0, Math.ceil(messages.length / 2)) : messages;
    this.topics.set(topic, [...(this.topics.get(topic) ?? []), ...taken]);
    if (breaks) throw new Error('broke off');
  }
}
