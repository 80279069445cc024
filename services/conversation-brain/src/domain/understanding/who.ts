import { type ClinicFacts, nameParts } from '../clinic.ts';
import { commonWords } from './common-words.ts';
import { likeness } from './likeness.ts';
import { hasPhrase, type Span, type Tokens, tokensOf } from './words.ts';

/** Whom the caller wants to see. */
export type WhoWish =
  | { readonly kind: 'doctor'; readonly doctorId: string }
  | { readonly kind: 'department'; readonly department: string }
  | { readonly kind: 'any' };

export type WhoReading =
  | { readonly kind: 'found'; readonly who: WhoWish; readonly span?: Span }
  /** Several fit about equally well: the caller chooses, we never do. */
  | { readonly kind: 'ambiguous'; readonly options: readonly WhoWish[] }
  /** One fits, but not well enough to go on without asking. */
  | { readonly kind: 'unsure'; readonly who: WhoWish }
  /** "doctor" and a name that nobody here has. */
  | { readonly kind: 'unknown' };

/** Found from here on; between the two the caller is asked; below, nobody was named. */
const foundFrom = 0.8;
const unsureFrom = 0.62;
/** Candidates this close to the best are as good as it. */
const tie = 0.06;

interface Candidate {
  readonly who: WhoWish;
  readonly score: number;
  readonly span: Span;
  /** Named as a person ("doctor brown"), which goes before a department in the same sentence. */
  readonly byName: boolean;
}

export interface WhoContext {
  readonly clinic: ClinicFacts;
  /** The question was about doctor or department: weaker likeness is worth a question back. */
  readonly expectsWho: boolean;
}

export function readWho(tokens: Tokens, context: WhoContext): WhoReading | undefined {
  const best = candidates(tokens, context);
  const top = best[0];
  if (top && top.score >= foundFrom) {
    const rivals = best.filter((other) => other.byName === top.byName && top.score - other.score < tie);
    if (rivals.length > 1) return { kind: 'ambiguous', options: rivals.slice(0, 3).map(({ who }) => who) };
    return { kind: 'found', who: top.who, span: top.span };
  }
  const named = namedRegion(tokens);
  const asking = context.expectsWho || named !== undefined;
  if (top && asking && top.score >= unsureFrom) {
    const rivals = best.filter((other) => top.score - other.score < tie);
    return rivals.length > 1
      ? { kind: 'ambiguous', options: rivals.slice(0, 3).map(({ who }) => who) }
      : { kind: 'unsure', who: top.who };
  }
  if (named) return { kind: 'unknown' };
  if (hasPhrase(tokens, ['any doctor', 'anyone', 'anybody', 'whoever', 'any of them', 'any of the doctors']))
    return any;
  if (
    context.expectsWho &&
    hasPhrase(tokens, ["doesn't matter", "don't mind", "don't care", 'no preference', 'either', 'any'])
  )
    return any;
  return undefined;
}

const any: WhoReading = { kind: 'found', who: { kind: 'any' } };

/** Position after "doctor" where a name stands; undefined when none does ("see a doctor on monday"). */
function namedRegion(tokens: Tokens): number | undefined {
  for (let i = 0; i < tokens.length; i++) {
    const next = tokens[i + 1];
    if (tokens[i] === 'doctor' && next !== undefined && !commonWords.has(next) && /^[a-z]/.test(next))
      return i + 1;
  }
  return undefined;
}

/** Every doctor and department with its best likeness, best first; people before departments. */
function candidates(tokens: Tokens, { clinic }: WhoContext): Candidate[] {
  const all: Candidate[] = [];
  for (const doctor of clinic.doctors) {
    const who: WhoWish = { kind: 'doctor', doctorId: doctor.doctorId };
    const parts = nameParts(doctor.name);
    const last = parts.at(-1) ?? '';
    const full = bestWindow(tokens, parts);
    // Full name said: a little ahead of another of the same last name.
    if (full && parts.length > 1) all.push({ who, byName: true, span: full.span, score: full.score + 0.1 });
    const lastOnly = bestWindow(tokens, [last]);
    if (lastOnly) all.push({ who, byName: true, ...lastOnly });
    const first = parts.length > 1 ? bestWindow(tokens, [parts[0]!]) : undefined;
    if (first && tokens[first.span.start - 1] === 'doctor')
      all.push({ who, byName: true, ...first, score: first.score - 0.05 });
  }
  for (const department of new Set(clinic.doctors.map((doctor) => doctor.department))) {
    const names = clinic.doctors.filter((d) => d.department === department).flatMap((d) => d.alsoCalled);
    for (const phrase of [department, ...names]) {
      const window = bestWindow(tokens, tokensOf(phrase));
      if (window) all.push({ who: { kind: 'department', department }, byName: false, ...window });
    }
  }
  const best = new Map<string, Candidate>();
  for (const candidate of all) {
    const key = keyOf(candidate.who);
    if (candidate.score > (best.get(key)?.score ?? 0)) best.set(key, candidate);
  }
  return [...best.values()].sort(
    (a, b) =>
      Number(b.byName && b.score >= foundFrom) - Number(a.byName && a.score >= foundFrom) ||
      b.score - a.score,
  );
}

export function keyOf(who: WhoWish): string {
  return who.kind === 'doctor'
    ? `doctor ${who.doctorId}`
    : who.kind === 'department'
      ? `department ${who.department}`
      : 'any';
}

function bestWindow(tokens: Tokens, phrase: readonly string[]): { span: Span; score: number } | undefined {
  let best: { span: Span; score: number } | undefined;
  const consider = (start: number, end: number, score: number): void => {
    if (score > (best?.score ?? 0.5) && !isExcluded(tokens, start)) best = { span: { start, end }, score };
  };
  for (let start = 0; start < tokens.length; start++) {
    const end = start + phrase.length;
    if (end <= tokens.length) {
      consider(start, end, Math.min(...phrase.map((word, k) => wordScore(tokens[start + k]!, word))));
    }
    // A recogniser that does not know a word writes two: "card eology".
    if (phrase.length === 1 && start + 2 <= tokens.length && phrase[0]!.length > 5) {
      const pair = tokens.slice(start, start + 2);
      const joined = likeness(pair.join(''), phrase[0]!);
      if (joined >= foundFrom && !pair.every((word) => commonWords.has(word)))
        consider(start, start + 2, joined);
    }
  }
  return best;
}

/** A word of everyday speech is a name only when it is exactly that: "hall" may be, "morning" is not like "Morrison". */
function wordScore(said: string, wanted: string): number {
  if (said === wanted) return 1;
  return commonWords.has(said) ? 0 : likeness(said, wanted);
}

/** "not doctor brown" names whom the caller does not want. */
function isExcluded(tokens: Tokens, start: number): boolean {
  const before = tokens
    .slice(Math.max(0, start - 3), start)
    .filter((word) => !['doctor', 'with', 'the', 'a'].includes(word));
  return before.at(-1) === 'not';
}
