/**
 * Whether something was said, judged on what an imperfect recogniser made of it. A phrase counts by how many of its words
 * were heard in its order within a stretch of speech; a word counts when it is spelled nearly the same.
 */
export function phraseScore(heard: string, phrase: string): number {
  const said = wordsOf(heard);
  const wanted = wordsOf(phrase);
  if (wanted.length === 0 || said.length === 0) return 0;
  const window = Math.ceil(wanted.length * 1.5) + 1;
  let best = 0;
  for (let from = 0; from < said.length; from++) {
    best = Math.max(best, commonInOrder(said.slice(from, from + window), wanted));
    if (best === wanted.length) break;
  }
  return best / wanted.length;
}

/** The best of several phrases; longer phrases that fit as well say more, so they win by a little. */
export function bestScore(heard: string, phrases: readonly string[]): number {
  let best = 0;
  for (const phrase of phrases) {
    const score = phraseScore(heard, phrase);
    if (score >= heardScoreMin) best = Math.max(best, score + Math.min(10, wordsOf(phrase).length) * 0.01);
  }
  return best;
}

export const heardScoreMin = 0.66;

export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9' ]+/g, ' ')
    .split(/\s+/)
    .filter((w) => w !== '');
}

function commonInOrder(said: readonly string[], wanted: readonly string[]): number {
  let row = new Array<number>(wanted.length + 1).fill(0);
  for (const word of said) {
    const next = [0];
    for (let j = 1; j <= wanted.length; j++) {
      next[j] = sameWord(word, wanted[j - 1]!) ? row[j - 1]! + 1 : Math.max(row[j]!, next[j - 1]!);
    }
    row = next;
  }
  return row[wanted.length]!;
}

function sameWord(a: string, b: string): boolean {
  if (a === b) return true;
  const longest = Math.max(a.length, b.length);
  return longest >= 4 && distance(a, b) / longest <= 0.3;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
