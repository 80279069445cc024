/**
 * How well the words of `said` fit what was heard, 0 to 1. What was heard went over a telephone line and through a
 * recogniser: 1 is certain; three of four words in their order may be a misheard word, or another day.
 */
export function sameness(heard: string, said: string): number {
  const wanted = wordsOf(said);
  const words = wordsOf(heard);
  if (wanted.length === 0) return 1;
  let best = 0;
  for (let from = 0; from < words.length; from++)
    best = Math.max(best, commonInOrder(words.slice(from, from + wanted.length + 2), wanted));
  return best / wanted.length;
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[^a-z ]+/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'the' && word !== 'at' && word !== 'on');

function commonInOrder(words: readonly string[], wanted: readonly string[]): number {
  let row = new Array<number>(wanted.length + 1).fill(0);
  for (const word of words) {
    const next = [0];
    for (let j = 1; j <= wanted.length; j++)
      next[j] = word === wanted[j - 1] ? row[j - 1]! + 1 : Math.max(row[j]!, next[j - 1]!);
    row = next;
  }
  return row[wanted.length]!;
}
