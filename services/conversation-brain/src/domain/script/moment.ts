import { spokenDate, spokenTime, type TimeZoneId, toClinic } from '@wardline/clinic-time';

export interface Moment {
  /** ISO date on the clinic's calendar. */
  readonly iso: string;
  readonly date: string;
  readonly time: string;
  /** "Tuesday, November the third, at nine a m" */
  readonly spoken: string;
}

export function momentOf(epochMs: number, zone: TimeZoneId): Moment {
  const local = toClinic(epochMs, zone);
  const date = spokenDate(local.toPlainDate());
  const time = spokenTime(local.toPlainTime());
  return { iso: local.toPlainDate().toString(), date, time, spoken: `${date}, at ${time}` };
}
