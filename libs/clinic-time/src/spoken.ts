import type { Temporal } from 'temporal-polyfill';

/** English, by `dayOfWeek - 1`: Monday first, as ISO 8601 counts. */
export const weekdayNames = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;
/** English, by `month - 1`. */
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
  'thirteenth',
  'fourteenth',
  'fifteenth',
  'sixteenth',
  'seventeenth',
  'eighteenth',
  'nineteenth',
  'twentieth',
] as const;

const small = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
] as const;
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty'] as const;

/** 0–59 in words: "seven", "twenty five". */
function words(n: number): string {
  if (n < 20) return small[n]!;
  const ten = tens[Math.floor(n / 10)]!;
  return n % 10 === 0 ? ten : `${ten} ${small[n % 10]!}`;
}

/** 1–31 as an ordinal in words: "third", "twenty second". */
function ordinal(n: number): string {
  if (n <= 20) return ordinals[n - 1]!;
  if (n === 30) return 'thirtieth';
  return `${tens[Math.floor(n / 10)]!} ${ordinals[(n % 10) - 1]!}`;
}

/**
 * A date as a person says it, in words that no voice can read as digits: "Tuesday, March the third". The weekday lets
 * a caller notice a misunderstanding that the number alone would hide. The year is left out: what is booked by
 * telephone lies within months.
 */
export function spokenDate(d: Temporal.PlainDate): string {
  return `${weekdayNames[d.dayOfWeek - 1]!}, ${monthNames[d.month - 1]!} the ${ordinal(d.day)}`;
}

/**
 * A time of day in words on the twelve-hour clock: "ten thirty a m", "two p m", "nine oh five a m". Twelve o'clock sharp
 * is "twelve noon" or "twelve midnight", because "twelve a m" means either to too many people. Seconds are not spoken.
 */
export function spokenTime(t: Temporal.PlainTime): string {
  if (t.minute === 0 && t.hour === 12) return 'twelve noon';
  if (t.minute === 0 && t.hour === 0) return 'twelve midnight';
  const hour = words(t.hour % 12 === 0 ? 12 : t.hour % 12);
  const half = t.hour < 12 ? 'a m' : 'p m';
  if (t.minute === 0) return `${hour} ${half}`;
  const minute = t.minute < 10 ? `oh ${words(t.minute)}` : words(t.minute);
  return `${hour} ${minute} ${half}`;
}
