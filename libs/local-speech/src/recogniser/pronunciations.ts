import { readFileSync } from 'node:fs';
import { guessPronunciation } from './letter-to-sound.ts';

/** How words sound: from the CMU dictionary (134,000 words), and guessed for those it lacks. */
export class Pronunciations {
  readonly #entries: ReadonlyMap<string, readonly string[]>;

  constructor(entries: ReadonlyMap<string, readonly string[]>) {
    this.#entries = entries;
  }

  /** Reads `word PH PH` lines; variants are written `word(2)`. About 80 ms for the whole dictionary. */
  static fromFile(path: string): Pronunciations {
    return Pronunciations.parse(readFileSync(path, 'utf8'));
  }

  static parse(text: string): Pronunciations {
    const entries = new Map<string, string[]>();
    for (const line of text.split('\n')) {
      const space = line.indexOf(' ');
      if (space <= 0) continue;
      const bracket = line.indexOf('(');
      const word = line.slice(0, bracket > 0 && bracket < space ? bracket : space);
      const phones = line.slice(space + 1).trim();
      const known = entries.get(word);
      if (known) known.push(phones);
      else entries.set(word, [phones]);
    }
    return new Pronunciations(entries);
  }

  knows(word: string): boolean {
    return this.#entries.has(word);
  }

  /** At least one pronunciation for any word. */
  of(word: string): readonly string[] {
    return this.#entries.get(word) ?? [guessPronunciation(word)];
  }

  words(): IterableIterator<string> {
    return this.#entries.keys() as IterableIterator<string>;
  }
}
