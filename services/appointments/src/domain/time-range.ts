/** A half-open range of instants in milliseconds since 1970 UTC: the end belongs to whatever comes next. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

export function overlaps(a: TimeRange, b: TimeRange): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs;
}

export function sameRange(a: TimeRange, b: TimeRange): boolean {
  return a.startMs === b.startMs && a.endMs === b.endMs;
}
