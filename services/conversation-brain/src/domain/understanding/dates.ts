import { Temporal } from '@wardline/clinic-time';
import { cardinalAt, ordinalAt, yearAt } from './numbers.ts';
import { fillers, findPhrase, type Span, type Tokens } from './words.ts';

/** Days the caller means, in the clinic's calendar; `first` and `last` are ISO dates, both included. */
export interface DayWish {
  readonly first: string;
  readonly last: string;
}

export type DateReading =
  | { readonly kind: 'days'; readonly days: DayWish; readonly span: Span; readonly bareOrdinal?: true }
  /** What was said names no day that can be: asked again with the reason, never corrected by guess. */
  | {
      readonly kind: 'impossible';
      readonly why: 'other-weekday' | 'no-such-day' | 'past';
      readonly date?: string;
      readonly span: Span;
    };

const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const weekdayShort: Record<string, number> = { mon: 1, tue: 2, tues: 2, thur: 4, thurs: 4, fri: 5 };
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const monthShort: Record<string, number> = {
  jan: 1,
  feb: 2,
  apr: 4,
  aug: 8,
  sept: 9,
  sep: 9,
  oct: 10,
  nov: 11,
  dec: 12,
};

type PlainDate = Temporal.PlainDate;
interface Found {
  reading:
    | { kind: 'days'; days: DayWish; bareOrdinal?: true }
    | { kind: 'impossible'; why: 'other-weekday' | 'no-such-day' | 'past'; date?: string };
  length: number;
}

/** All dates in the utterance, in the order said. `today` is the clinic's, not the server's. */
export function findDates(tokens: Tokens, today: PlainDate): DateReading[] {
  const found: DateReading[] = [];
  for (let i = 0; i < tokens.length;) {
    const here = dateAt(tokens, i, today);
    if (here) found.push({ ...here.reading, span: { start: i, end: i + here.length } });
    i += here?.length ?? 1;
  }
  return found;
}

/** The one date meant: "monday or tuesday" is both days, "not tuesday, wednesday" is Wednesday, else the last said. */
export function chooseDate(tokens: Tokens, readings: readonly DateReading[]): DateReading | undefined {
  const wanted = readings.filter((reading) => !isRejected(tokens, reading.span.start));
  const last = wanted.at(-1);
  const before = wanted.at(-2);
  if (!last || !before || last.kind !== 'days' || before.kind !== 'days') return last;
  const between = tokens.slice(before.span.end, last.span.start);
  const joined =
    between.some((word) => word === 'or' || word === 'and' || word === 'through') ||
    between.join(' ') === 'to';
  if (!joined || before.days.first >= last.days.last) return last;
  return {
    kind: 'days',
    days: { first: before.days.first, last: last.days.last },
    span: { start: before.span.start, end: last.span.end },
  };
}

function isRejected(tokens: Tokens, start: number): boolean {
  const before = tokens
    .slice(Math.max(0, start - 3), start)
    .filter((word) => word !== 'on' && word !== 'the');
  const last = before.at(-1);
  if (last === 'not' || last === 'except' || last === "isn't") return true;
  return findPhrase(before, 'instead of') !== undefined || findPhrase(before, 'rather than') !== undefined;
}

function dateAt(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  return (
    relativeDay(tokens, i, today) ??
    inSomeTime(tokens, i, today) ??
    weekOrMonth(tokens, i, today) ??
    weekdayAt(tokens, i, today) ??
    calendarDay(tokens, i, today) ??
    wholeMonth(tokens, i, today) ??
    bareOrdinal(tokens, i, today)
  );
}

function relativeDay(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  const article = tokens[i] === 'the' ? 1 : 0;
  if (startsWith(tokens, i + article, 'day after tomorrow')) return day(today.add({ days: 2 }), article + 3);
  if (tokens[i] === 'tomorrow') return day(today.add({ days: 1 }), 1);
  if (tokens[i] === 'today' || tokens[i] === 'tonight') return day(today, 1);
  if (tokens[i] === 'yesterday') return { reading: { kind: 'impossible', why: 'past' }, length: 1 };
  if (tokens[i] === 'last' && weekdayNumber(tokens[i + 1]))
    return { reading: { kind: 'impossible', why: 'past' }, length: 2 };
  return undefined;
}

/** "in two weeks", "three days from now", "a week from tuesday", "in two weeks on monday". */
function inSomeTime(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  const lead = tokens[i] === 'in' ? 1 : 0;
  const amount = amountAt(tokens, i + lead);
  if (!amount) return undefined;
  let at = i + lead + amount.length;
  const unit = /^(day|week|month|fortnight)s?$/.exec(tokens[at] ?? '')?.[1];
  if (!unit) return undefined;
  at++;
  const weeks = unit === 'week' ? amount.value : unit === 'fortnight' ? 2 * amount.value : 0;
  const later = (from: PlainDate): PlainDate =>
    unit === 'day'
      ? from.add({ days: amount.value })
      : unit === 'month'
        ? from.add({ months: amount.value })
        : from.add({ weeks });
  const joint = tokens[at];
  if (lead === 0) {
    // Without "in" it is a date only when it says from when: "two weeks" alone is a length of time.
    if (joint !== 'from' && joint !== 'on' && joint !== 'after') return undefined;
    if (tokens[at + 1] === 'now' || tokens[at + 1] === 'today') return day(later(today), at + 2 - i);
    const anchor = dateAt(tokens, at + 1, today);
    if (anchor?.reading.kind !== 'days') return undefined;
    return day(later(Temporal.PlainDate.from(anchor.reading.days.first)), at + 1 + anchor.length - i);
  }
  if (tokens[at] === 'time' || tokens[at] === "'s") at++;
  const weekday = weekdayNumber(tokens[joint === 'on' ? at + 1 : at]);
  if (weeks > 0 && weekday) return day(inWeek(later(today), weekday), at + (joint === 'on' ? 2 : 1) - i);
  return day(later(today), at - i);
}

function weekOrMonth(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  if (startsWith(tokens, i, 'week after next')) return weekFrom(monday(today).add({ weeks: 2 }), today, 3);
  const which = tokens[i];
  const unit = tokens[i + 1];
  const following = which === 'next' || which === 'following' || which === 'coming';
  if (!following && which !== 'this') return undefined;
  if (unit === 'week') {
    const weekday = weekdayNumber(tokens[i + 2] === 'on' ? tokens[i + 3] : tokens[i + 2]);
    const start = following ? monday(today).add({ weeks: 1 }) : monday(today);
    if (weekday) return notPast(inWeek(start, weekday), today, tokens[i + 2] === 'on' ? 4 : 3);
    return weekFrom(start, today, 2);
  }
  if (unit === 'weekend') {
    const saturday = monday(today).add({ days: 5 + (which === 'next' ? 7 : 0) });
    return days(later(saturday, today), saturday.add({ days: 1 }), 2);
  }
  if (unit === 'month') {
    const first = following ? today.with({ day: 1 }).add({ months: 1 }) : today;
    return days(first, first.with({ day: first.daysInMonth }), 2);
  }
  return undefined;
}

/**
 * "tuesday" is the next one after today (who means today says "today"); "this tuesday" may be today; "next tuesday" is
 * that of the following week (Monday to Sunday). People differ on the last, so the date is always spoken back.
 */
function weekdayAt(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  const which = ['this', 'next', 'coming', 'following'].includes(tokens[i] ?? '') ? tokens[i] : undefined;
  let at = i + (which ? 1 : 0);
  const weekday = weekdayNumber(tokens[at]);
  if (!weekday) return undefined;
  at++;
  const named = numberedDay(tokens, at, today);
  if (named) return agree(named, weekday, today, at - i);
  if (tokens[at] === 'week') return day(upcoming(today, weekday).add({ weeks: 1 }), at + 1 - i);
  if (startsWith(tokens, at, 'next week') || startsWith(tokens, at, 'of next week')) {
    const words = tokens[at] === 'of' ? 3 : 2;
    return day(inWeek(monday(today).add({ weeks: 1 }), weekday), at + words - i);
  }
  if (startsWith(tokens, at, 'this week')) return notPast(inWeek(today, weekday), today, at + 2 - i);
  const inWeeks = tokens[at] === 'in' ? amountAt(tokens, at + 1) : undefined;
  if (inWeeks && /^weeks?$/.test(tokens[at + 1 + inWeeks.length] ?? '')) {
    return day(inWeek(today.add({ weeks: inWeeks.value }), weekday), at + 2 + inWeeks.length - i);
  }
  if (which === 'this' && today.dayOfWeek === weekday) return day(today, at - i);
  if (which === 'next' || which === 'following')
    return day(inWeek(monday(today).add({ weeks: 1 }), weekday), at - i);
  return day(upcoming(today, weekday), at - i);
}

function calendarDay(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  const named = numberedDay(tokens, i, today);
  // "the fifth" alone is looked at last: it may be the fifth of something that was offered.
  if (!named || named.month === undefined) return undefined;
  let length = named.length;
  let at = i + length;
  // "the fifth of january, a tuesday": the weekday after the date is a check of it.
  const weekday = weekdayNumber(tokens[at]);
  if (weekday) {
    at++;
    length++;
    return agree(named, weekday, today, 0, length);
  }
  const date = resolve(named, today);
  if (!date) return { reading: { kind: 'impossible', why: 'no-such-day' }, length };
  return notPast(date, today, length);
}

function wholeMonth(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  const lead = tokens[i] === 'in' || tokens[i] === 'sometime' ? 1 : 0;
  const month = monthNumber(tokens[i + lead]);
  // "may" and "march" are verbs as well: alone they are a month only after "in".
  if (!month || (lead === 0 && (month === 5 || month === 3))) return undefined;
  const thisYear = today.with({ month, day: 1 });
  const first = month < today.month ? thisYear.add({ years: 1 }) : thisYear;
  return days(later(first, today), first.with({ day: first.daysInMonth }), lead + 1);
}

const notDays = new Set([
  'one',
  'option',
  'slot',
  'available',
  'time',
  'appointment',
  'choice',
  'please',
  'doctor',
]);
function bareOrdinal(tokens: Tokens, i: number, today: PlainDate): Found | undefined {
  const article = tokens[i] === 'the' ? 1 : 0;
  const ordinal = ordinalAt(tokens, i + article);
  if (!ordinal) return undefined;
  const length = article + ordinal.length;
  // "just a second" and "the first available" are no dates.
  if (article === 0 && tokens.some((word, k) => (k < i || k >= i + length) && !fillers.has(word)))
    return undefined;
  if (article === 0 && tokens[i - 1] === 'a') return undefined;
  if (notDays.has(tokens[i + length] ?? '')) return undefined;
  const date = resolve({ day: ordinal.value, length }, today);
  return date
    ? {
        reading: { kind: 'days', days: { first: date.toString(), last: date.toString() }, bareOrdinal: true },
        length,
      }
    : undefined;
}

interface NumberedDay {
  day: number;
  month?: number;
  year?: number;
  length: number;
}

/** "march third", "march the 3rd", "third of march", "the third", "3 march"; a year may follow a month. */
function numberedDay(tokens: Tokens, i: number, _today: PlainDate): NumberedDay | undefined {
  const month = monthNumber(tokens[i]);
  if (month) {
    const article = tokens[i + 1] === 'the' ? 1 : 0;
    const number = ordinalAt(tokens, i + 1 + article) ?? dayCardinal(tokens, i + 1 + article);
    return number
      ? withYear(tokens, i, { day: number.value, month, length: 1 + article + number.length })
      : undefined;
  }
  const article = tokens[i] === 'the' ? 1 : 0;
  const ordinal = ordinalAt(tokens, i + article);
  const number = ordinal ?? cardinalAt(tokens, i + article);
  if (!number || number.value < 1 || number.value > 31) return undefined;
  let length = article + number.length;
  const of = tokens[i + length] === 'of' ? 1 : 0;
  const after = monthNumber(tokens[i + length + of]);
  if (after) {
    length += of + 1;
    return withYear(tokens, i, { day: number.value, month: after, length });
  }
  return ordinal ? { day: ordinal.value, length } : undefined;
}

/** "march three": a number after a month is its day unless it goes on like a time ("march ten thirty", "may two p m"). */
function dayCardinal(tokens: Tokens, at: number): { value: number; length: number } | undefined {
  const number = cardinalAt(tokens, at);
  if (!number || number.value < 1 || number.value > 31) return undefined;
  const next = tokens[at + number.length] ?? '';
  return ['AM', 'PM', "o'clock"].includes(next) ? undefined : number;
}

function withYear(tokens: Tokens, i: number, named: NumberedDay): NumberedDay {
  const year = yearAt(tokens, i + named.length);
  return year ? { ...named, year: year.value, length: named.length + year.length } : named;
}

/** The next day from today on that fits what was said; undefined when no calendar has it. */
function resolve(named: NumberedDay, today: PlainDate): PlainDate | undefined {
  if (named.month !== undefined) {
    const years = named.year === undefined ? [0, 1, 2, 3, 4].map((n) => today.year + n) : [named.year];
    // Only the leap day may look further than a year ahead; "february thirtieth" never fits.
    for (const year of years) {
      const date = valid(year, named.month, named.day);
      if (date && (named.year !== undefined || Temporal.PlainDate.compare(date, today) >= 0)) return date;
    }
    return undefined;
  }
  for (let ahead = 0; ahead < 3; ahead++) {
    const month = today.with({ day: 1 }).add({ months: ahead });
    const date = valid(month.year, month.month, named.day);
    if (date && Temporal.PlainDate.compare(date, today) >= 0) return date;
  }
  return undefined;
}

/** Weekday and number must agree, now or a month later; otherwise one of them was misheard. */
function agree(named: NumberedDay, weekday: number, today: PlainDate, before: number, whole?: number): Found {
  const length = whole ?? before + named.length;
  const date = resolve(named, today);
  if (!date) return { reading: { kind: 'impossible', why: 'no-such-day' }, length };
  if (date.dayOfWeek === weekday) return notPast(date, today, length);
  if (named.month === undefined) {
    const next = resolve(named, date.add({ days: 1 }));
    if (next?.dayOfWeek === weekday) return day(next, length);
  }
  return { reading: { kind: 'impossible', why: 'other-weekday', date: date.toString() }, length };
}

function valid(year: number, month: number, dayOfMonth: number): PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day: dayOfMonth }, { overflow: 'reject' });
  } catch {
    // Temporal says "no such day" by throwing; that is an expected answer here.
    return undefined;
  }
}

function amountAt(tokens: Tokens, at: number): { value: number; length: number } | undefined {
  const word = tokens[at];
  if (word === 'a' || word === 'an') {
    return tokens[at + 1] === 'couple'
      ? { value: 2, length: tokens[at + 2] === 'of' ? 3 : 2 }
      : { value: 1, length: 1 };
  }
  const number = cardinalAt(tokens, at);
  return number && number.value > 0 ? number : undefined;
}

const startsWith = (tokens: Tokens, at: number, phrase: string): boolean =>
  findPhrase(tokens, phrase, at)?.start === at;
const monday = (date: PlainDate): PlainDate => date.subtract({ days: date.dayOfWeek - 1 });
const inWeek = (week: PlainDate, weekday: number): PlainDate => monday(week).add({ days: weekday - 1 });
const upcoming = (today: PlainDate, weekday: number): PlainDate =>
  today.add({ days: ((weekday - today.dayOfWeek + 6) % 7) + 1 });
const later = (a: PlainDate, b: PlainDate): PlainDate => (Temporal.PlainDate.compare(a, b) > 0 ? a : b);
const day = (date: PlainDate, length: number): Found => days(date, date, length);
const days = (first: PlainDate, last: PlainDate, length: number): Found => ({
  reading: { kind: 'days', days: { first: first.toString(), last: last.toString() } },
  length,
});
const weekFrom = (start: PlainDate, today: PlainDate, length: number): Found =>
  days(later(start, today), start.add({ days: 6 }), length);
const notPast = (date: PlainDate, today: PlainDate, length: number): Found =>
  Temporal.PlainDate.compare(date, today) < 0
    ? { reading: { kind: 'impossible', why: 'past', date: date.toString() }, length }
    : day(date, length);

function weekdayNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const index = weekdayNames.indexOf(word.replace(/('s|s)$/, ''));
  return index >= 0 ? index + 1 : Object.hasOwn(weekdayShort, word) ? weekdayShort[word] : undefined;
}

function monthNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const index = monthNames.indexOf(word);
  return index >= 0 ? index + 1 : Object.hasOwn(monthShort, word) ? monthShort[word] : undefined;
}
