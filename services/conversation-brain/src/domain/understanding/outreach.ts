import {
  bookPhrases,
  cancelPhrases,
  cannotComePhrases,
  deceasedPhrases,
  declinePhrases,
  keepPhrases,
  laterPhrases,
  movePhrases,
  negations,
  notHerePhrases,
  otherPhrases,
  patientPhrases,
  restrictions,
  stopPhrases,
  turnedRound,
  unrestricted,
  whoPhrases,
  willComePhrases,
  wrongNumberPhrases,
} from './outreach-phrases.ts';
import { findPhrase, hasPhrase, type Tokens, without } from './words.ts';

/** What somebody may say who did not call but is called. */
export interface OutreachReading {
  /** `asked`: wants no more calls. `perhaps`: something like it, with a restriction that says otherwise. */
  readonly stopCalls: 'no' | 'perhaps' | 'asked';
  readonly whoIsThis: boolean;
  readonly wrongPerson: 'wrong-number' | 'not-here' | 'deceased' | undefined;
  /** "speaking", "that's me" */
  readonly isPatient: boolean;
  /** "that's not me", "this is his wife" */
  readonly isOther: boolean;
  /** "call me later": no answer now. */
  readonly later: boolean;
  readonly move: boolean;
  readonly cancel: boolean;
  readonly cannotCome: boolean;
  readonly willCome: boolean;
  readonly keep: boolean;
  /** "book me one", "can I come on": wants an appointment. */
  readonly book: boolean;
  /** "not interested", "I already have one": wants none. */
  readonly declines: boolean;
}

const restrictable = /^(don't|do not) (call|phone|ring)|^never call|^(stop|quit) (calling|phoning|ringing)/;

function readStopCalls(said: Tokens): OutreachReading['stopCalls'] {
  if (hasPhrase(said, turnedRound)) return 'no';
  let found: OutreachReading['stopCalls'] = 'no';
  for (const phrase of stopPhrases) {
    const span = findPhrase(said, phrase);
    if (!span) continue;
    if (!restrictable.test(phrase) || !isRestricted(said.slice(span.end))) return 'asked';
    found = 'perhaps';
  }
  return found;
}

/** Whether what follows "don't call me" says when, rather than ending there. */
function isRestricted(after: Tokens): boolean {
  const rest = after.filter((word, i) => !(i === 0 && (word === 'me' || word === 'us' || word === 'here')));
  if (unrestricted.some((phrase) => findPhrase(rest, phrase)?.start === 0)) {
    const first = unrestricted.map((phrase) => findPhrase(rest, phrase)).find((span) => span?.start === 0)!;
    const then = rest.slice(first.end);
    return then.length > 0 && isRestricted(then);
  }
  return rest[0] !== undefined && restrictions.has(rest[0]);
}

/** Whether one of the phrases stands there, and no negation shortly before it. */
function meant(said: Tokens, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => {
    for (let from = 0; ;) {
      const span = findPhrase(said, phrase, from);
      if (!span) return false;
      if (!said.slice(Math.max(0, span.start - 4), span.start).some((word) => negations.has(word)))
        return true;
      from = span.end;
    }
  });
}

export function readOutreach(said: Tokens): OutreachReading {
  const cannotCome = hasPhrase(said, cannotComePhrases);
  // "I can't make it, can we move it": the negation is that of the first half.
  const cannot = cannotComePhrases.flatMap((phrase) => findPhrase(said, phrase) ?? []);
  const rest = without(said, cannot);
  return {
    stopCalls: readStopCalls(said),
    whoIsThis: hasPhrase(said, whoPhrases),
    wrongPerson: hasPhrase(said, deceasedPhrases)
      ? 'deceased'
      : hasPhrase(said, wrongNumberPhrases)
        ? 'wrong-number'
        : hasPhrase(said, notHerePhrases)
          ? 'not-here'
          : undefined,
    isPatient: hasPhrase(said, patientPhrases) && !hasPhrase(said, otherPhrases),
    isOther: hasPhrase(said, otherPhrases),
    later: hasPhrase(said, laterPhrases),
    move: meant(rest, movePhrases),
    cancel: meant(rest, cancelPhrases),
    cannotCome,
    willCome: meant(rest, willComePhrases) && !cannotCome,
    keep: hasPhrase(said, keepPhrases) || (hasPhrase(rest, cancelPhrases) && !meant(rest, cancelPhrases)),
    book: meant(rest, bookPhrases),
    declines: hasPhrase(said, declinePhrases),
  };
}
