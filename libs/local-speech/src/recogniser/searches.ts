import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Listening } from '../api.ts';
import { buildLanguageModel, listeningKey } from './language-model.ts';
import { PRONUNCIATIONS_FILE, writeAtomically } from './model-folder.ts';
import type { Decoder } from './pocketsphinx.ts';
import { Pronunciations } from './pronunciations.ts';
import { SeenSequences } from './seen-sequences.ts';
import { sortVocabulary } from './vocabulary.ts';

/** Searches a decoder keeps loaded; a call goes through about that many expectations. 1–2 MB each. */
const LOADED_MAX = 8;
const SEEN_MAX = 40;

/** One search on disk: its language model, and the words beyond the base dictionary that it needs. */
export interface Search {
  readonly key: string;
  readonly modelFile: string;
  readonly ownWords: readonly { readonly word: string; readonly phones: readonly string[] }[];
}

/** Builds searches once, on disk, and says which words each one needs. */
export class SearchShelf {
  readonly #folder: string;
  readonly #baseWords: ReadonlySet<string>;
  readonly #known = new Map<string, Search>();
  readonly #seen = new Map<string, SeenSequences>();
  #pronunciations: Pronunciations | undefined;

  constructor(cacheDir: string, baseWords: ReadonlySet<string>) {
    this.#folder = path.join(cacheDir, 'searches');
    this.#baseWords = baseWords;
  }

  get(listening: Listening): Search {
    const key = listeningKey(listening);
    const known = this.#known.get(key);
    if (known) return known;
    const modelFile = path.join(this.#folder, `${key}.lm`);
    if (!existsSync(modelFile)) writeAtomically(modelFile, buildLanguageModel(listening).arpa);
    const { doctors, topics } = sortVocabulary(listening.vocabulary);
    const words = new Set([...doctors, ...topics].flatMap((phrase) => phrase.split(' ')));
    const ownWords = [...words]
      .filter((word) => !this.#baseWords.has(word))
      .map((word) => ({ word, phones: this.#sounds().of(word) }));
    const search = { key, modelFile, ownWords };
    this.#known.set(key, search);
    return search;
  }

  /** The word sequences of a search. About 1 MB each; the most recent ones are kept. */
  seenBy(search: Search): SeenSequences {
    const known = this.#seen.get(search.key);
    if (known) return known;
    const seen = SeenSequences.parse(readFileSync(search.modelFile, 'utf8'));
    this.#seen.set(search.key, seen);
    if (this.#seen.size > SEEN_MAX) this.#seen.delete(this.#seen.keys().next().value as string);
    return seen;
  }

  #sounds(): Pronunciations {
    return (this.#pronunciations ??= Pronunciations.fromFile(PRONUNCIATIONS_FILE));
  }
}

/** Keeps the searches of one decoder: loads what is asked for, drops what was used longest ago. */
export class LoadedSearches {
  readonly #decoder: Decoder;
  readonly #loaded = new Set<string>();
  readonly #words = new Set<string>();

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  use(search: Search): void {
    if (!this.#loaded.delete(search.key)) this.#load(search);
    this.#loaded.add(search.key);
    this.#decoder.use(search.key);
    for (const oldest of this.#loaded) {
      if (this.#loaded.size <= LOADED_MAX) return;
      this.#loaded.delete(oldest);
      this.#decoder.drop(oldest);
    }
  }

  #load(search: Search): void {
    for (const { word, phones } of search.ownWords) {
      if (this.#words.has(word)) continue;
      this.#words.add(word);
      phones.forEach((sound, i) => this.#decoder.addWord(i === 0 ? word : `${word}(${i + 1})`, sound));
    }
    this.#decoder.loadLanguageModel(search.key, search.modelFile);
  }
}
