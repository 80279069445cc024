import { FIRST_NAMES, LAST_NAMES } from './grammar/names.ts';

const names = new Set([...FIRST_NAMES, ...LAST_NAMES]);
/** Any name is as good as any other here: of 51,000 pairs of names a search has seen a few hundred. */
const general = (word: string): string => (names.has(word) ? '<name>' : word);

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
    const padded = ['<s>', ...words.map(general), '</s>'];
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
