import { createHash } from 'node:crypto';
import type { Expectation, Listening } from '../api.ts';
import { CLASSES } from './grammar/classes.ts';
import { createSequence, PhraseSource, type ClassTable } from './grammar/expand.ts';
import { FIRST_NAMES, LAST_NAMES } from './grammar/names.ts';
import { ALWAYS, EMERGENCY, PHRASES } from './grammar/phrases.ts';
import { buildArpa } from './ngram.ts';
import { sortVocabulary } from './vocabulary.ts';

/** Raised whenever phrases, classes or smoothing change, so that cached models are made anew. */
const GENERATION = 2;

/** Sentences drawn per model: enough for every date and time to be seen, few enough to take under 100 ms. */
const SENTENCES = 9000;
/** Of these, what a caller may say at any moment, and emergencies. */
const SHARE_ALWAYS = 0.08;
const SHARE_EMERGENCY = 0.05;

export interface LanguageModel {
  /** Identifies the listening and the generation; safe as a file name. */
  readonly key: string;
  readonly arpa: string;
  /** Every word of it, so that all get a pronunciation. */
  readonly words: readonly string[];
}

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
  const narrow = expects.filter((expectation) => expectation !== 'open');
  const open = !expects.includes('open') ? 0 : narrow.length === 0 ? 1 : 0.2;
  const all = new Map<Expectation, number>(
    narrow.map((expectation) => [expectation, (1 - open) / narrow.length]),
  );
  if (open > 0) all.set('open', open);
  return all;
}

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
  return { key: listeningKey(listening), arpa: buildArpa(sentences), words: [...words] };
}
