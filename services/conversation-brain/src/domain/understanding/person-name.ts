import { calendarWords, commonWords } from './common-words.ts';
import { findPhrase, type Span, type Tokens } from './words.ts';

export interface NameReading {
  /** As written in a list of patients: "Alex Morrison". */
  readonly name: string;
  readonly span: Span;
}

const certain = [
  "patient's name is",
  'patient name is',
  'my name is',
  "my name's",
  'the name is',
  "name's",
  'names',
  'name is',
  'under the name of',
  'under the name',
  'the patient is',
  'call me',
  'name to',
  'name should be',
  'name',
];
const likelyOnes = ['this is', "i'm", 'i am', "it's", 'it is', 'for'];

/**
 * A caller's name: after "my name is" anywhere, after "this is" when two unknown words follow, or bare when it was asked
 * for. Letters said one by one are joined ("m o r r i s o n").
 */
export function readName(said: Tokens, context: { readonly expectsName: boolean }): NameReading | undefined {
  for (const phrase of certain) {
    const lead = findPhrase(said, phrase);
    if (!lead) continue;
    const reading = nameFrom(said, lead.end, { calendar: true });
    if (reading && (phrase !== 'name' || context.expectsName)) return reading;
  }
  for (const phrase of likelyOnes) {
    const lead = findPhrase(said, phrase);
    const reading = lead && nameFrom(said, lead.end, { calendar: context.expectsName });
    if (!reading || (phrase === 'for' && !context.expectsName)) continue;
    if (context.expectsName || reading.name.includes(' ')) return reading;
  }
  if (!context.expectsName) return undefined;
  return bareName(said);
}

function bareName(said: Tokens): NameReading | undefined {
  let start = 0;
  while (start < said.length && leading.has(said[start]!)) start++;
  const reading = nameFrom(said, start, { calendar: true });
  if (!reading) return undefined;
  // Whatever follows must be polite noise: "alex morrison please", not a sentence with a strange word in it.
  const rest = said.slice(reading.span.end);
  return rest.every((word) => trailing.has(word)) ? reading : undefined;
}

const leading = new Set([
  'yes',
  'yeah',
  'sure',
  'okay',
  'um',
  'uh',
  'er',
  'well',
  'so',
  'the',
  'no',
  'of',
  'course',
  'oh',
  'please',
  "it's",
  'is',
  'sorry',
  'mister',
  'mrs',
  'miss',
  'ms',
  'just',
  'hi',
  'hello',
]);
const trailing = new Set([
  'please',
  'thanks',
  'thank',
  'you',
  'speaking',
  'here',
  'is',
  'my',
  'name',
  'that',
  'it',
  "that's",
]);

function nameFrom(tokens: Tokens, start: number, o: { calendar: boolean }): NameReading | undefined {
  const words: string[] = [];
  let at = start;
  let strange = 0;
  while (at < tokens.length && words.length < 4) {
    const spelled = spelledAt(tokens, at);
    if (spelled) {
      // "morrison, m o r r i s o n" spells what was just said: the letters are the better witness.
      if (words.length > 0 && words.at(-1)!.startsWith(spelled.word[0]!)) words.pop();
      words.push(spelled.word);
      strange++;
      at = spelled.end;
      continue;
    }
    const word = tokens[at]!;
    if (!/^[a-z][a-z']+$/.test(word)) break;
    const common = commonWords.has(word);
    // "april jones" is a person, "april" alone a month; "jones on april third" stops at "on".
    if (common && !(o.calendar && calendarNames.has(word) && !commonWords.has(tokens[at + 1] ?? 'on'))) {
      if (!(words.length > 0 && o.calendar && calendarNames.has(word) && at + 1 >= tokens.length)) break;
    }
    if (!common) strange++;
    words.push(word);
    at++;
  }
  if (words.length === 0 || strange === 0) return undefined;
  return { name: words.map(capitalised).join(' '), span: { start, end: at } };
}

/** Months and days that people are named after. */
const calendarNames = new Set(
  [...calendarWords].filter((word) =>
    ['april', 'may', 'june', 'july', 'august', 'january', 'march', 'friday', 'noon', 'day'].includes(word),
  ),
);

function spelledAt(tokens: Tokens, start: number): { word: string; end: number } | undefined {
  let end = start;
  while (end < tokens.length && /^[a-z]$/.test(tokens[end]!)) end++;
  return end - start >= 3 ? { word: tokens.slice(start, end).join(''), end } : undefined;
}

function capitalised(word: string): string {
  return word.replace(/(^|')([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
