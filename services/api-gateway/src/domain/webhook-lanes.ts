import type { EgressRow } from './egress-event.ts';

/** An event that a webhook is to be given. */
export interface Delivery {
  readonly row: EgressRow;
  /** Failed attempts before. */
  readonly attempts: number;
  readonly firstFailedAt: Date | undefined;
}

export interface FailedDelivery {
  readonly row: EgressRow;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly nextAttemptAt: Date;
  readonly reason: string;
  /** Whether it has a row among the waiting. One that had, and is gone, was removed by a person and stays away. */
  readonly stored: boolean;
}

/** What has to be written down, in one transaction, so that nothing is lost when the process ends here. */
export interface LaneChanges {
  /** Everything up to here was delivered or waits in the table. */
  readonly cursor: bigint;
  /** Rows that begin to wait. Written before `failed` and `done`. */
  readonly parked: readonly EgressRow[];
  readonly failed: readonly FailedDelivery[];
  /** Positions whose rows stop waiting. */
  readonly done: readonly bigint[];
}

interface Item extends Delivery {
  /** Whether it has (or, with the next changes, gets) a row among the waiting. */
  stored: boolean;
}

/**
 * The events of one webhook that are in memory, one lane per key: within a lane one at a time and in order, across lanes
 * as many as wanted. When a delivery fails its lane leaves memory as a whole and waits in the table; keys that wait there
 * are never read past. Pure: whoever uses it does the reading, the sending and the writing, in this cycle:
 *
 * `add…` → `next` → `delivered` | `failed` → `take` → (written) → `written` → `add…`
 */
export function createWebhookLanes(start: {
  cursor: bigint;
  /** Events in memory at most. */
  itemsMax: number;
  /** Of one key, so that a slow one does not keep others out. */
  laneMax: number;
}) {
  const lanes = new Map<string, Item[]>();
  /** Keys whose first item is not under way. */
  let ready: string[] = [];
  /** Positions read from the log, in order, that are neither settled nor stored: the cursor stays below the first. */
  const open = new Set<bigint>();
  let readTo = start.cursor;
  let count = 0;
  let stopped = false;

  let parked: EgressRow[] = [];
  let failed: FailedDelivery[] = [];
  let done: bigint[] = [];
  /** Keys whose rows in the table are not yet what they will be after the next write, and the write under way. */
  let touched = new Set<string>();
  let writing = new Set<string>();
  /** Of those, keys that begin to wait. */
  let blocked = new Set<string>();

  const park = (row: EgressRow): void => {
    parked.push(row);
    open.delete(row.position);
    touched.add(row.key);
    blocked.add(row.key);
  };
  const laneOf = (row: EgressRow): [Item, Item[]] => {
    const lane = lanes.get(row.key);
    const head = lane?.[0];
    if (!lane || head?.row.position !== row.position) throw new Error('settled what was not under way');
    return [head, lane];
  };
  const append = (item: Item): void => {
    const lane = lanes.get(item.row.key);
    count += 1;
    if (lane) lane.push(item);
    else {
      lanes.set(item.row.key, [item]);
      ready.push(item.row.key);
    }
  };

  return {
    get readTo(): bigint {
      return readTo;
    },
    /** How many more events may come into memory. */
    get room(): number {
      return start.itemsMax - count;
    },
    /** Whether `next` would give something. */
    get ready(): boolean {
      return ready.length > 0;
    },
    get empty(): boolean {
      return count === 0;
    },
    /** Whether there is something that `take` would give. */
    get changed(): boolean {
      return parked.length + failed.length + done.length > 0;
    },
    /** Keys whose waiting rows must not be loaded now: they are in memory, or the table is behind. */
    keysInHand(): string[] {
      return [...new Set([...lanes.keys(), ...touched, ...writing])];
    },

    /** Waiting rows, in order, of keys that are not in hand: from the first of the key on, without gaps. */
    addWaiting(deliveries: readonly Delivery[]): void {
      for (const delivery of deliveries) append({ ...delivery, stored: true });
    },

    /**
     * Rows of the log, in order, that follow `readTo`.
     *
     * @param rows `waits`: whether the table holds earlier events of the key
     * @param to how far was looked
     */
    addRead(rows: readonly { row: EgressRow; waits: boolean }[], to: bigint): void {
      for (const { row, waits } of rows) {
        const full = (lanes.get(row.key)?.length ?? 0) >= start.laneMax;
        if (waits || blocked.has(row.key) || full) {
          // A key that waits in the table waits there as a whole: after a crash its first row there goes first.
          this.spill([row.key]);
          park(row);
        } else {
          open.add(row.position);
          append({ row, attempts: 0, firstFailedAt: undefined, stored: false });
        }
      }
      readTo = to;
    },

    /** The next event to deliver now; it is under way until it is settled. */
    next(): Delivery | undefined {
      const key = ready.shift();
      return key === undefined ? undefined : lanes.get(key)?.[0];
    },

    delivered(row: EgressRow): void {
      const [item, lane] = laneOf(row);
      lane.shift();
      count -= 1;
      open.delete(row.position);
      if (item.stored) {
        done.push(row.position);
        touched.add(row.key);
      }
      if (lane.length > 0 && !stopped) ready.push(row.key);
      else {
        count -= lane.length;
        lanes.delete(row.key);
      }
    },

    failed(row: EgressRow, how: Omit<FailedDelivery, 'row' | 'stored'>): void {
      const [item, lane] = laneOf(row);
      failed.push({ row, ...how, stored: item.stored });
      for (const behind of lane.slice(1)) if (!behind.stored) park(behind.row);
      lanes.delete(row.key);
      count -= lane.length;
      open.delete(row.position);
      touched.add(row.key);
      blocked.add(row.key);
    },

    /** The event of a waiting row is not held any more. */
    expired(row: Pick<EgressRow, 'position' | 'key'>): void {
      done.push(row.position);
      touched.add(row.key);
    },

    /** Writes keys in memory down as waiting, also what is under way, so that the cursor need not wait for them. */
    spill(keys: Iterable<string> = lanes.keys()): void {
      for (const key of keys) {
        for (const item of lanes.get(key)?.filter((candidate) => !candidate.stored) ?? []) {
          item.stored = true;
          park(item.row);
        }
      }
    },

    /** No more is begun. What is under way goes on; the rest waits in the table. */
    stop(): void {
      stopped = true;
      this.spill();
      for (const key of ready) {
        count -= lanes.get(key)?.length ?? 0;
        lanes.delete(key);
      }
      ready = [];
    },

    /** Everything that has come up since the last time. `written` has to follow before rows are added again. */
    take(): LaneChanges {
      const [first] = open;
      const changes = { cursor: first === undefined ? readTo : first - 1n, parked, failed, done };
      [parked, failed, done] = [[], [], []];
      [writing, touched, blocked] = [touched, new Set(), new Set()];
      return changes;
    },
    written(): void {
      writing = new Set();
    },
  };
}

export type WebhookLanes = ReturnType<typeof createWebhookLanes>;
