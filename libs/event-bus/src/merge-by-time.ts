import type { BusEvent } from './event.ts';

type Placed = Pick<BusEvent, 'time' | 'occurredAt' | 'id' | 'topic' | 'partition'>;

/**
 * Events of several partitions as one sequence: always the oldest of the heads next. Within a partition the given order
 * stays, whatever times say. What was published at the same moment follows in the order in which it was written.
 */
export function mergeByTime<T extends Placed>(events: readonly T[]): T[] {
  const partitions = new Map<string, T[]>();
  for (const event of events) {
    const place = `${event.topic} ${event.partition}`;
    const list = partitions.get(place);
    if (list) list.push(event);
    else partitions.set(place, [event]);
  }
  const rest = [...partitions.values()].map((list) => ({ list, at: 0 }));
  const merged: T[] = [];
  while (rest.length > 0) {
    const oldest = rest.reduce((a, b) => (isOlder(b.list[b.at], a.list[a.at]) ? b : a));
    const next = oldest.list[oldest.at];
    if (next !== undefined) merged.push(next);
    oldest.at += 1;
    if (oldest.at >= oldest.list.length) rest.splice(rest.indexOf(oldest), 1);
  }
  return merged;
}

function isOlder(a: Placed | undefined, b: Placed | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const byTime = a.time.getTime() - b.time.getTime() || a.occurredAt.getTime() - b.occurredAt.getTime();
  // Ids are UUIDv7: they rise in the order of writing.
  return byTime === 0 ? a.id < b.id : byTime < 0;
}
