/** A repeatable source of numbers in [0, 1): the same listening must give the same model on every machine. */
export function createSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Linear congruential, the constants of "Numerical Recipes"; the high bits are good enough for drawing phrases.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Weighted {
  readonly cumulative: readonly number[];
  readonly phrases: readonly (readonly string[])[];
}

/** "3 half past $HOUR" → weight 3, words [half, past, $HOUR]. */
function parseAll(entries: readonly string[]): Weighted {
  const cumulative: number[] = [];
  let sum = 0;
  const phrases = entries.map((entry) => {
    const words = entry.split(' ');
    const weighted = /^\d+$/.test(words[0] as string) && words.length > 1;
    sum += weighted ? Number(words[0]) : 1;
    cumulative.push(sum);
    return weighted ? words.slice(1) : words;
  });
  return { cumulative, phrases };
}

export type ClassTable = Readonly<Record<string, readonly string[]>>;

/** Draws sentences from weighted phrases, filling classes in as often as they occur. */
export class PhraseSource {
  readonly #classes: ReadonlyMap<string, Weighted>;
  readonly #next: () => number;

  constructor(classes: ClassTable, next: () => number) {
    this.#classes = new Map(Object.entries(classes).map(([name, entries]) => [name, parseAll(entries)]));
    this.#next = next;
  }

  /** `count` sentences, each a list of words. Phrases that need an empty class are left out. */
  draw(phrases: readonly string[], count: number): string[][] {
    const usable = phrases.filter((phrase) =>
      (phrase.match(/\$[A-Z_]+/g) ?? []).every((name) => this.#has(name)),
    );
    if (usable.length === 0) return [];
    const weighted = parseAll(usable);
    return Array.from({ length: count }, () => {
      const words: string[] = [];
      this.#expand(this.#pick(weighted), words);
      return words;
    });
  }

  #has(name: string): boolean {
    return (this.#classes.get(name.slice(1))?.phrases.length ?? 0) > 0;
  }

  #expand(phrase: readonly string[], into: string[]): void {
    for (const word of phrase) {
      if (!word.startsWith('$')) into.push(word);
      else this.#expand(this.#pick(this.#classes.get(word.slice(1)) as Weighted), into);
    }
  }

  #pick({ cumulative, phrases }: Weighted): readonly string[] {
    const at = this.#next() * (cumulative.at(-1) as number);
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return phrases[low] as readonly string[];
  }
}
