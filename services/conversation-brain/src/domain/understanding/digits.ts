import { cardinalAt } from './numbers.ts';
import type { Tokens } from './words.ts';

const single: Record<string, string> = {
  zero: '0',
  oh: '0',
  o: '0',
  nought: '0',
  naught: '0',
  one: '1',
  two: '2',
  to: '2',
  too: '2',
  three: '3',
  four: '4',
  for: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  ate: '8',
  nine: '9',
};
const homophones = new Set(['to', 'too', 'for', 'ate', 'o']);

/**
 * The longest run of digits in the utterance, such as a phone number: "two oh two, double five five, oh one four three".
 * Homophones ("for", "to") count only between digits.
 */
export function readDigits(tokens: Tokens): string {
  let best = '';
  let run = '';
  for (let i = 0; i < tokens.length; i++) {
    const read = digitsAt(tokens, i, run !== '');
    if (!read) {
      run = '';
      continue;
    }
    run += read.digits;
    i += read.length - 1;
    if (run.length > best.length) best = run;
  }
  return best;
}

function digitsAt(
  tokens: Tokens,
  i: number,
  inside: boolean,
): { digits: string; length: number } | undefined {
  const word = tokens[i]!;
  const plain = /^\+?\d+$/.test(word) ? word.replace('+', '') : undefined;
  if (plain !== undefined) return { digits: plain, length: 1 };
  const times = { double: 2, triple: 3 }[word];
  if (times !== undefined) {
    const digit = single[tokens[i + 1] ?? ''];
    return digit === undefined ? undefined : { digits: digit.repeat(times), length: 2 };
  }
  if (homophones.has(word)) {
    const next = tokens[i + 1];
    const goesOn = next !== undefined && Object.hasOwn(single, next);
    return inside && goesOn ? { digits: single[word]!, length: 1 } : undefined;
  }
  if (Object.hasOwn(single, word)) return { digits: single[word]!, length: 1 };
  const number = cardinalAt(tokens, i);
  return number ? { digits: String(number.value), length: number.length } : undefined;
}
