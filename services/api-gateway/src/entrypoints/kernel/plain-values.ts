import { Problem } from '../problem.ts';

/** Deeper than anything that is meant, and shallow enough for whatever goes through it by recursion. */
const DEPTH_MAX = 64;

/**
 * Refuses what no part of the platform could keep, whatever a schema says: texts with NUL or with half a character (lone
 * surrogates), which PostgreSQL and UTF-8 do not have, and values that are nested beyond reason.
 *
 * @throws Problem 422, with the fields
 */
export function assertPlain(value: unknown): void {
  const problems: { field: string; problem: string }[] = [];
  // Without recursion: what it looks for would end it.
  const left: { value: unknown; path: readonly string[] }[] = [{ value, path: [] }];
  for (let one = left.pop(); one && problems.length < 20; one = left.pop()) {
    const { value: given, path } = one;
    if (path.length > DEPTH_MAX) {
      problems.push({ field: path.slice(0, 5).join('.'), problem: `nested more than ${DEPTH_MAX} deep` });
      break;
    }
    if (typeof given === 'string') {
      const problem = problemOfText(given);
      if (problem) problems.push({ field: path.join('.'), problem });
    } else if (typeof given === 'object' && given !== null) {
      for (const [name, inner] of Object.entries(given)) {
        const problem = problemOfText(name);
        if (problem) problems.push({ field: path.join('.'), problem: `a name in it ${problem}` });
        left.push({ value: inner, path: [...path, name] });
      }
    }
  }
  if (problems.length > 0)
    throw new Problem(422, 'invalid', 'The request has texts that cannot be kept.', { problems });
}

function problemOfText(text: string): string | undefined {
  if (text.includes('\0')) return 'has a NUL character';
  return text.isWellFormed() ? undefined : 'has half a character (a lone surrogate)';
}
