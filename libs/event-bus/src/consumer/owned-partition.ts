import type { ParkedKey } from './parking.ts';

/**
 * What the owner of a partition keeps in memory: how far it has read, what is in work, which keys are parked.
 * `committable` is the first offset whose effect is not known to have been made.
 */
export interface OwnedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly parked: Map<string, ParkedKey>;
  /** Next offset to read. */
  position: bigint;
  /** Last value written to consumer_offsets. */
  committed: bigint;
  readonly committable: bigint;
  /** Set when the partition is no longer ours: what has not begun is left to the new owner. */
  revoked: boolean;
  readonly inWork: number;
  /** An event was read and is in work from now on. Offsets come in rising order; gaps (pruned rows) do not matter. */
  begin(offset: bigint): void;
  finish(offset: bigint): void;
}

export function createOwnedPartition(topic: string, partition: number, start: bigint): OwnedPartition {
  /** Begun and not passed by the watermark, in order. */
  const window: { offset: bigint; finished: boolean }[] = [];
  const byOffset = new Map<bigint, { offset: bigint; finished: boolean }>();
  let watermark = start;

  return {
    topic,
    partition,
    parked: new Map(),
    position: start,
    committed: start,
    revoked: false,
    get committable() {
      return watermark;
    },
    get inWork() {
      return window.length;
    },
    begin(offset) {
      const entry = { offset, finished: false };
      window.push(entry);
      byOffset.set(offset, entry);
      this.position = offset + 1n;
    },
    finish(offset) {
      const entry = byOffset.get(offset);
      if (!entry) return;
      entry.finished = true;
      byOffset.delete(offset);
      while (window[0]?.finished) {
        watermark = window[0].offset + 1n;
        window.shift();
      }
    },
  };
}
