/** The date, time and digits in a recognised sentence, for measuring only: independent of the dialogue's own parser. */
const words = (text: string): string[] => text.split(' ');
const UNITS = words(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen',
);
const NUMBERS = new Map<string, number>([
  ...[...UNITS, ...words('sixteen seventeen eighteen nineteen')].map((word, i): [string, number] => [
    word,
    i,
  ]),
  ...words('twenty thirty forty fifty').map((word, i): [string, number] => [word, (i + 2) * 10]),
]);
const ORDINALS = new Map<string, number>([
  ...words(
    'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
      'sixteenth seventeenth eighteenth nineteenth twentieth',
  ).map((word, i): [string, number] => [word, i + 1]),
  ['thirtieth', 30],
]);
const MONTHS = words('january february march april may june july august september october november december');
const DAYS = words('monday tuesday wednesday thursday friday saturday sunday today tomorrow');

/** Sums neighbouring numbers where English does: "forty five" → 45, "twenty first" → 21. */
function numberAt(list: readonly string[], at: number): { value: number; next: number } | undefined {
  const first = NUMBERS.get(list[at] ?? '');
  if (first === undefined) return undefined;
  const second = NUMBERS.get(list[at + 1] ?? '');
  const joins = first >= 20 && second !== undefined && second > 0 && second < 10;
  return joins ? { value: first + second, next: at + 2 } : { value: first, next: at + 1 };
}

export interface Slots {
  readonly date?: string;
  readonly time?: string;
  readonly digits?: string;
}

/** `kind` says what the line is about; everything else in it is ignored. */
export function slotsOf(text: string, kind: 'digits' | 'when'): Slots {
  const list = words(text.trim());
  if (kind === 'digits') {
    const digits = list.map((word) =>
      word === 'oh' ? '0' : UNITS.indexOf(word) >= 0 ? String(UNITS.indexOf(word)) : '',
    );
    return { digits: digits.join('') };
  }
  const day = list.find((word) => DAYS.includes(word));
  const month = list.find((word) => MONTHS.includes(word));
  const ordinalAt = list.findIndex((word) => ORDINALS.has(word));
  const tens = ordinalAt > 0 ? (NUMBERS.get(list[ordinalAt - 1] as string) ?? 0) : 0;
  const ordinal =
    ordinalAt < 0
      ? ''
      : String((ORDINALS.get(list[ordinalAt] as string) as number) + (tens >= 20 ? tens : 0));
  const date = [day, month, ordinal].filter(Boolean).join(' ');
  const half = list.join(' ').match(/\b([ap]) m\b/)?.[1] ?? '';
  const from = ordinalAt + 1;
  const hourAt = list.findIndex((_, i) => i >= from && numberAt(list, i) !== undefined);
  const hour = hourAt < 0 ? undefined : numberAt(list, hourAt);
  const minute = hour && numberAt(list, hour.next);
  const time = hour ? `${hour.value}:${String(minute?.value ?? 0).padStart(2, '0')}${half}` : '';
  return { ...(date && { date }), ...(time && { time }) };
}

/** Words changed, added or missing between what was said and what was heard. */
export function wordErrors(said: string, heard: string): number {
  const reference = words(said);
  const hypothesis = heard === '' ? [] : words(heard);
  let row = Array.from({ length: hypothesis.length + 1 }, (_, i) => i);
  reference.forEach((word, i) => {
    const next = [i + 1];
    hypothesis.forEach((other, j) => {
      const changed = (row[j] as number) + (word === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    });
    row = next;
  });
  return row.at(-1) as number;
}
