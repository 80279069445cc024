import { clinicDay, Temporal, toClinic, type TimeZoneId } from '@wardline/clinic-time';
import { overlaps, type TimeRange } from './time-range.ts';

/** Minutes of the clinic's local day, half-open; 1440 is the midnight that ends it. */
export interface MinuteWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface WeeklyHours extends MinuteWindow {
  /** 1 Monday to 7 Sunday. */
  readonly isoWeekday: number;
}

/** `off` takes its minutes out of the weekly hours; `extra` adds minutes, also on a day off. */
export interface ScheduleException extends MinuteWindow {
  /** Local day, "YYYY-MM-DD". */
  readonly date: string;
  readonly kind: 'off' | 'extra';
}

export interface DoctorSchedule {
  readonly timeZone: TimeZoneId;
  readonly slotMinutes: number;
  readonly weekly: readonly WeeklyHours[];
  readonly exceptions: readonly ScheduleException[];
}

const MINUTE_MS = 60_000;

/**
 * The slots of one local day, in order, never overlapping, each lying wholly within working hours.
 *
 * Slots are cut from the beginning of a window in elapsed time. On the day the clocks go forward a window that contains
 * the gap yields fewer slots and none at a reading that never appears; on the day they go back, more, two of which
 * show the same reading and are different instants. Time off removes the slots it touches and leaves the others where
 * they were, so that one long lunch does not move the rest of the day.
 */
export function slotsOfDay(schedule: DoctorSchedule, date: Temporal.PlainDate): TimeRange[] {
  const day = date.toString();
  const today = schedule.exceptions.filter((e) => e.date === day);
  const off = onClock(
    today.filter((e) => e.kind === 'off'),
    date,
    schedule.timeZone,
  );
  const regular = cutAll(
    schedule.weekly.filter((w) => w.isoWeekday === date.dayOfWeek),
    date,
    schedule,
  ).filter((slot) => !off.some((range) => overlaps(range, slot)));
  const extra = cutAll(
    today.filter((e) => e.kind === 'extra'),
    date,
    schedule,
  ).filter((slot) => !regular.some((other) => overlaps(other, slot)));
  return [...regular, ...extra].sort((a, b) => a.startMs - b.startMs);
}

/** The slots that start in `[fromMs, toMs)`, earliest first, one local day at a time. */
export function* slotsBetween(schedule: DoctorSchedule, fromMs: number, toMs: number): Generator<TimeRange> {
  const last = toClinic(toMs, schedule.timeZone).toPlainDate();
  let date = toClinic(fromMs, schedule.timeZone).toPlainDate();
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    for (const slot of slotsOfDay(schedule, date)) {
      if (slot.startMs >= fromMs && slot.startMs < toMs) yield slot;
    }
    date = date.add({ days: 1 });
  }
}

/** The slot that starts exactly then, or why there is none. */
export function slotAt(
  schedule: DoctorSchedule,
  startMs: number,
): { kind: 'slot'; slot: TimeRange } | { kind: 'none'; why: 'outside-working-hours' | 'not-aligned' } {
  const slots = slotsOfDay(schedule, toClinic(startMs, schedule.timeZone).toPlainDate());
  const slot = slots.find((s) => s.startMs === startMs);
  if (slot) return { kind: 'slot', slot };
  const within = slots.some((s) => s.startMs < startMs && startMs < s.endMs);
  return { kind: 'none', why: within ? 'not-aligned' : 'outside-working-hours' };
}

function cutAll(
  windows: readonly MinuteWindow[],
  date: Temporal.PlainDate,
  schedule: DoctorSchedule,
): TimeRange[] {
  return onClock(windows, date, schedule.timeZone).flatMap((range) =>
    cut(range, schedule.slotMinutes * MINUTE_MS),
  );
}

function cut(range: TimeRange, slotMs: number): TimeRange[] {
  const slots: TimeRange[] = [];
  for (let at = range.startMs; at + slotMs <= range.endMs; at += slotMs) {
    slots.push({ startMs: at, endMs: at + slotMs });
  }
  return slots;
}

/**
 * All instants of the day at which the clinic's clock reads within one of the windows, as ranges in order that do not
 * touch. Taken stretch by stretch of constant UTC offset, so that a reading that does not exist yields nothing and one
 * that occurs twice yields both, whatever the windows' boundaries are.
 */
function onClock(windows: readonly MinuteWindow[], date: Temporal.PlainDate, zone: TimeZoneId): TimeRange[] {
  if (windows.length === 0) return [];
  const midnightUtcMs = date.toZonedDateTime('UTC').epochMilliseconds;
  const ranges = stretches(date, zone).flatMap(({ startMs, endMs, offsetMs }) =>
    windows.map((window) => ({
      startMs: Math.max(startMs, midnightUtcMs + window.fromMinute * MINUTE_MS - offsetMs),
      endMs: Math.min(endMs, midnightUtcMs + window.toMinute * MINUTE_MS - offsetMs),
    })),
  );
  return united(ranges.filter((range) => range.startMs < range.endMs));
}

/** The day in parts of constant UTC offset: one, or two where the clocks change. */
function stretches(date: Temporal.PlainDate, zone: TimeZoneId): (TimeRange & { offsetMs: number })[] {
  const { start, end } = clinicDay(date, zone);
  const result: (TimeRange & { offsetMs: number })[] = [];
  const sameOffset = toClinic(start, zone).offsetNanoseconds === toClinic(end, zone).offsetNanoseconds;
  let at = toClinic(start, zone);
  for (;;) {
    // Looking for a change costs far more than the rest of a day; a day that ends as it began has none.
    const change = sameOffset ? null : at.getTimeZoneTransition('next');
    const changes = change !== null && change.epochMilliseconds < end.getTime();
    result.push({
      startMs: at.epochMilliseconds,
      endMs: changes ? change.epochMilliseconds : end.getTime(),
      offsetMs: at.offsetNanoseconds / 1_000_000,
    });
    if (!changes) return result;
    at = change;
  }
}

/** Overlapping and touching ranges become one, so that no slot is offered twice. */
function united(ranges: readonly TimeRange[]): TimeRange[] {
  const result: TimeRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = result.at(-1);
    if (last && range.startMs <= last.endMs) {
      result[result.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, range.endMs) };
    } else {
      result.push(range);
    }
  }
  return result;
}
