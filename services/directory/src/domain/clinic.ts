import { parseTimeZone } from '@wardline/clinic-time';

/** Minutes of the local day, half-open; 1440 is the midnight that ends it. */
export interface OpeningHours {
  /** 1 Monday to 7 Sunday. */
  readonly isoWeekday: number;
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface Doctor {
  readonly doctorId: string;
  /** As spoken and shown, such as "Dr. Anita Sharma". */
  readonly name: string;
  readonly department: string;
  /** Words callers use for the department, such as "heart doctor". */
  readonly alsoCalled: readonly string[];
  readonly acceptsBookings: boolean;
}

export interface Clinic {
  readonly clinicId: string;
  readonly name: string;
  readonly timeZone: string;
  /** BCP 47. */
  readonly language: string;
  /** E.164, each unique in the whole installation. */
  readonly numbers: readonly string[];
  /** The reception; empty when there is none. */
  readonly transferNumber: string;
  readonly emergencyNumber: string;
  readonly emergencyText: string;
  readonly assistantName: string;
  readonly openingHours: readonly OpeningHours[];
  readonly doctors: readonly Doctor[];
}

/** As it is kept; a change is made to a revision. */
export interface StoredClinic extends Clinic {
  readonly revision: number;
}

const TEXT_LENGTH_MAX = 1_000;
const e164 = /^\+[1-9]\d{6,14}$/;

export const isE164 = (number: string): boolean => e164.test(number);

/** What is wrong with a clinic; empty when nothing is. */
export function problemsOf(clinic: Clinic): string[] {
  const problems: string[] = [];
  try {
    parseTimeZone(clinic.timeZone);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : 'time_zone is not known');
  }
  for (const [field, text] of [
    ['name', clinic.name],
    ['assistant_name', clinic.assistantName],
    ['emergency_text', clinic.emergencyText],
  ] as const) {
    if (text.trim() === '' || text.length > TEXT_LENGTH_MAX)
      problems.push(`${field} must have 1 to ${TEXT_LENGTH_MAX} characters`);
  }
  const reception = clinic.transferNumber === '' ? [] : [clinic.transferNumber];
  for (const number of [...clinic.numbers, ...reception, clinic.emergencyNumber]) {
    if (!isE164(number)) problems.push(`"${number}" is not an E.164 number such as +12025550143`);
  }
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(clinic.language))
    problems.push('language must be a BCP 47 tag such as en-US');
  for (const doctor of clinic.doctors) {
    if (doctor.name.trim() === '' || doctor.department.trim() === '')
      problems.push('every doctor needs a name and a department');
  }
  for (const h of clinic.openingHours) {
    const inWeek = h.isoWeekday >= 1 && h.isoWeekday <= 7;
    if (!inWeek || !(h.fromMinute >= 0 && h.fromMinute < h.toMinute && h.toMinute <= 1440)) {
      problems.push(`opening hours of weekday ${h.isoWeekday} are not within a day`);
    }
  }
  return problems;
}

/** "09:30" → 570; "24:00" is the end of the day. */
export function minuteOf(clock: string): number {
  const match = /^(\d{2}):(\d{2})$/.exec(clock);
  const minute = Number(match?.[1]) * 60 + Number(match?.[2]);
  if (!(minute <= 1440) || Number(match?.[2]) > 59)
    throw new RangeError(`"${clock}" is not a time such as "09:30"`);
  return minute;
}

/** As `minuteOf`, but NaN for what is no time. */
export function minuteOrNaN(clock: string): number {
  return /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(clock) ? minuteOf(clock) : Number.NaN;
}

/** 570 → "09:30". */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
