import type { TenantTopic } from '../domain/tenant-topic-plan.ts';

/** How far hospitals' topics are filled. Fake: `MemoryTenantTopicCursors`. */
export interface TenantTopicCursors {
  /** Notes that a topic is wanted; one that was wanted before goes on where it was. */
  open(topic: TenantTopic): Promise<void>;
  /** Topics of all hospitals that somebody may read at present. */
  listOpen(): Promise<readonly TenantTopic[]>;
  /** Everything up to here is in the topic. */
  read(topic: TenantTopic): Promise<bigint>;
  /** @returns false when somebody else has moved it: then they fill the topic, not we */
  advance(topic: TenantTopic, from: bigint, to: bigint): Promise<boolean>;
}

/** Whose turn it is to fill a topic. Fake: `MemoryTenantTopicTurns`. */
export interface TenantTopicTurns {
  /** True while the turn is ours, also when it was before. One that dies or is cut off loses its turns at once. */
  take(topic: TenantTopic): Promise<boolean>;
  /** Gives all turns back. */
  release(): Promise<void>;
}
