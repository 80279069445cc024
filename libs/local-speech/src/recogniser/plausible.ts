import { CLASSES } from './grammar/classes.ts';

/** A calendar day of the listener; what a caller names lies in the year that follows. */
export interface Day {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
}

const DAYS = CLASSES['DAY'] ?? [];
const MONTHS = CLASSES['MONTH'] ?? [];
const HOURS = CLASSES['HOUR'] ?? [];
const ORDINALS = (CLASSES['ORDINAL'] ?? []).map((words) => words.split(' '));
const UNITS = ORDINALS.filter((words) => words.length === 1).map(([word]) => word as string);
/** "first" → 1, "twenty first" → 21. */
const dayNumbers = new Map(
  ORDINALS.map((words): [string, number] => {
    const unit = UNITS.indexOf(words.at(-1) as string) + 1;
    const alone = unit === UNITS.length ? 30 : unit;
    return [words.join(' '), words.length === 1 ? alone : unit + (words[0] === 'thirty' ? 30 : 20)];
  }),
);
const any = (words: readonly string[]): string => `(${words.join('|')})`;
// Longer ordinals first: "twenty first" is not "first".
const ordinal = any([...dayNumbers.keys()].sort((a, b) => b.length - a.length));
const monthFirst = new RegExp(`\\b${any(DAYS)} ${any(MONTHS)} (?:the )?${ordinal}\\b`);
const dayFirst = new RegExp(`\\b${any(DAYS)} the ${ordinal} of ${any(MONTHS)}\\b`);
const clock = new RegExp(`\\b${any(HOURS)}(?: (?:oh )?(?!a |p )\\w+){0,2} (a|p) m\\b`, 'g');

function weekdayHolds(weekday: string, month: number, day: number, today: Day): boolean {
  const from = Date.UTC(today.year, today.month - 1, today.day);
  for (const year of [today.year, today.year + 1]) {
    const at = new Date(Date.UTC(year, month - 1, day));
    if (at.getUTCMonth() !== month - 1 || at.getTime() < from) continue;
    return DAYS[(at.getUTCDay() + 6) % 7] === weekday;
  }
  return false;
}

/**
 * Whether nobody would say that to a clinic: two in the night, or a weekday that the date does not have. Where two
 * readings sound alike ("fourth" and "fourteenth", "five" and "nine"), this tells them apart. Without `today` only clock
 * times are looked at.
 */
export function isImplausible(text: string, today: Day | undefined): boolean {
  for (const [, hour, half] of text.matchAll(clock)) {
    const value = HOURS.indexOf(hour as string) + 1;
    if (half === 'a' ? value < 6 || value === 12 : value > 8 && value !== 12) return true;
  }
  if (!today) return false;
  const forward = monthFirst.exec(text);
  const backward = dayFirst.exec(text);
  const [weekday, month, day] = forward
    ? [forward[1], forward[2], forward[3]]
    : [backward?.[1], backward?.[3], backward?.[2]];
  if (weekday === undefined || month === undefined || day === undefined) return false;
  return !weekdayHolds(weekday, MONTHS.indexOf(month) + 1, dayNumbers.get(day) ?? 0, today);
}
