/** Below this a clause is spoken together with the next one: very short pieces sound chopped. */
const CLAUSE_WORDS_MIN = 3;

const wordsIn = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/**
 * Cuts a text where a speaker would pause: after sentences always, after commas and the like when both sides are long
 * enough. The pieces joined by spaces are the text again.
 */
export function splitClauses(text: string): string[] {
  const clauses: string[] = [];
  for (const sentence of text.trim().split(/(?<=[.!?])\s+/)) {
    let pending = '';
    for (const part of sentence.split(/(?<=[,;:])\s+/)) {
      pending = pending ? `${pending} ${part}` : part;
      if (wordsIn(pending) < CLAUSE_WORDS_MIN) continue;
      clauses.push(pending);
      pending = '';
    }
    // A short rest belongs to the clause before it, within the same sentence.
    if (pending && clauses.length > 0 && !/[.!?]$/.test(clauses.at(-1) as string)) {
      clauses.push(`${clauses.pop() as string} ${pending}`);
    } else if (pending) clauses.push(pending);
  }
  return clauses.filter((clause) => clause !== '');
}
