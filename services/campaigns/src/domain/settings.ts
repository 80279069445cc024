import { Temporal } from '@wardline/clinic-time';
import type { CampaignSettings } from './campaign.ts';
import { minuteOf } from './window.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Every problem of the settings, each naming its field and what to do. Empty: they are good. */
export function problemsOfSettings(s: CampaignSettings, isRegion: (region: string) => boolean): string[] {
  const problems: string[] = [];
  const check = (good: boolean, problem: string): void => void (good || problems.push(problem));
  const within = (field: string, value: number, min: number, max: number): void =>
    check(
      Number.isInteger(value) && value >= min && value <= max,
      `${field} must be between ${min} and ${max}`,
    );
  check(UUID.test(s.clinicId), 'clinic_id must be a UUID');
  check(s.name.trim().length >= 1 && s.name.length <= 200, 'name must have 1 to 200 characters');
  check(
    /^[a-z0-9][a-z0-9-]{0,63}$/.test(s.flowId),
    'flow_id must be a script, such as "appointment-reminder"',
  );
  check(
    s.isoWeekdays.length > 0 && s.isoWeekdays.every((day) => Number.isInteger(day) && day >= 1 && day <= 7),
    'iso_weekdays must name at least one day, 1 (Monday) to 7 (Sunday)',
  );
  check(new Set(s.isoWeekdays).size === s.isoWeekdays.length, 'iso_weekdays must name each day once');
  const fromGood = TIME.test(s.fromLocalTime);
  const toGood = TIME.test(s.toLocalTime) || s.toLocalTime === '24:00';
  check(fromGood, 'from_local_time must be a time such as "09:00"');
  check(toGood, 'to_local_time must be a time such as "17:00", at most "24:00"');
  if (fromGood && toGood)
    check(
      minuteOf(s.fromLocalTime) < minuteOf(s.toLocalTime),
      'to_local_time must be later than from_local_time',
    );
  const first = dayOf('first_day', s.firstDay, problems);
  const last = dayOf('last_day', s.lastDay, problems);
  if (first && last)
    check(Temporal.PlainDate.compare(first, last) <= 0, 'last_day must not be before first_day');
  within('calls_at_once_max', s.callsAtOnceMax, 1, 100);
  within('attempts_max', s.attemptsMax, 1, 5);
  within('attempts_per_day_max', s.attemptsPerDayMax, 1, 5);
  check(isRegion(s.defaultRegion), 'default_region must be a country, such as "US"');
  within('ring_seconds', s.ringSeconds, 10, 60);
  return problems;
}

function dayOf(field: string, text: string, problems: string[]): Temporal.PlainDate | undefined {
  if (text === '') return undefined;
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text);
  } catch {
    // Said below, like a text that has not even the shape of a date.
  }
  problems.push(`${field} must be a day such as "2026-12-01", or empty`);
  return undefined;
}
