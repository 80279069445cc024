/** Names on the cluster, and what of a hospital's log still has to go to its topic. */

export interface TenantTopic {
  readonly tenantId: string;
  /** Whether it carries personal fields, opened. */
  readonly personal: boolean;
}

/** Partitions of a hospital's topic. Fixed: the partition of a key follows from it. */
export const tenantTopicPartitions = 6;

export function tenantTopicName(prefix: string, topic: TenantTopic): string {
  return `${prefix}egress.${topic.tenantId}${topic.personal ? '.personal' : ''}`;
}

/** Consumer groups that a hospital's credentials may use begin so; no hospital's prefix is the start of another's. */
export function groupPrefixOf(tenantId: string): string {
  return `${tenantId}.`;
}

/** Highest position that each partition ends with; a partition without one is absent. */
export type Tails = ReadonlyMap<number, bigint>;

/**
 * What has to be published, in order. A partition carries positions in rising order, so everything up to the one it ends
 * with is there already: an attempt whose cursor was not written down repeats nothing.
 */
export function unpublished<T extends { readonly position: bigint; readonly partition: number }>(
  messages: readonly T[],
  tails: Tails,
): T[] {
  return messages.filter(({ position, partition }) => position > (tails.get(partition) ?? 0n));
}
