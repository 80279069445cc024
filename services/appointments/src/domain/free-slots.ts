import { slotsBetween, type DoctorSchedule } from './schedule.ts';
import { overlaps, type TimeRange } from './time-range.ts';

/** Nobody is offered a slot that begins sooner than this: a patient has to get there, and a call takes its time. */
export const leadMs = 5 * 60_000;

export interface DoctorDay<D> {
  readonly doctor: D;
  readonly schedule: DoctorSchedule;
  /** Live holds and bookings, in any order. */
  readonly busy: readonly TimeRange[];
}

/** Free slots of several doctors that start in `[fromMs, toMs)`, earliest first; at the same time in the doctors' order. */
export function freeSlots<D>(
  days: readonly DoctorDay<D>[],
  window: { fromMs: number; toMs: number; nowMs: number; limit: number },
): { doctor: D; slot: TimeRange }[] {
  const fromMs = Math.max(window.fromMs, window.nowMs + leadMs);
  return days
    .flatMap(({ doctor, schedule, busy }) =>
      take(freeOf(schedule, busy, fromMs, window.toMs), window.limit).map((slot) => ({ doctor, slot })),
    )
    .sort((a, b) => a.slot.startMs - b.slot.startMs)
    .slice(0, window.limit);
}

function* freeOf(
  schedule: DoctorSchedule,
  busy: readonly TimeRange[],
  fromMs: number,
  toMs: number,
): Generator<TimeRange> {
  const ordered = busy.toSorted((a, b) => a.startMs - b.startMs);
  // Occupancies do not overlap each other, so both lists advance together.
  let next = 0;
  for (const slot of slotsBetween(schedule, fromMs, toMs)) {
    while (next < ordered.length && ordered[next]!.endMs <= slot.startMs) next += 1;
    const candidate = ordered[next];
    if (!candidate || !overlaps(candidate, slot)) yield slot;
  }
}

function take<T>(values: Iterable<T>, limit: number): T[] {
  const taken: T[] = [];
  if (limit <= 0) return taken;
  for (const value of values) {
    taken.push(value);
    if (taken.length === limit) break;
  }
  return taken;
}
