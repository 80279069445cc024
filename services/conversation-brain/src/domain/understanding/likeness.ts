import { doubleMetaphone } from 'double-metaphone';
import { distance } from 'fastest-levenshtein';

/** Words that sound alike are this close at least, however they are spelt: "shaarma" and "sharma", "meyer" and "maier". */
const soundsAlike = 0.86;

/**
 * How alike two words are, 0 to 1: by letters, and by sound (double metaphone). Words of up to three letters must be
 * equal, because almost any two of them are one or two letters apart.
 */
export function likeness(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length <= 3 || b.length <= 3) return 0;
  const byLetters = 1 - distance(a, b) / Math.max(a.length, b.length);
  // Equal sound with few letters in common is chance: double metaphone drops every vowel.
  if (byLetters < 0.5) return byLetters;
  const [a1, a2] = doubleMetaphone(a);
  const [b1, b2] = doubleMetaphone(b);
  const sounds = a1 === b1 || a1 === b2 || a2 === b1;
  return sounds ? Math.max(soundsAlike, byLetters) : byLetters;
}
