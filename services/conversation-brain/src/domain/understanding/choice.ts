import { cardinalAt, ordinalAt } from './numbers.ts';
import { findPhrase, hasPhrase, type Tokens } from './words.ts';

/** Which of what was offered: by place (from 0), or by comparison. */
export type Choice =
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'last' | 'earliest' | 'latest' | 'any' | 'none' };

const nouns = new Set(['one', 'option', 'slot', 'time', 'appointment', 'choice', 'of']);

export function readChoice(tokens: Tokens): Choice | undefined {
  if (
    hasPhrase(tokens, [
      'none of',
      'neither',
      'none',
      'something else',
      'other times',
      'other time',
      'another time',
      'another day',
      'different time',
      'different day',
      'any other',
      'other days',
    ])
  )
    return { kind: 'none' };
  if (hasPhrase(tokens, ['earliest', 'the earlier', 'earlier one', 'soonest', 'the sooner']))
    return { kind: 'earliest' };
  if (hasPhrase(tokens, ['latest', 'the later', 'later one'])) return { kind: 'latest' };
  if (hasPhrase(tokens, ['the last', 'last one'])) return { kind: 'last' };
  if (
    hasPhrase(tokens, [
      'any of',
      'either',
      'whichever',
      "doesn't matter",
      "don't care",
      "don't mind",
      'any one',
    ])
  )
    return { kind: 'any' };
  const numbered = ['number', 'option']
    .map((word) => findPhrase(tokens, word))
    .find((span) => span !== undefined);
  const cardinal = numbered && cardinalAt(tokens, numbered.end);
  if (cardinal && cardinal.value >= 1) return { kind: 'index', index: cardinal.value - 1 };
  for (let i = 0; i < tokens.length; i++) {
    const ordinal = ordinalAt(tokens, i);
    if (!ordinal || ordinal.value > 9) continue;
    // "just a second" chooses nothing.
    if (tokens[i - 1] === 'a' || tokens[i - 1] === 'one' || tokens[i - 1] === 'of') continue;
    const next = tokens[i + ordinal.length];
    if (next === undefined || nouns.has(next) || tokens[i - 1] === 'the' || tokens.length <= 3) {
      return { kind: 'index', index: ordinal.value - 1 };
    }
  }
  return undefined;
}

/** "as soon as possible", "the earliest you have", "next available": any day, the first that is free. */
export function wantsSoonest(tokens: Tokens): boolean {
  return hasPhrase(tokens, [
    'as soon as possible',
    'soon as possible',
    'soon as you can',
    'earliest',
    'soonest',
    'first available',
    'next available',
    'whenever',
    'any day',
    'anytime',
    'any time soon',
    'asap',
    "doesn't matter when",
    'first free',
    'first appointment',
  ]);
}

/** "any time", "it doesn't matter": no wish for the time of day. */
export function acceptsAnyTime(tokens: Tokens): boolean {
  return hasPhrase(tokens, [
    'any time',
    'anytime',
    'whenever',
    "doesn't matter",
    "don't mind",
    "don't care",
    'no preference',
    'either',
  ]);
}
