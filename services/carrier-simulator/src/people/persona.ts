import { conductOf, seedOf, usualBehaviour, type Behaviour, type Conduct } from '../domain/callee.ts';
import { createRandom } from '@wardline/seeded-random';
import { parseScenario, type Scenario } from '../scenario/scenario.ts';
import { personSchema, type Person } from './person.ts';
import { expected } from './expected-phrases.ts';

/**
 * Simulated patients who are called: what each of them says, and when. They act on what they hear; a step that decides
 * something is never taken by guess. Which of several ways of saying it they use follows from their seed.
 */
type Step = Readonly<Record<string, unknown>>;

const ways = {
  hello: ['Hello?', 'Yes, hello?', 'Hello?'],
  itsMe: ['yes', 'yes it is', 'yes'],
  confirm: ['yes', 'yes please', 'yes'],
  move: ['I want to move my appointment', 'I need another time', 'move it please'],
  cancel: ['I want to cancel my appointment', 'cancel it please', 'cancel my appointment'],
  book: ['yes', 'yes please', 'yes please'],
  decline: ['no thank you', 'no', 'no thanks'],
  yes: ['yes', 'yes please', 'yes that is right'],
  confused: ['sorry what did you say', 'who is this', 'sorry I do not understand'],
  wrongPerson: ['no you have the wrong number', 'no', 'no wrong number'],
  person: ['I want to speak to a person please', 'can I speak to a person', 'a real person please'],
  neverAgain: ['do not call me again', 'stop calling me', 'please do not call me again'],
} as const;

const usualGreeting =
  'Hello. Nobody can take your call right now. Please leave a message after the tone, and we will call you back.';

/** Somebody whom nobody has described. */
export const strangerAt = (number: string): Person =>
  personSchema.parse({ number, behaviour: usualBehaviour(number) });

export const conductFor = (person: Person, behaviour: Behaviour): Conduct =>
  conductOf({ ...person, behaviour, seed: person.seed ?? seedOf(person.number) });

export function planFor(person: Person, behaviour: Behaviour, nth = 0): Scenario {
  const seed = (person.seed ?? seedOf(person.number)) + nth;
  const random = createRandom(seed);
  const say = (kind: keyof typeof ways): string => {
    const these: readonly string[] = ways[kind];
    return these[Math.floor(random() * these.length)]!;
  };
  return parseScenario(
    {
      name: behaviour,
      title: `a person who is called: ${behaviour}`,
      to: person.number,
      seed,
      webhooks: person.webhooks,
      patienceMs: 3_000,
      // A machine hangs up after a while of silence; a person says hello again, and later gives up.
      deadAirMsMax: behaviour === 'machine' ? 12_000 : 25_000,
      callMsMax: 240_000,
      steps: person.steps ?? stepsOf(person, behaviour, say),
      expect: { state: 'COMPLETED', outcome: ['NOT_BOOKED'], appointment: 'none', confirmations: 0 },
    },
    behaviour,
  );
}

/** Whichever of the ready scripts it is: what the call is about. */
const about = [...expected.keep, ...expected.newAppointment];

/** A step that is only ever taken in answer to one of these questions, as often as it is asked. */
const to = (heard: readonly string[], id: string, what: Step): Step => ({
  id,
  ...what,
  heard,
  onlyWhenHeard: true,
  again: true,
});

function stepsOf(person: Person, behaviour: Behaviour, say: (kind: keyof typeof ways) => string): Step[] {
  const hello: Step = { id: 'hello', say: say('hello'), afterMs: 500 };
  const stillThere: Step = { id: 'hello-again', say: 'hello?', afterSilenceMs: 8_000, needs: ['hello'] };
  const itsMe = to(expected.identity, 'its-me', { say: say('itsMe') });
  const listenOn: Step = { id: 'quiet', staySilent: true, heard: expected.goodbye, onlyWhenHeard: true };
  const meantYes = to(expected.didYouSayYes, 'meant-yes', { say: 'yes' });
  const meantNo = to(expected.didYouSayNo, 'meant-no', { say: 'no' });
  const noPerson = to(expected.somethingElse, 'no-person', { say: 'no' });
  // Whoever is taken for wanting something else says so: a wrong "yes" here would be their own mistake.
  const notThat = (...others: (readonly string[])[]): Step => to(others.flat(), 'not-that', { say: 'no' });
  const { didYouSayMove, didYouSayCancel, didYouSayStop, reallyCancel, moveOrCancel, reallyNeverAgain } =
    expected;
  const talk = (...between: Step[]): Step[] => [
    hello,
    stillThere,
    itsMe,
    ...between,
    meantYes,
    meantNo,
    listenOn,
  ];
  const keeping = notThat(
    didYouSayMove,
    didYouSayCancel,
    didYouSayStop,
    reallyCancel,
    moveOrCancel,
    reallyNeverAgain,
  );

  switch (behaviour) {
    case 'confirm':
      return talk(
        to(expected.keep, 'confirm', { say: say('confirm'), decides: 'confirm' }),
        keeping,
        noPerson,
      );
    case 'confused':
      return talk(
        { id: 'confused', say: say('confused'), heard: expected.keep, onlyWhenHeard: true },
        to(expected.keep, 'confirm', { say: say('confirm'), decides: 'confirm', needs: ['confused'] }),
        keeping,
        noPerson,
      );
    case 'confirm-by-key':
      return talk(to(expected.keep, 'confirm', { press: '1', decides: 'confirm' }), keeping, noPerson);
    case 'cancel':
      return talk(
        to(expected.keep, 'cancel', { say: say('cancel'), decides: 'cancel' }),
        to(expected.moveOrCancel, 'rather-cancel', { say: 'cancel it please' }),
        to(expected.didYouSayCancel, 'meant-cancel', { say: 'yes' }),
        to(reallyCancel, 'cancel-agreed', { say: say('yes'), decides: 'cancel-agreed' }),
        notThat(didYouSayMove, didYouSayStop, reallyNeverAgain),
        noPerson,
      );
    case 'move':
      return talk(
        to(expected.keep, 'move', { say: say('move'), decides: 'move' }),
        to(expected.moveOrCancel, 'rather-move', { say: 'move it please' }),
        to(expected.didYouSayMove, 'meant-move', { say: 'yes' }),
        to(expected.whichDay, 'day', { say: person.wants?.day ?? 'next Tuesday' }),
        to(expected.whatTime, 'time', { say: person.wants?.time ?? 'in the morning' }),
        ...offered(person),
        to(expected.wouldThatSuit, 'suits', { say: 'yes', decides: 'chose' }),
        to(expected.isThatRight, 'move-agreed', { say: say('yes'), decides: 'move-agreed' }),
        notThat(didYouSayCancel, didYouSayStop, reallyCancel, reallyNeverAgain),
        noPerson,
      );
    case 'book':
    case 'book-by-key':
      return talk(
        to(expected.newAppointment, 'book', {
          ...(behaviour === 'book' ? { say: say('book') } : { press: '1' }),
          decides: 'book',
        }),
        to(expected.whichDoctor, 'doctor', { say: person.wants?.doctor ?? 'doctor brown' }),
        to(expected.whichDay, 'day', { say: person.wants?.day ?? 'next Tuesday' }),
        to(expected.whatTime, 'time', { say: person.wants?.time ?? 'in the morning' }),
        ...offered(person),
        to(expected.wouldThatSuit, 'suits', { say: 'yes', decides: 'chose' }),
        to(expected.isBookingRight, 'book-agreed', { say: say('yes'), decides: 'book-agreed' }),
        ...meantThat(person),
        notThat(didYouSayMove, didYouSayCancel, didYouSayStop, reallyCancel, reallyNeverAgain),
        noPerson,
      );
    case 'decline':
      return talk(
        to(expected.newAppointment, 'decline', { say: say('decline'), decides: 'decline' }),
        notThat(didYouSayMove, didYouSayCancel, didYouSayStop, reallyNeverAgain, expected.isBookingRight),
        noPerson,
      );
    case 'changes-mind':
      return talk(
        to(expected.newAppointment, 'book', { say: say('book') }),
        to(expected.whichDoctor, 'doctor', { say: person.wants?.doctor ?? 'doctor brown' }),
        to(
          [...expected.whichOne, ...expected.wouldThatSuit, ...expected.whichDay, ...expected.whatTime],
          'decline',
          { say: 'no thank you', decides: 'decline' },
        ),
        notThat(didYouSayMove, didYouSayCancel, didYouSayStop, reallyNeverAgain, expected.isBookingRight),
        noPerson,
      );
    case 'asks-for-person':
      return talk(
        to([...about, ...expected.somethingElse], 'person', {
          say: say('person'),
          decides: 'person',
        }),
      );
    case 'do-not-call':
      return talk(
        to(about, 'never-again', { say: say('neverAgain'), decides: 'opt-out' }),
        to([...reallyNeverAgain, ...didYouSayStop], 'never-again-agreed', {
          say: 'yes',
          decides: 'opt-out-agreed',
        }),
        notThat(didYouSayMove, didYouSayCancel, reallyCancel),
      );
    case 'opt-out-by-key':
      return talk(
        to([...expected.howToStop, ...about], 'nine', { press: '9', decides: 'opt-out' }),
        to(expected.reallyNeverAgain, 'never-again-agreed', { say: 'yes', decides: 'opt-out-agreed' }),
      ).filter((step) => step['id'] !== 'its-me');
    case 'wrong-person':
      return [
        hello,
        stillThere,
        to(expected.identity, 'wrong', { say: say('wrongPerson'), decides: 'wrong-person' }),
        to(expected.fetch, 'nobody', { say: 'no' }),
        meantYes,
        to(expected.didYouSayNo, 'meant-no', { say: 'yes' }),
        listenOn,
      ];
    case 'hangs-up':
      return [hello, { id: 'gone', hangUp: true, afterMs: 900, decides: 'hang-up' }];
    case 'silent':
      return [{ id: 'quiet', staySilent: true, afterMs: 0 }];
    case 'machine':
      return [
        { id: 'greeting', say: person.greeting ?? usualGreeting, afterMs: 400 },
        ...(person.beep ? [{ id: 'beep', tone: { hz: 1_000, ms: 400 }, afterMs: 500 }] : []),
        { id: 'record', staySilent: true, afterMs: 0 },
      ];
    case 'answers':
      return [hello, { id: 'quiet', staySilent: true, afterMs: 0 }];
    case 'no-answer':
    case 'busy':
    case 'rejects':
    case 'invalid':
    case 'refused':
      return [{ id: 'quiet', staySilent: true }];
    default:
      return behaviour satisfies never;
  }
}

/** Whoever named a doctor or a day says so again, when it was not well heard. */
function meantThat({ wants }: Person): Step[] {
  const named = [wants?.doctor, wants?.day].filter((words) => words !== undefined);
  if (named.length === 0) return [];
  return [
    to(
      named.map((words) => `did you say ${words.toLowerCase()}`),
      'meant-that',
      { say: 'yes' },
    ),
  ];
}

/** The times that are offered: one who wants another day says so once, then takes what there is. */
function offered(person: Person): Step[] {
  const choose = to(expected.whichOne, 'accept', {
    say: person.wants?.accepts === 'second' ? 'the second one' : 'the first one',
    decides: 'chose',
  });
  const day = person.wants?.day;
  if (day === undefined) return [choose];
  return [
    { id: 'another-day', say: day, heard: expected.whichOne, onlyWhenHeard: true },
    { ...choose, needs: ['another-day'] },
  ];
}
