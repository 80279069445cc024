/** A piece of an utterance that is synthesised, sent and confirmed as one. */
export interface ClauseText {
  readonly text: string;
  /** Silence after it, in ms, which a comma or a full stop asks for. */
  readonly pauseMs: number;
}

const sentencePauseMs = 240;
const commaPauseMs = 120;
/** A first clause this short is worth its own synthesis: it is on the line while the rest is being made. */
const clauseCharsMin = 18;
/** Longer clauses are cut at a word: after an interruption a whole clause is repeated, and nobody wants ten seconds. */
const clauseCharsMax = 110;

/** Titles and initials whose full stop ends no sentence. */
const abbreviation = /(?:\b(?:dr|mr|mrs|ms|st|prof|no)|\b[a-z])\.$/i;

/**
 * Splits a text into clauses at sentence ends and, where enough stands before it, at commas. Joined with one blank they
 * give the text again (white space normalised).
 */
export function splitClauses(text: string): ClauseText[] {
  const clauses: ClauseText[] = [];
  let words: string[] = [];
  const close = (pauseMs: number): void => {
    if (words.length > 0) clauses.push({ text: words.join(' '), pauseMs });
    words = [];
  };
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (words.length > 0 && words.join(' ').length + 1 + word.length > clauseCharsMax) close(0);
    words.push(word);
    const length = words.join(' ').length;
    if (/[.!?]["')]?$/.test(word) && !abbreviation.test(word)) close(sentencePauseMs);
    else if (/[,;:]$/.test(word) && length >= clauseCharsMin) close(commaPauseMs);
  }
  close(0);
  return clauses.map((clause, index) => (index === clauses.length - 1 ? { ...clause, pauseMs: 0 } : clause));
}

/**
 * The words of a clause that were heard when `fraction` of its audio has been played. A word counts when it was heard to
 * its end; letters stand for time, which is off by less than a word.
 */
export function heardWords(text: string, fraction: number): string {
  if (fraction >= 1) return text;
  const heardChars = fraction * text.length;
  const words: string[] = [];
  let end = 0;
  for (const word of text.split(' ')) {
    end += word.length;
    if (end > heardChars) break;
    words.push(word);
    end += 1;
  }
  return words.join(' ');
}
