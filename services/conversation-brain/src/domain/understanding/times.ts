import { cardinalAt } from './numbers.ts';
import { fillers, findPhrase, overlaps, type Span, type Tokens } from './words.ts';

/**
 * A time of day that the caller means, in minutes after midnight of the clinic's clock.
 * `at`: one time; without "a m"/"p m" both halves of the day are candidates, the likelier one first.
 * `window`: half-open, such as "morning" or "after three".
 */
export type TimeWish =
  | { readonly kind: 'at'; readonly candidates: readonly number[] }
  | { readonly kind: 'window'; readonly from: number; readonly to: number };

export interface TimeReading {
  readonly wish: TimeWish;
  readonly span: Span;
}

interface Clock {
  readonly minutes: number;
  readonly half: 'am' | 'pm' | undefined;
  readonly end: number;
  /** A lone number: a time only where the words around it say so. */
  readonly bare: boolean;
}

const dayEnd = 24 * 60;
const parts: readonly (readonly [string, number, number])[] = [
  ['early in the morning', 0, 600],
  ['early morning', 0, 600],
  ['late morning', 600, 720],
  ['first thing in the morning', 0, 600],
  ['first thing', 0, 600],
  ['early afternoon', 720, 840],
  ['late afternoon', 900, 1080],
  ['late in the afternoon', 900, 1080],
  ['end of the day', 900, 1080],
  ['lunch time', 720, 840],
  ['lunchtime', 720, 840],
  ['before lunch', 0, 720],
  ['after lunch', 780, dayEnd],
  ['after work', 1020, dayEnd],
  ['before work', 0, 540],
  ['after school', 900, dayEnd],
  ['morning', 0, 720],
  ['mornings', 0, 720],
  ['after noon', 720, 1080],
  ['afternoon', 720, 1080],
  ['afternoons', 720, 1080],
  ['evening', 1020, dayEnd],
  ['tonight', 1020, dayEnd],
  ['at night', 1020, dayEnd],
];

export interface TimeContext {
  /** Where dates stand: their numbers are not times, and a number right beside one probably is. */
  readonly dates: readonly Span[];
  /** The question was about a time, so a lone number is one. */
  readonly expectsTime: boolean;
}

/** All times in the utterance, in the order said. */
export function findTimes(tokens: Tokens, context: TimeContext): TimeReading[] {
  const readings: TimeReading[] = [];
  for (let i = 0; i < tokens.length;) {
    const span = { start: i, end: i + 1 };
    const reading =
      context.dates.some((date) => overlaps(date, span)) && tokens[i] !== 'tonight'
        ? undefined
        : timeAt(tokens, i, context);
    if (reading) readings.push(reading);
    i = reading?.span.end ?? i + 1;
  }
  return readings;
}

/** The one time meant: a part of the day settles the half of a time beside it, else the last one said counts. */
export function chooseTime(tokens: Tokens, readings: readonly TimeReading[]): TimeReading | undefined {
  const wanted = readings.filter(({ span }) => {
    const before = tokens.slice(Math.max(0, span.start - 2), span.start);
    return (
      !before.includes('not') &&
      findPhrase(tokens.slice(Math.max(0, span.start - 4), span.start), 'instead of') === undefined
    );
  });
  const at = wanted.findLast((reading) => reading.wish.kind === 'at');
  const part = wanted.findLast((reading) => reading.wish.kind === 'window');
  if (!at || !part || at.wish.kind !== 'at' || part.wish.kind !== 'window') return wanted.at(-1);
  const { from, to } = part.wish;
  const inside = at.wish.candidates.filter((minutes) => minutes >= from && minutes < to);
  return inside.length > 0 ? { wish: { kind: 'at', candidates: inside }, span: at.span } : at;
}

function timeAt(tokens: Tokens, i: number, context: TimeContext): TimeReading | undefined {
  return (
    between(tokens, i) ?? partOfDay(tokens, i) ?? bounded(tokens, i, context) ?? exact(tokens, i, context)
  );
}

function between(tokens: Tokens, i: number): TimeReading | undefined {
  if (tokens[i] !== 'between' && tokens[i] !== 'from') return undefined;
  const first = clockAt(tokens, i + 1);
  const joint = first ? tokens[first.end] : undefined;
  if (!first || !(joint === 'and' || joint === 'to' || joint === 'till' || joint === 'until'))
    return undefined;
  const second = clockAt(tokens, first.end + 1);
  if (!second) return undefined;
  const to = likely(second);
  const from = likely({ ...first, half: first.half ?? (second.half === 'am' ? 'am' : undefined) });
  return from < to
    ? { wish: { kind: 'window', from, to: to + 1 }, span: { start: i, end: second.end } }
    : undefined;
}

const after = ['any time after', 'no earlier than', 'not before', 'later than', 'after', 'past'];
const before = ['any time before', 'no later than', 'not after', 'earlier than', 'before', 'until', 'by'];
function bounded(tokens: Tokens, i: number, context: TimeContext): TimeReading | undefined {
  const lead = [...after, ...before].find((phrase) => findPhrase(tokens, phrase, i)?.start === i);
  if (lead === undefined) return undefined;
  const clock = clockAt(tokens, i + lead.split(' ').length);
  if (!clock || context.dates.some((date) => overlaps(date, { start: i, end: clock.end }))) return undefined;
  const minutes = likely(clock);
  const wish: TimeWish = after.includes(lead)
    ? { kind: 'window', from: minutes, to: dayEnd }
    : {
        kind: 'window',
        from: 0,
        to: lead === 'before' || lead.endsWith('before') || lead === 'earlier than' ? minutes : minutes + 1,
      };
  return { wish, span: { start: i, end: clock.end } };
}

function partOfDay(tokens: Tokens, i: number): TimeReading | undefined {
  // "good morning" greets.
  if (tokens[i - 1] === 'good') return undefined;
  const part = parts.find(([phrase]) => findPhrase(tokens, phrase, i)?.start === i);
  if (!part) return undefined;
  const [phrase, from, to] = part;
  return { wish: { kind: 'window', from, to }, span: { start: i, end: i + phrase.split(' ').length } };
}

const timeLeads = new Set(['at', 'around', 'about', 'near', 'roughly', "let's", 'is', "it's", 'make', 'say']);
function exact(tokens: Tokens, i: number, context: TimeContext): TimeReading | undefined {
  const clock = clockAt(tokens, i);
  if (!clock) return undefined;
  const span = { start: i, end: clock.end };
  if (context.dates.some((date) => overlaps(date, span))) return undefined;
  if (clock.bare) {
    const beside =
      context.dates.some((date) => date.end === i || date.start === clock.end) ||
      tokens[i - 1] === 'morning' ||
      tokens[i - 1] === 'afternoon';
    const led = timeLeads.has(tokens[i - 1] ?? '') && tokens[i - 2] !== 'number';
    const alone =
      context.expectsTime && tokens.every((word, k) => (k >= i && k < clock.end) || fillers.has(word));
    if (
      !(led && (tokens[i - 1] === 'at' || tokens[i - 1] === 'around' || context.expectsTime)) &&
      !beside &&
      !alone
    )
      return undefined;
    if (clock.minutes > 12 * 60 + 59 && !alone && !led) return undefined;
  }
  return { wish: { kind: 'at', candidates: candidatesOf(clock) }, span };
}

/** A reading of the clock at this position: "ten thirty", "half past two", "quarter to four", "two p m", "14:30", "noon". */
function clockAt(tokens: Tokens, i: number): Clock | undefined {
  const word = tokens[i];
  if (word === 'noon' || word === 'midday') return { minutes: 720, half: 'pm', end: i + 1, bare: false };
  if (word === 'midnight') return { minutes: 0, half: 'am', end: i + 1, bare: false };
  if (word === 'twelve' && tokens[i + 1] === 'noon')
    return { minutes: 720, half: 'pm', end: i + 2, bare: false };
  const read = relativeToHour(tokens, i) ?? plainClock(tokens, i);
  return read ? withHalf(tokens, read) : undefined;
}

function relativeToHour(tokens: Tokens, i: number): Clock | undefined {
  let at = i + (tokens[i] === 'a' ? 1 : 0);
  if (tokens[at] === 'half') {
    const past = tokens[at + 1] === 'past' || tokens[at + 1] === 'after' ? 1 : 0;
    const hour = hourAt(tokens, at + 1 + past);
    return hour ? clock(hour.value * 60 + 30, at + 1 + past + hour.length) : undefined;
  }
  const amount = tokens[at] === 'quarter' ? { value: 15, length: 1 } : cardinalAt(tokens, at);
  if (!amount || (tokens[at] !== 'quarter' && at !== i)) return undefined;
  at += amount.length;
  if (tokens[at] === 'minutes') at++;
  const joint = tokens[at] ?? '';
  const isPast = joint === 'past' || joint === 'after';
  const isTo = joint === 'to' || joint === 'of' || joint === 'before' || joint === 'till';
  // "ten to four" is a time, "two to four" is a window: minutes come in fives.
  if ((!isPast && !isTo) || amount.value % 5 !== 0 || amount.value === 0 || amount.value > 55)
    return undefined;
  const hour = hourAt(tokens, at + 1);
  if (!hour) return undefined;
  const minutes = hour.value * 60 + (isPast ? amount.value : -amount.value);
  return clock((minutes + dayEnd) % dayEnd, at + 1 + hour.length);
}

function plainClock(tokens: Tokens, i: number): Clock | undefined {
  const digital = /^(\d{1,2}):(\d{2})$/.exec(tokens[i] ?? '');
  if (digital) {
    const [hour, minute] = [Number(digital[1]), Number(digital[2])];
    return hour < 24 && minute < 60 ? clock(hour * 60 + minute, i + 1) : undefined;
  }
  const hour = hourAt(tokens, i) ?? misheardHour(tokens, i);
  if (!hour) return undefined;
  const at = i + hour.length;
  if (tokens[at] === "o'clock" || tokens[at] === 'hundred') return clock(hour.value * 60, at + 1);
  if (tokens[at] === 'oh' || tokens[at] === 'o') {
    const minute = cardinalAt(tokens, at + 1);
    // "two oh two five five five" is a telephone number.
    const goesOn = minute && cardinalAt(tokens, at + 1 + minute.length);
    return minute && !goesOn && minute.value < 10
      ? clock(hour.value * 60 + minute.value, at + 1 + minute.length)
      : undefined;
  }
  const minute = cardinalAt(tokens, at);
  if (minute && minute.value >= 10 && minute.value < 60 && !isToOrPast(tokens[at + minute.length])) {
    return clock(hour.value * 60 + minute.value, at + minute.length);
  }
  return { minutes: hour.value * 60, half: undefined, end: at, bare: true };
}

/** "to thirty" and "for fifteen" are what a recogniser makes of "two thirty" and "four fifteen". */
function misheardHour(tokens: Tokens, i: number): { value: number; length: number } | undefined {
  const value = { to: 2, too: 2, for: 4, ate: 8, won: 1 }[tokens[i] ?? ''];
  const next = tokens[i + 1] ?? '';
  const asClock =
    ['thirty', 'fifteen', "o'clock", 'PM', 'AM'].includes(next) ||
    (next === 'forty' && tokens[i + 2] === 'five');
  return value !== undefined && asClock && !/^minutes?$/.test(tokens[i + 2] ?? '')
    ? { value, length: 1 }
    : undefined;
}

function hourAt(tokens: Tokens, at: number): { value: number; length: number } | undefined {
  const number = cardinalAt(tokens, at);
  if (!number || number.value > 23 || (number.value === 0 && tokens[at] !== '0')) return undefined;
  // "twenty three" is an hour only in digits; in words it is "twenty" and something else.
  return number.length === 1 ? number : undefined;
}

/** Reads "a m", "in the afternoon" and the like behind a clock. */
function withHalf(tokens: Tokens, read: Clock): Clock {
  const next = tokens[read.end];
  if (next === 'AM' || next === 'PM') {
    return { ...read, half: next === 'AM' ? 'am' : 'pm', end: read.end + 1, bare: false };
  }
  if (next === 'sharp') return { ...read, end: read.end + 1, bare: false };
  const lead = ['in the', 'on the', 'this', 'tomorrow'].find(
    (phrase) => findPhrase(tokens, phrase, read.end)?.start === read.end,
  );
  const at = read.end + (lead && lead !== 'tomorrow' ? lead.split(' ').length : 0);
  const half = { morning: 'am', afternoon: 'pm', evening: 'pm' }[tokens[at] ?? ''] as 'am' | 'pm' | undefined;
  if (half) return { ...read, half, end: at + 1, bare: false };
  if (tokens[at] === 'at' && tokens[at + 1] === 'night')
    return { ...read, half: 'pm', end: at + 2, bare: false };
  return read;
}

/** Nobody books at four in the morning: without "a m" or "p m", seven to eleven is before noon, the rest after. */
function candidatesOf(read: Clock): number[] {
  const { minutes, half } = read;
  if (minutes >= 13 * 60) return [minutes];
  const base = minutes % 720;
  if (half === 'am') return [base];
  if (half === 'pm') return [base + 720];
  return base >= 7 * 60 ? [base, base + 720] : [base + 720, base];
}

const likely = (read: Clock): number => candidatesOf(read)[0]!;
const clock = (minutes: number, end: number): Clock => ({ minutes, half: undefined, end, bare: false });
const isToOrPast = (word: string | undefined): boolean => word === 'to' || word === 'past' || word === 'of';
