import { conductOf, seedOf, usualBehaviour, type Behaviour, type Conduct } from '../domain/callee.ts';
import { createRandom } from '../domain/sound.ts';
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
  yes: ['yes', 'yes please', 'yes that is right'],
  noMore: ['no thank you'],
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

function stepsOf(person: Person, behaviour: Behaviour, say: (kind: keyof typeof ways) => string): Step[] {
  const hello: Step = { id: 'hello', say: say('hello'), afterMs: 500 };
  const stillThere: Step = { id: 'hello-again', say: 'hello?', afterSilenceMs: 6_000, needs: ['hello'] };
  const itsMe: Step = {
    id: 'its-me',
    say: say('itsMe'),
    heard: expected.identity,
    onlyWhenHeard: true,
    again: true,
  };
  const listenOn: Step = { id: 'quiet', staySilent: true, heard: expected.goodbye, onlyWhenHeard: true };
  const noMore: Step = {
    id: 'no-more',
    say: say('noMore'),
    heard: expected.anythingElse,
    onlyWhenHeard: true,
    again: true,
  };
  const talk = (...between: Step[]): Step[] => [hello, stillThere, itsMe, ...between, noMore, listenOn];

  switch (behaviour) {
    case 'confirm':
    case 'confused':
      return talk(
        ...(behaviour === 'confused'
          ? [{ id: 'confused', say: say('confused'), heard: expected.keep, onlyWhenHeard: true }]
          : []),
        {
          id: 'confirm',
          say: say('confirm'),
          heard: expected.keep,
          decides: 'confirm',
          onlyWhenHeard: true,
          again: true,
          ...(behaviour === 'confused' ? { needs: ['confused'] } : {}),
        },
        {
          id: 'yes',
          say: 'yes',
          heard: expected.didYouSayYes,
          decides: 'confirm',
          onlyWhenHeard: true,
          again: true,
        },
      );
    case 'confirm-by-key':
      return talk({
        id: 'confirm',
        press: '1',
        heard: expected.keep,
        decides: 'confirm',
        onlyWhenHeard: true,
        again: true,
      });
    case 'cancel':
      return talk(
        {
          id: 'cancel',
          say: say('cancel'),
          heard: expected.keep,
          decides: 'cancel',
          onlyWhenHeard: true,
          again: true,
        },
        {
          id: 'yes',
          say: say('yes'),
          heard: expected.reallyCancel,
          decides: 'cancel-agreed',
          onlyWhenHeard: true,
          again: true,
        },
        { id: 'no-other', say: 'no', heard: expected.otherInstead, onlyWhenHeard: true, again: true },
      );
    case 'move':
      return talk(
        {
          id: 'move',
          say: say('move'),
          heard: expected.keep,
          decides: 'move',
          onlyWhenHeard: true,
          again: true,
        },
        { id: 'yes-move', say: 'yes', heard: expected.reallyMove, onlyWhenHeard: true, again: true },
        {
          id: 'day',
          say: person.wants?.day ?? 'next Tuesday',
          heard: expected.whichDay,
          onlyWhenHeard: true,
          again: true,
        },
        {
          id: 'time',
          say: person.wants?.time ?? 'in the morning',
          heard: expected.whatTime,
          onlyWhenHeard: true,
          again: true,
        },
        {
          id: 'accept',
          say: person.wants?.accepts === 'second' ? 'the second one' : 'the first one',
          heard: expected.whichOne,
          decides: 'chose',
          onlyWhenHeard: true,
          again: true,
        },
        {
          id: 'suits',
          say: 'yes',
          heard: expected.wouldThatSuit,
          decides: 'chose',
          onlyWhenHeard: true,
          again: true,
        },
        {
          id: 'right',
          say: say('yes'),
          heard: expected.isThatRight,
          decides: 'move-agreed',
          onlyWhenHeard: true,
          again: true,
        },
      );
    case 'asks-for-person':
      return talk(
        {
          id: 'person',
          say: say('person'),
          heard: expected.keep,
          decides: 'person',
          onlyWhenHeard: true,
          again: true,
        },
        { id: 'yes', say: 'yes', heard: expected.didYouSayYes, onlyWhenHeard: true, again: true },
      );
    case 'do-not-call':
      return talk(
        {
          id: 'never-again',
          say: say('neverAgain'),
          heard: expected.keep,
          decides: 'opt-out',
          onlyWhenHeard: true,
          again: true,
        },
        {
          id: 'yes',
          say: 'yes',
          heard: expected.reallyNeverAgain,
          decides: 'opt-out-agreed',
          onlyWhenHeard: true,
          again: true,
        },
      );
    case 'opt-out-by-key':
      return [
        hello,
        stillThere,
        {
          id: 'nine',
          press: '9',
          heard: [...expected.identity, ...expected.keep],
          decides: 'opt-out',
          onlyWhenHeard: true,
          again: true,
        },
        { id: 'yes', say: 'yes', heard: expected.reallyNeverAgain, onlyWhenHeard: true, again: true },
        listenOn,
      ];
    case 'wrong-person':
      return [
        hello,
        stillThere,
        {
          id: 'wrong',
          say: say('wrongPerson'),
          heard: expected.identity,
          decides: 'wrong-person',
          onlyWhenHeard: true,
          again: true,
        },
        noMore,
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
