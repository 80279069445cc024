import { createHash } from 'node:crypto';
import type { Expectation } from '@wardline/dialogue-words';
import type { Listening } from '../api.ts';
import { CLASSES } from './grammar/classes.ts';
import { createSequence, PhraseSource, type ClassTable } from './grammar/expand.ts';
import { FIRST_NAMES, LAST_NAMES } from './grammar/names.ts';
import { ALWAYS, CHANGES, EMERGENCY, PHRASES } from './grammar/phrases.ts';
import { buildArpa } from './ngram.ts';
import { sortVocabulary } from './vocabulary.ts';

/** Raised whenever phrases, classes or smoothing change, so that cached models are made anew. */
const GENERATION = 5;

/** Sentences drawn per model: enough for every date and time to be seen, few enough to take under 100 ms. */
const SENTENCES = 9000;
/** Of these, what a caller may say at any moment, and emergencies. */
const SHARE_ALWAYS = 0.08;
const SHARE_EMERGENCY = 0.05;
/** Beside the rest, where the question is what to change. */
const SHARE_CHANGES = 0.25;
/** Of somebody whom the clinic calls, while a day or a time is asked for. */
const SHARE_CALLED = 0.2;

export interface LanguageModel {
  /** Identifies the listening and the generation; safe as a file name. */
  readonly key: string;
  readonly arpa: string;
  /** Every word of it, so that all get a pronunciation. */
  readonly words: readonly string[];
}

const isFirst = new Set(FIRST_NAMES);
const isLast = new Set(LAST_NAMES);

/** The same for the same expectations and vocabulary in any order and spelling. */
export function listeningKey(listening: Listening): string {
  const { doctors, topics } = sortVocabulary(listening.vocabulary);
  const parts = [GENERATION, [...expected(listening)].sort(), [...doctors].sort(), [...topics].sort()];
  if (listening.sentences) parts.push([...listening.sentences].sort());
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

/** Nothing named means anything goes. */
function expected(listening: Listening): readonly Expectation[] {
  return listening.expects.length === 0 ? ['open'] : [...new Set(listening.expects)];
}

/** How the drawn sentences are shared: beside a narrow expectation, 'open' is only a small part. */
function shares(expects: readonly Expectation[]): Map<Expectation, number> {
  const narrow = expects.filter((expectation) => expectation !== 'open' && expectation !== 'called-person');
  const open = !expects.includes('open') ? 0 : narrow.length === 0 ? 1 : 0.2;
  const all = new Map<Expectation, number>(
    narrow.map((expectation) => [expectation, (1 - open) / narrow.length]),
  );
  if (open > 0) all.set('open', open);
  if (!expects.includes('called-person')) return all;
  // Whoever is called answers the question with a phrase of their own as often as with a plain yes.
  const called = expects.length === 1 ? 1 : narrow.some((one) => one !== 'yes-no') ? SHARE_CALLED : 0.5;
  for (const [expectation, share] of all) all.set(expectation, share * (1 - called));
  return all.set('called-person', called);
}

/** The dialogue expects anything, a day and a time together when it asks what to change of a booking. */
const mayChange = (expects: readonly Expectation[]): boolean =>
  (['open', 'date', 'time'] as const).every((one) => expects.includes(one));

/** The last word of a name is how doctors are mostly asked for. */
function doctorForms(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const last = name.slice(name.lastIndexOf(' ') + 1);
    return last === name ? [`3 doctor ${name}`, name] : [`4 doctor ${last}`, `2 doctor ${name}`, name];
  });
}

function callersSentences(source: PhraseSource, expects: readonly Expectation[]): string[][] {
  const sentences = [
    ...source.draw(ALWAYS, Math.round(SENTENCES * SHARE_ALWAYS)),
    ...source.draw(EMERGENCY, Math.round(SENTENCES * SHARE_EMERGENCY)),
  ];
  const rest = SENTENCES - sentences.length;
  for (const [expectation, share] of shares(expects)) {
    sentences.push(...source.draw(PHRASES[expectation], Math.round(rest * share)));
  }
  if (mayChange(expects)) sentences.push(...source.draw(CHANGES, Math.round(rest * SHARE_CHANGES)));
  return sentences;
}

/** The model of what a caller may say under these expectations. Pure: the same input gives the same text. */
export function buildLanguageModel(listening: Listening): LanguageModel {
  const { doctors, topics } = sortVocabulary(listening.vocabulary);
  const ownNames = doctors.flatMap((name) => name.split(' '));
  const classes: ClassTable = {
    ...CLASSES,
    FIRST: [...FIRST_NAMES],
    LAST: [...LAST_NAMES],
    DOCTOR: doctorForms(doctors),
    TOPIC: [...topics],
  };
  const source = new PhraseSource(classes, createSequence(1));
  const sentences = listening.sentences
    ? source.draw(listening.sentences, SENTENCES)
    : callersSentences(source, expected(listening));
  const words = new Set<string>(ownNames);
  for (const sentence of sentences) for (const word of sentence) words.add(word);
  // The clinic's doctors are no random pairs.
  const doctorPairs = new Set(doctors);
  const independent = (previous: string, word: string): boolean =>
    isFirst.has(previous) && isLast.has(word) && !doctorPairs.has(`${previous} ${word}`);
  return { key: listeningKey(listening), arpa: buildArpa(sentences, { independent }), words: [...words] };
}
