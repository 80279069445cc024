/**
 * A trigram model with Witten-Bell smoothing, written in ARPA text, the format every recogniser of this kind reads.
 * Witten & Bell 1991: a context seen n times with t different followers keeps n/(n+t) of its probability for those it
 * has seen and hands the rest down to the next shorter context.
 */
interface Context {
  total: number;
  /** How often a word followed that is not to be learnt from; see `independent`. */
  open: number;
  readonly followers: Map<string, number>;
}

export interface NgramOptions {
  /** Words that may come anywhere without ever having been seen, with their unigram probability. */
  readonly anywhere?: ReadonlyMap<string, number>;
  /**
   * Pairs that the drawn sentences show only some of, though none is likelier than the next: given names and surnames. What
   * follows then depends on how frequent a word is in general, not on whether just this pair was drawn.
   */
  readonly independent?: (previous: string, word: string) => boolean;
}

const START = '<s>';
const END = '</s>';
const log10 = (probability: number): string => Math.log10(probability).toFixed(4);

function count(contexts: Map<string, Context>, context: string, word: string, open: boolean): void {
  let entry = contexts.get(context);
  if (!entry) contexts.set(context, (entry = { total: 0, open: 0, followers: new Map() }));
  entry.total++;
  if (open) entry.open++;
  else entry.followers.set(word, (entry.followers.get(word) ?? 0) + 1);
}

/** The ARPA text of the model over `sentences` (lists of words). */
export function buildArpa(sentences: readonly (readonly string[])[], options: NgramOptions = {}): string {
  const unigrams = new Map<string, number>();
  const afterOne = new Map<string, Context>();
  const afterTwo = new Map<string, Context>();
  let words = 0;
  for (const sentence of sentences) {
    const padded = [START, ...sentence, END];
    for (let i = 1; i < padded.length; i++) {
      const word = padded[i] as string;
      const previous = padded[i - 1] as string;
      words++;
      unigrams.set(word, (unigrams.get(word) ?? 0) + 1);
      const open = options.independent?.(previous, word) ?? false;
      count(afterOne, previous, word, open);
      // A pair that is not listed itself can be no context either.
      if (i < 2 || options.independent?.(padded[i - 2] as string, previous)) continue;
      count(afterTwo, `${padded[i - 2] as string} ${previous}`, word, open);
    }
  }
  const anywhere = options.anywhere ?? new Map<string, number>();
  const reserved = [...anywhere.values()].reduce((sum, probability) => sum + probability, 0);
  const one = new Map<string, number>(anywhere);
  for (const [word, seen] of unigrams) one.set(word, ((1 - reserved) * seen) / words);

  const two = new Map<string, number>();
  const lines2 = orderLines(afterOne, (_, word) => one.get(word) as number, two);
  const lines3 = orderLines(afterTwo, (context, word) => {
    const last = context.slice(context.indexOf(' ') + 1);
    return two.get(`${last} ${word}`) as number;
  });
  const backOne = backoffs(afterOne, (_, word) => one.get(word) as number);
  const backTwo = backoffs(afterTwo, (context, word) => {
    return two.get(`${context.slice(context.indexOf(' ') + 1)} ${word}`) as number;
  });

  const lines1 = [...one].map(([word, p]) => `${log10(p)} ${word} ${backOne.get(word) ?? '0.0000'}`);
  lines1.unshift(`-99 ${START} ${backOne.get(START) ?? '0.0000'}`);
  const out = [
    '\\data\\',
    `ngram 1=${lines1.length}`,
    `ngram 2=${lines2.length}`,
    `ngram 3=${lines3.length}`,
    '',
  ];
  out.push('\\1-grams:', ...lines1, '');
  out.push('\\2-grams:', ...lines2.map(([p, key]) => `${p} ${key} ${backTwo.get(key) ?? '0.0000'}`), '');
  out.push('\\3-grams:', ...lines3.map(([p, key]) => `${p} ${key}`), '', '\\end\\', '');
  return out.join('\n');
}

type Lower = (context: string, word: string) => number;

/** Log probability and words of every n-gram seen; the probabilities are also kept in `into`. */
function orderLines(
  contexts: Map<string, Context>,
  lower: Lower,
  into?: Map<string, number>,
): [string, string][] {
  const lines: [string, string][] = [];
  for (const [context, { total, followers }] of contexts) {
    for (const [word, seen] of followers) {
      const probability = (seen + followers.size * lower(context, word)) / (total + followers.size);
      const key = `${context} ${word}`;
      into?.set(key, probability);
      lines.push([log10(probability), key]);
    }
  }
  return lines;
}

/** What is left for words not seen in a context, relative to what the shorter context gives them. */
function backoffs(contexts: Map<string, Context>, lower: Lower): Map<string, string> {
  const weights = new Map<string, string>();
  for (const [context, { total, open, followers }] of contexts) {
    let covered = 0;
    for (const word of followers.keys()) covered += lower(context, word);
    // The seen n-grams hold (total + t·covered)/(total + t); the rest, t·(1 - covered)/(total + t), is shared out.
    // What was not learnt from is shared out with it, and so is the whole where nothing was.
    const types = followers.size === 0 ? 1 : followers.size;
    const rest = Math.max(1e-7, 1 - covered);
    const left = Math.max(1e-7, (open / rest + types) / (total + types));
    weights.set(context, covered < 1 - 1e-9 ? log10(Math.min(left, 1 / rest)) : '-7.0000');
  }
  return weights;
}
