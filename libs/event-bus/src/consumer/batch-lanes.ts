/**
 * Items that wait for a batch, in one lane per partition. A lane gives to one batch at a time, so that no key is in two
 * batches at once, and the items of a lane come in order.
 */
export interface BatchLanes<Lane, Item> {
  add(lane: Lane, items: readonly Item[]): void;
  /** Takes up to `itemsMax` from lanes that are free, which are busy until `free(taken)`. Empty: nothing to do now. */
  take(itemsMax: number): { lane: Lane; items: Item[] }[];
  free(taken: readonly { lane: Lane }[]): void;
  /** Forgets what was not taken. */
  clear(): void;
  readonly waiting: number;
}

export function createBatchLanes<Lane extends object, Item>(): BatchLanes<Lane, Item> {
  /** In order of the oldest add that is still waiting, so that a busy partition cannot starve the others. */
  const waiting = new Map<Lane, Item[]>();
  const busy = new Set<Lane>();
  let count = 0;

  return {
    add(lane, items) {
      if (items.length === 0) return;
      count += items.length;
      const before = waiting.get(lane);
      if (before) before.push(...items);
      else waiting.set(lane, [...items]);
    },
    take(itemsMax) {
      const taken: { lane: Lane; items: Item[] }[] = [];
      let room = itemsMax;
      for (const [lane, items] of waiting) {
        if (room <= 0) break;
        if (busy.has(lane)) continue;
        const part = items.splice(0, room);
        room -= part.length;
        taken.push({ lane, items: part });
        busy.add(lane);
        waiting.delete(lane);
        if (items.length > 0) waiting.set(lane, items); // To the end of the queue.
      }
      count -= itemsMax - room;
      return taken;
    },
    free(taken) {
      for (const { lane } of taken) busy.delete(lane);
    },
    clear() {
      waiting.clear();
      count = 0;
    },
    get waiting() {
      return count;
    },
  };
}
