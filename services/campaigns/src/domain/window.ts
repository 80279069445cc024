import { Temporal, clinicDay, toClinic, type TimeZoneId } from '@wardline/clinic-time';
import type { CountryRule } from './policy.ts';

/** When calls may be made. Minutes of the day on the clock of the person who is called: `[fromMinute, toMinute)`. */
export interface CallingWindow {
  readonly isoWeekdays: readonly number[];
  readonly fromMinute: number;
  /** Up to 1440: midnight. */
  readonly toMinute: number;
  /** Instants between which the campaign runs, from its first and last day on the clinic's calendar: `[start, end)`. */
  readonly startMs: number;
  readonly endMs: number;
}

/** As far as anybody looks ahead; a window that stays shut for so long is shut. */
const HORIZON_DAYS = 400;
const DAY_MS = 86_400_000;

export function callingWindow(o: {
  isoWeekdays: readonly number[];
  from: string;
  to: string;
  /** "YYYY-MM-DD" or empty. */
  firstDay: string;
  lastDay: string;
  clinicZone: TimeZoneId;
}): CallingWindow {
  const day = (date: string) => clinicDay(Temporal.PlainDate.from(date), o.clinicZone);
  return {
    isoWeekdays: o.isoWeekdays,
    fromMinute: minuteOf(o.from),
    toMinute: minuteOf(o.to),
    startMs: o.firstDay === '' ? Number.NEGATIVE_INFINITY : day(o.firstDay).start.getTime(),
    endMs: o.lastDay === '' ? Number.POSITIVE_INFINITY : day(o.lastDay).end.getTime(),
  };
}

/** "HH:MM", "24:00" included. */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The window as far as the law of a country allows it. */
export function withinLaw(window: CallingWindow, rule: CountryRule | undefined): CallingWindow {
  if (!rule) return window;
  return {
    ...window,
    fromMinute: Math.max(window.fromMinute, rule.fromMinute),
    toMinute: Math.min(window.toMinute, rule.toMinute),
  };
}

/** Whether it is open at an instant in every one of the zones. */
export function isOpen(window: CallingWindow, zones: readonly TimeZoneId[], atMs: number): boolean {
  return (
    atMs >= window.startMs && atMs < window.endMs && zones.every((zone) => isOpenOnClock(window, zone, atMs))
  );
}

/** The first instant from `fromMs` on at which it is open; undefined when it never is (again). */
export function nextOpen(
  window: CallingWindow,
  zones: readonly TimeZoneId[],
  fromMs: number,
): number | undefined {
  let at = Math.max(fromMs, window.startMs);
  const horizonMs = at + HORIZON_DAYS * DAY_MS;
  // Each zone moves the instant to its own next opening, until it suits all of them.
  for (let settled = false; !settled;) {
    settled = true;
    for (const zone of zones) {
      const next = nextOpenOnClock(window, zone, at, horizonMs);
      if (next === undefined || next >= window.endMs) return undefined;
      if (next !== at) settled = false;
      at = next;
    }
  }
  return at < window.endMs ? at : undefined;
}

/** The first instant of the day after the one that it is in that zone. */
export function nextDayStart(zone: TimeZoneId, atMs: number): number {
  return clinicDay(toClinic(atMs, zone).toPlainDate(), zone).end.getTime();
}

/** The first instant of the day that it is in that zone. */
export function dayStart(zone: TimeZoneId, atMs: number): number {
  return clinicDay(toClinic(atMs, zone).toPlainDate(), zone).start.getTime();
}

function isOpenOnClock(window: CallingWindow, zone: TimeZoneId, atMs: number): boolean {
  const local = toClinic(atMs, zone);
  const minute = local.hour * 60 + local.minute;
  return (
    window.isoWeekdays.includes(local.dayOfWeek) && minute >= window.fromMinute && minute < window.toMinute
  );
}

function nextOpenOnClock(
  window: CallingWindow,
  zone: TimeZoneId,
  fromMs: number,
  horizonMs: number,
): number | undefined {
  if (window.fromMinute >= window.toMinute) return undefined;
  if (isOpenOnClock(window, zone, fromMs)) return fromMs;
  let date = toClinic(fromMs, zone).toPlainDate();
  for (;;) {
    if (window.isoWeekdays.includes(date.dayOfWeek)) {
      const opening = openingsOf(window, zone, date).find(
        (at) => at >= fromMs && isOpenOnClock(window, zone, at),
      );
      if (opening !== undefined) return opening <= horizonMs ? opening : undefined;
    }
    date = date.add({ days: 1 });
    if (clinicDay(date, zone).start.getTime() > horizonMs) return undefined;
  }
}

/**
 * Instants of a day at which the window can open, in order: when the clock shows its beginning (twice on the day the
 * clocks go back), and when the clock is put to a time inside it.
 */
function openingsOf(window: CallingWindow, zone: TimeZoneId, date: Temporal.PlainDate): number[] {
  const reading = date.toPlainDateTime({
    hour: Math.floor(window.fromMinute / 60),
    minute: window.fromMinute % 60,
  });
  const readings = (['earlier', 'later'] as const).map(
    (disambiguation) => reading.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
  );
  const { start, end } = clinicDay(date, zone);
  const changes: number[] = [];
  if (end.getTime() - start.getTime() !== DAY_MS) {
    const change = toClinic(start.getTime() - 1, zone).getTimeZoneTransition('next');
    if (change) changes.push(change.epochMilliseconds);
  }
  return [...readings, ...changes].sort((a, b) => a - b);
}
