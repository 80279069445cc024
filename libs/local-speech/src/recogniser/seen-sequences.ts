import { CLASSES } from './grammar/classes.ts';
import { FIRST_NAMES, LAST_NAMES } from './grammar/names.ts';

/**
 * Words of these classes count as one another: of 2,604 combinations of weekday, month and day, or 51,000 pairs of names,
 * a search has seen only some, but none is stranger than the next. A word of two classes keeps to the first.
 */
const INTERCHANGEABLE: readonly (readonly [mark: string, words: readonly string[]])[] = [
  ['<day>', CLASSES['DAY'] ?? []],
  ['<month>', CLASSES['MONTH'] ?? []],
  ['<ordinal>', (CLASSES['ORDINAL'] ?? []).filter((word) => !word.includes(' '))],
  ['<unit>', CLASSES['UNIT'] ?? []],
  ['<teen>', CLASSES['TEEN'] ?? []],
  ['<tens>', CLASSES['TENS'] ?? []],
  ['<name>', [...FIRST_NAMES, ...LAST_NAMES]],
];
const marks = new Map(
  INTERCHANGEABLE.toReversed().flatMap(([mark, words]) => words.map((word) => [word, mark])),
);
const general = (word: string): string => marks.get(word) ?? word;

/** Which word pairs and triples the phrases of a search contain, read from its ARPA text. */
export class SeenSequences {
  readonly #sequences: ReadonlySet<string>;

  constructor(sequences: ReadonlySet<string>) {
    this.#sequences = sequences;
  }

  static parse(arpa: string): SeenSequences {
    const sequences = new Set<string>();
    let order = 0;
    for (const line of arpa.split('\n')) {
      if (line.startsWith('\\')) order = Number(line.charAt(1)) || 0;
      else if (order > 1 && line !== '')
        sequences.add(
          line
            .split(' ')
            .slice(1, order + 1)
            .map(general)
            .join(' '),
        );
    }
    return new SeenSequences(sequences);
  }

  /** Share (0–1) of the pairs and triples of a sentence, ends included, that no phrase contains. */
  unseen(words: readonly string[]): { readonly pairs: number; readonly triples: number } {
    // A given name and a surname count as one: their pairs are not learnt (see `independent` of the model).
    const marked = words.map(general).filter((mark, i, all) => mark !== '<name>' || all[i - 1] !== '<name>');
    const padded = ['<s>', ...marked, '</s>'];
    const share = (length: number): number => {
      const count = padded.length - length + 1;
      let missing = 0;
      for (let i = 0; i < count; i++)
        if (!this.#sequences.has(padded.slice(i, i + length).join(' '))) missing++;
      return missing / count;
    };
    return { pairs: share(2), triples: share(3) };
  }
}
