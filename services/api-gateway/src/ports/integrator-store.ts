import type { IntegratorSubscription } from '../domain/integrator-subscription.ts';

export interface NewIntegratorSubscription {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: 'stream' | 'kafka';
  readonly name: string;
  readonly topics: readonly string[];
  readonly personal: boolean;
  readonly state: 'active' | 'disabled';
  readonly expiresAt: Date | null;
  /** The member of staff who made it. */
  readonly createdBy: string;
  readonly tokenHash: string | null;
  readonly kafkaUsers: readonly string[];
}

export interface IntegratorChange {
  readonly state?: 'active' | 'disabled';
  readonly tokenHash?: string;
  readonly kafkaUsers?: readonly string[];
}

/** What hospitals let integrators have. Fake: `MemoryIntegratorStore`. */
export interface IntegratorStore {
  add(subscription: NewIntegratorSubscription): Promise<IntegratorSubscription>;
  list(tenantId: string, kind: 'stream' | 'kafka'): Promise<IntegratorSubscription[]>;
  find(tenantId: string, kind: 'stream' | 'kafka', id: string): Promise<IntegratorSubscription | undefined>;
  /** @returns undefined when there is no such subscription any more */
  change(tenantId: string, id: string, change: IntegratorChange): Promise<IntegratorSubscription | undefined>;
  /** Remembers that it was used just now. */
  touch(tenantId: string, id: string): Promise<void>;
  remove(tenantId: string, id: string): Promise<void>;
  /**
   * The open stream subscriptions among these token hashes, by hash. Asked before a tenant is known: it is the hash
   * that tells.
   */
  findByTokenHashes(hashes: readonly string[]): Promise<ReadonlyMap<string, IntegratorSubscription>>;
  /** Kafka subscriptions of all hospitals whose time is over, or where a change broke off more than a minute ago. */
  listKafkaToTidy(): Promise<{ readonly tenantId: string; readonly id: string }[]>;
}
