/**
 * One sequence of many: always the oldest of the heads next. Each list keeps its own order, whatever its times say: within a
 * partition the offset decides.
 */
export function mergeByTime<T extends { time: Date }>(lists: readonly (readonly T[])[]): T[] {
  const rest = lists.filter((list) => list.length > 0).map((list) => ({ list, at: 0 }));
  const merged: T[] = [];
  while (rest.length > 0) {
    let oldest = 0;
    for (let i = 1; i < rest.length; i += 1) if (timeOf(rest[i]) < timeOf(rest[oldest])) oldest = i;
    const cursor = rest[oldest];
    const next = cursor?.list[cursor.at];
    if (!cursor || next === undefined) break;
    merged.push(next);
    cursor.at += 1;
    if (cursor.at === cursor.list.length) rest.splice(oldest, 1);
  }
  return merged;
}

const timeOf = (cursor: { list: readonly { time: Date }[]; at: number } | undefined): number =>
  cursor?.list[cursor.at]?.time.getTime() ?? Infinity;
