import { Temporal } from 'temporal-polyfill';

/** An IANA time zone name such as `America/New_York`, checked by `parseTimeZone`. */
export type TimeZoneId = string;

/**
 * Accepts a named IANA zone and returns it as given.
 *
 * Fixed offsets such as `+05:00` are refused although Temporal knows them: a clinic's offset changes with the season
 * and with the law, and a stored offset silently stops being right.
 *
 * @throws RangeError saying what a zone looks like.
 */
export function parseTimeZone(id: string): TimeZoneId {
  const advice = 'use an IANA name such as "America/New_York" or "Europe/London"';
  if (!/^[A-Za-z]/.test(id)) throw new RangeError(`"${id}" is not a time zone name; ${advice}`);
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
  } catch (cause) {
    throw new RangeError(`"${id}" is not a known time zone; ${advice}`, { cause });
  }
  return id;
}

/** The clinic's wall clock at an instant (`Date`, or milliseconds since 1970 UTC). */
export function toClinic(instant: Date | number, zone: TimeZoneId): Temporal.ZonedDateTime {
  const epochMs = typeof instant === 'number' ? instant : instant.getTime();
  if (!Number.isFinite(epochMs)) throw new RangeError('not a valid instant');
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(epochMs)).toZonedDateTimeISO(zone);
}

/**
 * The instant at which the clinic's clock shows this date and time.
 *
 * Two days a year a clock reading is not exactly one instant, and this uses the rule people expect of calendars
 * (`disambiguation: 'compatible'`, RFC 5545 §3.3.5):
 * - in the *gap* of spring the reading does not exist; it moves later by the length of the gap (02:30 → 03:30);
 * - in the *overlap* of autumn it exists twice; the earlier one, still in summer time, is taken.
 *
 * Use `isOnClock` where a reading inside the gap must be refused rather than moved.
 */
export function fromLocal(date: Temporal.PlainDate, time: Temporal.PlainTime, zone: TimeZoneId): Date {
  const zoned = date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: 'compatible' });
  return new Date(zoned.epochMilliseconds);
}

/** Whether the clinic's clock ever shows this reading; false only inside a daylight-saving gap. */
export function isOnClock(date: Temporal.PlainDate, time: Temporal.PlainTime, zone: TimeZoneId): boolean {
  const local = date.toPlainDateTime(time);
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).toPlainDateTime().equals(local);
}

/**
 * The half-open range of instants `[start, end)` that a clinic's calendar day covers: 23, 24 or 25 hours. A day may
 * begin after midnight where the clocks change at midnight.
 */
export function clinicDay(date: Temporal.PlainDate, zone: TimeZoneId): { start: Date; end: Date } {
  const startOf = (day: Temporal.PlainDate): Date =>
    new Date(day.toZonedDateTime({ timeZone: zone }).startOfDay().epochMilliseconds);
  return { start: startOf(date), end: startOf(date.add({ days: 1 })) };
}
