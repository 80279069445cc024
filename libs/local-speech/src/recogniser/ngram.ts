/**
 * A trigram model with Witten-Bell smoothing, written in ARPA text, the format every recogniser of this kind reads.
 * Witten & Bell 1991: a context seen n times with t different followers keeps n/(n+t) of its probability for those it
 * has seen and hands the rest down to the next shorter context.
 */
interface Context {
  total: number;
  readonly followers: Map<string, number>;
}

export interface NgramOptions {
  /** Words that may come anywhere without ever having been seen, with their unigram probability. */
  readonly anywhere?: ReadonlyMap<string, number>;
}

const START = '<s>';
const END = '</s>';
const log10 = (probability: number): string => Math.log10(probability).toFixed(4);

function count(contexts: Map<string, Context>, context: string, word: string, weight: number): void {
  let entry = contexts.get(context);
  if (!entry) contexts.set(context, (entry = { total: 0, followers: new Map() }));
  entry.total += weight;
  entry.followers.set(word, (entry.followers.get(word) ?? 0) + weight);
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
      count(afterOne, previous, word, 1);
      if (i >= 2) count(afterTwo, `${padded[i - 2] as string} ${previous}`, word, 1);
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
  for (const [context, { total, followers }] of contexts) {
    let covered = 0;
    for (const word of followers.keys()) covered += lower(context, word);
    // The seen n-grams hold (total + t·covered)/(total + t); the rest, t·(1 - covered)/(total + t), is shared out.
    const left = Math.max(1e-7, followers.size / (total + followers.size));
    weights.set(context, covered < 1 - 1e-9 ? log10(left) : '-7.0000');
  }
  return weights;
}
