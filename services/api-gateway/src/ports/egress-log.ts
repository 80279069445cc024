import type { BusEvent } from '@wardline/event-bus';
import type { EgressRow } from '../domain/egress-event.ts';

export interface EgressPage {
  /** In the order of their positions. */
  readonly rows: readonly EgressRow[];
  /** Everything up to here was looked at: the next page goes on after it, also when no row was of the wanted topics. */
  readonly readTo: bigint;
  /** The tenant's last position; 0 when there was never an event. */
  readonly last: bigint;
}

/** The durable log of what a tenant's integrators are given. Everything outside is fed from here. */
export interface EgressLog {
  /**
   * Adds events of one tenant, in their order, each once whatever is redelivered.
   *
   * @returns how many were new
   */
  append(tenantId: string, events: readonly BusEvent[]): Promise<number>;
  /** @param o.after the last position that the reader has had; 0 for all */
  read(tenantId: string, o: { after: bigint; topics: readonly string[]; limit: number }): Promise<EgressPage>;
  /** Where a tenant's log begins and ends. An empty one has `first` = `last` + 1. Older events are gone after 7 days. */
  range(tenantId: string): Promise<{ first: bigint; last: bigint }>;
  /** The last position of each tenant, in one look across tenants. */
  positions(tenantIds: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
  /** Forgets what is older than 7 days, events and delivery records, at most so many of each. */
  sweep(atMost: number): Promise<{ events: number; deliveries: number }>;
}
