import type { TenantTopicMessage } from '../domain/tenant-topic-message.ts';
import type { Tails } from '../domain/tenant-topic-plan.ts';

/** Writes to hospitals' topics. Fake: `FakeTenantTopicPublisher`. */
export interface TenantTopicPublisher {
  partitionOf(topic: string, key: string): number;
  /** What each partition ends with. */
  tails(topic: string): Promise<Tails>;
  /** Resolves when all are safely there. Rejects with some of them there, of each partition the first ones. */
  publish(topic: string, messages: readonly TenantTopicMessage[]): Promise<void>;
}
