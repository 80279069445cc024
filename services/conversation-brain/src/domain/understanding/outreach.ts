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
}

const stopPhrases: readonly string[] = [
  'stop calling',
  'stop phoning',
  'stop ringing',
  'stop the calls',
  'stop these calls',
  'stop all calls',
  'stop your calls',
  'quit calling',
  "don't call me",
  'do not call me',
  "don't call again",
  'do not call again',
  "don't call here",
  'do not call here',
  "don't call this number",
  'do not call this number',
  "don't call us",
  'do not call us',
  "don't ever call",
  'do not ever call',
  "don't you call me",
  'never call',
  'do not call list',
  "don't phone me",
  'do not phone me',
  "don't ring me",
  'no more calls',
  'no more of these calls',
  'no calls please',
  "don't want these calls",
  "don't want any calls",
  "don't want any more calls",
  "don't want more calls",
  "don't want to be called",
  "don't want you to call",
  'do not want to be called',
  'do not want these calls',
  'take me off',
  'take my number off',
  'take us off',
  'take this number off',
  'get me off',
  'remove me',
  'remove my number',
  'remove us from',
  'remove this number',
  'delete my number',
  'lose my number',
  'unsubscribe',
  'opt out',
  'opt me out',
  'leave me alone',
  'stop bothering me',
  'stop harassing me',
];

/** What turns it round: whoever says this does not want the calls to stop. */
const turnedRound: readonly string[] = [
  "don't stop calling",
  'do not stop calling',
  "didn't ask you to stop",
  'did not ask you to stop',
  "didn't say stop",
  'never said stop',
  "don't take me off",
  'do not take me off',
  "don't remove me",
  'do not remove me',
  "don't want you to stop",
  'do not want you to stop',
  "don't opt",
  'why did you stop calling',
  "don't unsubscribe",
];

/** "don't call me before noon": a wish about when or how, not about whether. */
const restrictions: ReadonlySet<string> = new Set(
  (
    'before after until till on at in between during today tomorrow tonight now later early late earlier so this next while when ' +
    'monday tuesday wednesday thursday friday saturday sunday weekends weekdays mornings evenings mister doctor an a'
  ).split(' '),
);
/** "don't call me at all", "on this number", "in the future": no restriction, though it begins like one. */
const unrestricted: readonly string[] = [
  'at all',
  'at this number',
  'on this number',
  'on my number',
  'at my number',
  'in the future',
  'in future',
  'any more',
  'anymore',
  'ever again',
  'ever',
  'again',
  'this number',
];
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

const whoPhrases: readonly string[] = [
  'who is this',
  "who's this",
  'who are you',
  'who is calling',
  "who's calling",
  'who am i speaking',
  'who am i talking',
  'where are you calling from',
  'what is this about',
  "what's this about",
  'what is this call about',
  'what company',
  'are you a robot',
  'is this a robot',
  'are you a machine',
  'is this a machine',
  'is this a recording',
  'are you real',
  'are you a real person',
  'is this a real person',
  'am i talking to a machine',
  'am i talking to a robot',
  'is this a computer',
  'are you a computer',
];

const wrongNumberPhrases: readonly string[] = [
  'wrong number',
  'the wrong person',
  'wrong person',
  'no one by that name',
  'nobody by that name',
  'no one of that name',
  'nobody of that name',
  'no one here by that name',
  'nobody here by that name',
  "doesn't live here",
  'does not live here',
  'no longer lives here',
  "don't know him",
  "don't know her",
  "don't know who that is",
  "don't know anybody",
  "don't know anyone",
  "don't know that person",
  'no such person',
];
const notHerePhrases: readonly string[] = [
  'not here',
  "isn't here",
  'not home',
  'not at home',
  "isn't home",
  'not in',
  'not available',
  "isn't available",
  'not around',
  "can't come to the phone",
  'cannot come to the phone',
  'at work',
  'is out',
  "he's out",
  "she's out",
  'is asleep',
  'is sleeping',
  'in the shower',
];
const laterPhrases: readonly string[] = [
  'call back later',
  'call me later',
  'call me back',
  'call later',
  'call again later',
  'try again later',
  'some other time please',
  'not a good time',
  'bad time',
  "i'm driving",
  'i am driving',
  "can't talk",
  'cannot talk',
  'in a meeting',
];
const deceasedPhrases: readonly string[] = [
  'passed away',
  'deceased',
  'is dead',
  'died',
  "she's dead",
  "he's dead",
];

const patientPhrases: readonly string[] = [
  'speaking',
  'this is me',
  "that's me",
  'that is me',
  "it's me",
  'it is me',
  'this is she',
  'this is he',
  'this is her',
  'this is him',
];
const otherPhrases: readonly string[] = [
  "i'm not",
  'i am not',
  'not me',
  "isn't me",
  "isn't him",
  "isn't her",
  'not him',
  'not her',
  'not speaking',
  'his wife',
  'her husband',
  'his husband',
  'her wife',
  'his mother',
  'her mother',
  'his father',
  'her father',
  'his son',
  'her son',
  'his daughter',
  'her daughter',
  'his brother',
  'her brother',
  'his sister',
  'her sister',
];
const movePhrases: readonly string[] = [
  'move it',
  'move my',
  'move the',
  'move that',
  'to move',
  'reschedule',
  'postpone',
  'rebook',
  'another time',
  'another day',
  'another date',
  'another appointment',
  'different time',
  'different day',
  'different date',
  'other time',
  'other day',
  'new time',
  'new date',
  'new appointment',
  'change it',
  'change the',
  'change my',
  'to change',
  'push it',
  'some other time',
  'later date',
  'move',
];
const cancelPhrases: readonly string[] = [
  'cancel',
  'canceled',
  'cancelled',
  'cancelling',
  'canceling',
  'cancellation',
  'call it off',
  'call off',
];
const cannotComePhrases: readonly string[] = [
  "can't make it",
  'cannot make it',
  "can't come",
  'cannot come',
  "can't be there",
  'cannot be there',
  "won't be able",
  'will not be able',
  'not able to',
  'unable to',
  "won't be there",
  'will not be there',
  "won't come",
  'will not come',
  "won't make it",
  'will not make it',
  "i'm not coming",
  'not coming',
  "can't attend",
  'cannot attend',
  "can't do that",
  "doesn't work",
  'does not work',
  "i'm busy",
  'i am busy',
  "couldn't make it",
  "can't do it",
  'not going to come',
  'not going to make it',
];
const willComePhrases: readonly string[] = [
  "i'll come",
  'i will come',
  "i'll be there",
  'i will be there',
  "we'll be there",
  'we will be there',
  "i'll be in",
  "i'll make it",
  'i will make it',
  'i can make it',
  'i can come',
  "i'm coming",
  'i am coming',
  'see you then',
  'see you there',
  'confirm',
  'confirmed',
  'i confirm',
  'i will',
  'i plan to',
];
const keepPhrases: readonly string[] = [
  'keep it',
  'keep my',
  'keep the',
  'keep that',
  'leave it',
  'stay with',
  'stick with',
  'as it is',
  'forget it',
  'never mind',
  'nevermind',
  'changed my mind',
];
/** "don't cancel it", "I don't want to move it", "no need to cancel". */
const negations: ReadonlySet<string> = new Set(
  "don't not never didn't wouldn't doesn't without cannot can't".split(' '),
);

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
  };
}
