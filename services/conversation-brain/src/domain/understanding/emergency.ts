import { findPhrase, type Span, type Tokens } from './words.ts';

/**
 * `strong`: act at once. `possible`: ask whether this is an emergency. `none`: nothing of the kind, or clearly denied.
 *
 * This is a table of phrases and not a diagnosis: it errs toward sending a caller to people. Only a plain denial ("no
 * chest pain") clears a phrase; an old story ("a stroke last year") still leads to the question.
 */
export type EmergencyReading = 'strong' | 'possible' | 'none';

/** Phrases that act. Contractions are as tokens have them. `*` stands for up to three words of any kind. */
export const strongPhrases: readonly string[] = [
  'chest pain',
  'chest pains',
  'pain in * chest',
  'pains in * chest',
  'chest hurts',
  'chest is hurting',
  'pressure on * chest',
  'pressure in * chest',
  'tightness in * chest',
  'chest is tight',
  'chest tightness',
  'heart attack',
  'heart stopped',
  'cardiac arrest',
  "can't breathe",
  'cannot breathe',
  "can't breath",
  'cannot breath',
  "can't get * breath",
  "can't catch * breath",
  'hard to breathe',
  'trouble breathing',
  'difficulty breathing',
  'struggling to breathe',
  'not breathing',
  'no longer breathing',
  "isn't breathing",
  'stopped breathing',
  'shortness of breath',
  'choking',
  'suffocating',
  'turning blue',
  'stroke',
  'face is drooping',
  'face drooping',
  "can't move * arm",
  "can't move * leg",
  "can't speak properly",
  'slurred speech',
  'bleeding heavily',
  'bleeding badly',
  'bleeding a lot',
  'bleeding out',
  'heavy bleeding',
  "bleeding won't stop",
  "can't stop * bleeding",
  "won't stop bleeding",
  'losing * blood',
  'coughing up blood',
  'vomiting blood',
  'throwing up blood',
  'unconscious',
  'passed out',
  'not responding',
  'unresponsive',
  'collapsed',
  "won't wake up",
  "can't wake",
  'having a seizure',
  'having seizures',
  'a seizure',
  'convulsions',
  'having a fit',
  'suicide',
  'suicidal',
  'kill myself',
  'killing myself',
  'end my life',
  'ending my life',
  'want to die',
  'hurt myself',
  'harm myself',
  'take my own life',
  'overdose',
  'overdosed',
  'too many pills',
  'swallowed poison',
  'poisoned',
  'poisoning',
  'anaphylaxis',
  'anaphylactic',
  'throat is closing',
  'throat is swelling',
  'severe allergic reaction',
  'severe burn',
  'badly burned',
  'been shot',
  'been stabbed',
  'electrocuted',
  'drowning',
  'drowned',
  'medical emergency',
  'this is an emergency',
  "it's an emergency",
  'it is an emergency',
  'have an emergency',
  'need an ambulance',
  'call an ambulance',
  'send an ambulance',
  'nine one one',
  '911',
  'nine nine nine',
  '999',
  'water broke',
  'waters broke',
  'baby is coming',
  'in labor',
  'in labour',
];

/** Phrases that may be one. */
export const possiblePhrases: readonly string[] = [
  'emergency',
  'ambulance',
  'bleeding',
  'fainted',
  'seizure',
  'dying',
  'to die',
  'severe pain',
  'terrible pain',
  'unbearable pain',
  'breathing problem',
  'breathing problems',
  'allergic reaction',
  "can't feel",
  'broken neck',
  'head injury',
  'hit * head',
  'poison',
  'cannot move',
  "can't move",
];

/** What contains such words and means something else; taken out before the table is read. */
export const harmlessPhrases: readonly string[] = [
  'emergency contact',
  'emergency number',
  'emergency contacts',
  'stroke clinic',
  'stroke unit',
  'stroke of luck',
  'breath test',
  'nosebleed clinic',
  'bleeding gums',
  'not an emergency',
  "isn't an emergency",
  'no emergency',
  'non emergency',
  'not a medical emergency',
  "isn't a medical emergency",
  'chest x ray',
  'poison ivy',
  'food poisoning last',
];

const denials: readonly string[] = [
  'no',
  'not',
  'without',
  'never',
  "don't have",
  "doesn't have",
  "didn't have",
  "haven't",
  "hasn't",
  'not having',
  'no more',
  'not had',
  "isn't",
  "wasn't",
  "don't",
  'do not have',
  'deny',
  "aren't",
];
/** Words that may stand between a denial and what it denies. Not "i": "no, i can't breathe" denies nothing. */
const between = new Set([
  'a',
  'an',
  'any',
  'the',
  'real',
  'having',
  'had',
  'have',
  'got',
  'more',
  'of',
  'feeling',
  'really',
  'been',
  'heavy',
  'severe',
]);
/** An old story or a worry about one day; it still leads to the question, because it may also be happening again. */
const history =
  /\b(years? ago|months? ago|weeks? ago|last (year|month|week|summer|winter|spring)|history of|family history|follow up|check ?up after|after (my|a|his|her|the) (stroke|heart attack|seizure|overdose)|used to|as a child|in (19|20)\d\d|risk of|prevent|prevention|worried about|afraid of|test for|screening)\b/;

export function readEmergency(said: Tokens): EmergencyReading {
  const tokens = harmlessPhrases.reduce<readonly string[]>((left, phrase) => cut(left, phrase), said);
  const strong = strongPhrases.some((phrase) => occurs(tokens, phrase));
  if (strong) return history.test(tokens.join(' ')) ? 'possible' : 'strong';
  return possiblePhrases.some((phrase) => occurs(tokens, phrase)) ? 'possible' : 'none';
}

/** Whether the phrase is said at least once without being denied. */
function occurs(tokens: Tokens, phrase: string): boolean {
  for (let from = 0; from < tokens.length;) {
    const span = findPattern(tokens, phrase, from);
    if (!span) return false;
    if (!isDenied(tokens, span.start)) return true;
    from = span.start + 1;
  }
  return false;
}

function isDenied(tokens: Tokens, start: number): boolean {
  let at = start;
  while (at > 0 && between.has(tokens[at - 1]!)) at--;
  return denials.some((denial) => {
    const words = denial.split(' ');
    // Either the whole denial stands before the filler words, or it ends in one of them ("don't have | any").
    for (let end = at; end <= start; end++) {
      if (end >= words.length && words.every((word, k) => tokens[end - words.length + k] === word))
        return true;
    }
    return false;
  });
}

function findPattern(tokens: Tokens, phrase: string, from: number): Span | undefined {
  if (!phrase.includes('*')) return findPhrase(tokens, phrase, from);
  const [head, tail] = phrase.split(' * ') as [string, string];
  for (let at = from; ;) {
    const first = findPhrase(tokens, head, at);
    if (!first) return undefined;
    const second = findPhrase(tokens, tail, first.end);
    if (second && second.start - first.end <= 3) return { start: first.start, end: second.end };
    at = first.start + 1;
  }
}

function cut(tokens: Tokens, phrase: string): readonly string[] {
  const span = findPhrase(tokens, phrase);
  // What is cut leaves a mark, so that the words on its two sides do not become neighbours.
  return span ? cut([...tokens.slice(0, span.start), '|', ...tokens.slice(span.end)], phrase) : tokens;
}
