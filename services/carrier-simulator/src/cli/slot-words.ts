import { toClinic, type Temporal } from '@wardline/clinic-time';

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty'];
const ordinals =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
    ' ',
  );

const number = (n: number): string =>
  n <= 20 ? small[n]! : n % 10 === 0 ? tens[n / 10]! : `${tens[Math.floor(n / 10)]} ${small[n % 10]}`;
const ordinal = (n: number): string =>
  n <= 20 ? ordinals[n]! : n === 30 ? 'thirtieth' : `${tens[Math.floor(n / 10)]} ${ordinals[n % 10]}`;

/**
 * How a caller says a slot. Deliberately our own and not the platform's `spokenDate`: a caller does not speak as the
 * agent does, and a mistake in one must not hide the same mistake in the other.
 */
export function slotWords(
  start: Date,
  zone: string,
): Record<'weekday' | 'date' | 'monthDay' | 'time' | 'timeShort' | 'daypart' | 'local', string> {
  const at: Temporal.ZonedDateTime = toClinic(start, zone);
  const weekday = weekdays[at.dayOfWeek - 1]!;
  const hour = number(at.hour % 12 === 0 ? 12 : at.hour % 12);
  const minutes =
    at.minute === 0 ? '' : at.minute < 10 ? ` oh ${number(at.minute)}` : ` ${number(at.minute)}`;
  const half = at.hour < 12 ? 'AM' : 'PM';
  return {
    weekday,
    date: `${weekday} ${months[at.month - 1]} ${ordinal(at.day)}`,
    monthDay: `${months[at.month - 1]} ${ordinal(at.day)}`,
    time: `${hour}${minutes} ${half}`,
    timeShort: `${hour}${minutes}`,
    daypart: at.hour < 12 ? 'morning' : 'afternoon',
    local: `${at.toPlainDate().toString()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`,
  };
}
