import { findPhrase, hasPhrase, type Tokens } from './words.ts';

/**
 * `unclear` when both are heard ("yes, no, wait") or neither. A booking is committed on `yes` alone, so every doubt
 * must fall out of it: one negative word anywhere makes it at best unclear.
 */
export type YesNo = 'yes' | 'no' | 'unclear';

const yesPhrases = [
  'yes',
  'yeah',
  'yep',
  'yup',
  'ya',
  'yah',
  'yea',
  'aye',
  'sure',
  'okay',
  'correct',
  'right',
  'exactly',
  'perfect',
  'fine',
  'absolutely',
  'definitely',
  'certainly',
  'of course',
  'go ahead',
  'please do',
  'sounds good',
  'sounds great',
  'that works',
  'works for me',
  'uh huh',
  'mm hmm',
  'mhm',
  'uhuh',
  'that is it',
  "that's it",
  "that's good",
  'great',
  'confirm',
  'confirmed',
  'book it',
  'i do',
  'it is',
  'i did',
  'indeed',
  'affirmative',
  'true',
  'agreed',
  'why not',
  'no problem',
  'do it',
  'alright',
] as const;

const noPhrases = [
  'no',
  'nope',
  'nah',
  'not',
  'wrong',
  'incorrect',
  'false',
  "doesn't",
  "don't",
  "can't",
  'cannot',
  "isn't",
  "won't",
  "didn't",
  'never',
  'negative',
  'but',
  'except',
  'neither',
  'none',
  'no way',
  'other',
  'change',
  'instead',
  'mistake',
  'actually',
  'wait',
  'stop',
  'unfortunately',
  'else',
  'different',
  'rather',
  "wouldn't",
  "couldn't",
  "wasn't",
  'nay',
] as const;

/** Words that are a refusal by themselves; the other negative ones only spoil a yes. */
const refusals: readonly string[] = [
  'no',
  'nope',
  'nah',
  'wrong',
  'incorrect',
  'not right',
  'not correct',
  "doesn't work",
  "don't",
  'negative',
  'neither',
  'none',
  "isn't right",
  "isn't correct",
  'not good',
  'not quite',
  'not really',
  'not that',
  "can't do",
  "can't make",
  'false',
  'not okay',
  'nay',
  'rather not',
  "won't work",
  "doesn't suit",
  'no thanks',
  'not now',
  'mistake',
];

/** Negative words that agree. They are taken out before anything is counted. */
const agreeing = [
  'no problem',
  'not a problem',
  'why not',
  "can't complain",
  'no worries',
  "that's not wrong",
];
const ignorance = [
  "don't know",
  'not sure',
  "don't remember",
  "don't understand",
  "didn't understand",
  "didn't hear",
  "didn't get",
];

export function readYesNo(said: Tokens): YesNo {
  if (hasPhrase(said, ignorance)) return 'unclear';
  let tokens = said;
  let agreed = false;
  for (const phrase of agreeing) {
    const span = findPhrase(tokens, phrase);
    if (!span) continue;
    agreed = true;
    tokens = tokens.filter((_, i) => i < span.start || i >= span.end);
  }
  // "that's right" is a yes, "that's not right" is not: the refusal is looked at first and its words do not count as a yes.
  const yes = agreed || hasPhrase(withoutNegated(tokens), yesPhrases);
  const negative = hasPhrase(tokens, noPhrases);
  if (yes && !negative) return 'yes';
  if (yes) return 'unclear';
  return hasPhrase(tokens, refusals) ? 'no' : 'unclear';
}

/** Drops the positive word that a negation right before it turns round: "not right", "isn't correct", "not quite right". */
function withoutNegated(tokens: Tokens): string[] {
  const negations = new Set(['not', "isn't", "doesn't", "don't", "wasn't", "can't", "won't", 'never', 'no']);
  const weak = new Set([
    'right',
    'correct',
    'fine',
    'okay',
    'good',
    'great',
    'perfect',
    'true',
    'that',
    'it',
    'is',
    'sure',
  ]);
  return tokens.filter((word, i) => {
    if (!weak.has(word)) return true;
    const before = tokens.slice(Math.max(0, i - 3), i);
    const negated = before.some((earlier) => negations.has(earlier) && earlier !== 'no');
    return !negated;
  });
}
