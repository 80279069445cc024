import type { Tokens } from './words.ts';

export interface NumberAt {
  readonly value: number;
  /** Tokens it takes. */
  readonly length: number;
}

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens: Record<string, number> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const ordinals: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  forth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
  thirteenth: 13,
  fourteenth: 14,
  fifteenth: 15,
  sixteenth: 16,
  seventeenth: 17,
  eighteenth: 18,
  nineteenth: 19,
  twentieth: 20,
  thirtieth: 30,
};

/** A number from 0 to 99, in words or digits, at this position. */
export function cardinalAt(tokens: Tokens, at: number): NumberAt | undefined {
  const word = tokens[at];
  if (word === undefined) return undefined;
  if (/^\d{1,2}$/.test(word)) return { value: Number(word), length: 1 };
  const unit = units.indexOf(word);
  if (unit >= 0) return { value: unit, length: 1 };
  const ten = tens[word];
  if (ten === undefined) return undefined;
  const ones = units.indexOf(tokens[at + 1] ?? '');
  return ones >= 1 && ones <= 9 ? { value: ten + ones, length: 2 } : { value: ten, length: 1 };
}

/** "third", "twenty first", "3rd" at this position; 1 to 31. */
export function ordinalAt(tokens: Tokens, at: number): NumberAt | undefined {
  const word = tokens[at];
  if (word === undefined) return undefined;
  const digits = /^(\d{1,2})(st|nd|rd|th)$/.exec(word);
  if (digits) return inMonth({ value: Number(digits[1]), length: 1 });
  if (word === 'twenty' || word === 'thirty') {
    const ones = ordinals[tokens[at + 1] ?? ''];
    return ones !== undefined && ones <= 9 ? inMonth({ value: tens[word]! + ones, length: 2 }) : undefined;
  }
  const value = Object.hasOwn(ordinals, word) ? ordinals[word] : undefined;
  return value === undefined ? undefined : { value, length: 1 };
}

/** A year said as "twenty twenty seven", "two thousand twenty seven" or "2027"; 2000 to 2099. */
export function yearAt(tokens: Tokens, at: number): NumberAt | undefined {
  const word = tokens[at];
  if (word !== undefined && /^20\d\d$/.test(word)) return { value: Number(word), length: 1 };
  if (word === 'twenty') {
    const rest = cardinalAt(tokens, at + 1);
    return rest && rest.value >= 20 ? { value: 2000 + rest.value, length: 1 + rest.length } : undefined;
  }
  if (word === 'two' && tokens[at + 1] === 'thousand') {
    const and = tokens[at + 2] === 'and' ? 1 : 0;
    const rest = cardinalAt(tokens, at + 2 + and);
    return rest ? { value: 2000 + rest.value, length: 2 + and + rest.length } : undefined;
  }
  return undefined;
}

function inMonth(read: NumberAt): NumberAt | undefined {
  return read.value >= 1 && read.value <= 31 ? read : undefined;
}
