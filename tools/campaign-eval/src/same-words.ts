/**
 * Whether what was heard names this date and time. It went over a telephone line and through a recogniser, so a word may be
 * missing; what is said against is a weekday, a day of the month or a time that is another one.
 */
export type Sameness = 'same' | 'different' | 'unclear';

const weekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const ordinals =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
    ' ',
  );
const units = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const minutes =
  'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty oh'.split(
    ' ',
  );

/** The parts of one moment, as words; what was not heard is undefined. */
interface Moment {
  readonly weekday: string | undefined;
  readonly month: string | undefined;
  readonly day: number | undefined;
  readonly time: string | undefined;
}

/** @param said such as "tuesday november twenty fourth" and "ten thirty a m" */
export function sameness(heard: string, said: { readonly date: string; readonly time: string }): Sameness {
  const wanted = momentIn(`${said.date} ${said.time}`);
  const found = momentIn(heard);
  const parts = ['weekday', 'month', 'day', 'time'] as const;
  if (parts.some((part) => found[part] !== undefined && found[part] !== wanted[part])) return 'different';
  // Within two weeks a weekday and its number say which day; the month alone may be swallowed.
  return (['weekday', 'day', 'time'] as const).every((part) => found[part] === wanted[part])
    ? 'same'
    : 'unclear';
}

/** The last moment that is named. */
function momentIn(text: string): Moment {
  const words = text
    .toLowerCase()
    .replace(/[^a-z ]+/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'the' && word !== 'at' && word !== 'on');
  return {
    weekday: words.findLast((word) => weekdays.includes(word)),
    month: words.findLast((word) => months.includes(word)),
    day: dayIn(words),
    time: timeIn(words),
  };
}

function dayIn(words: readonly string[]): number | undefined {
  let day: number | undefined;
  words.forEach((word, i) => {
    const before = words[i - 1];
    if (word === 'thirtieth') day = 30;
    const n = ordinals.indexOf(word) + 1;
    if (n === 0) return;
    day = n < 10 && before === 'twenty' ? 20 + n : n < 10 && before === 'thirty' ? 30 + n : n;
  });
  return day;
}

/** Ends in "a m" or "p m". */
function timeIn(words: readonly string[]): string | undefined {
  for (let i = words.length - 1; i > 0; i--) {
    if (words[i] !== 'm' || (words[i - 1] !== 'a' && words[i - 1] !== 'p')) continue;
    let from = i - 1;
    while (from > 0 && (units.includes(words[from - 1]!) || minutes.includes(words[from - 1]!))) from--;
    return from === i - 1 ? undefined : words.slice(from, i + 1).join(' ');
  }
  return undefined;
}
