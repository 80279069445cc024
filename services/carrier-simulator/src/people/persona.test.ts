import { behaviours } from '../domain/callee.ts';
import { bestScore } from '../domain/hearing.ts';
import { planFor, strangerAt } from './persona.ts';
import { behaviourAt, personSchema } from './person.ts';
import { readBackOf } from './truth.ts';

describe('a simulated patient', () => {
  const person = personSchema.parse({
    number: '+12025550143',
    behaviour: 'move',
    wants: { day: 'next Friday', accepts: 'second' },
  });

  it.each(behaviours)('has a plan: %s', (behaviour) => {
    const plan = planFor(person, behaviour);
    expect(plan).toEqual(planFor(person, behaviour));
    // Whoever decides something has heard the question; keys and a hang-up of one's own accord apart.
    for (const step of plan.steps)
      if (step.decides !== undefined && !step.hangUp)
        expect([step.id, step.onlyWhenHeard]).toEqual([step.id, true]);
  });

  it('says what they want in their own words', () => {
    const said = planFor(person, 'move').steps.map((s) => s.say);
    expect(said).toContain('next Friday');
    expect(said).toContain('the second one');
  });

  it('asks for their day when they are offered others, and means it', () => {
    const steps = planFor(person, 'book').steps.map(({ id, say, needs }) => [id, say, needs]);
    expect(steps).toContainEqual(['another-day', 'next Friday', []]);
    expect(steps).toContainEqual(['accept', 'the second one', ['another-day']]);
    expect(planFor(person, 'book').steps.find(({ id }) => id === 'meant-that')?.heard).toEqual([
      'did you say next friday',
    ]);
  });

  it('does another thing at the next call, and the last thing from then on', () => {
    const twice = personSchema.parse({ number: '+12025550143', behaviour: ['no-answer', 'confirm'] });
    expect([0, 1, 2].map((n) => behaviourAt(twice, n))).toEqual(['no-answer', 'confirm', 'confirm']);
    expect(strangerAt('+12025550105').behaviour).toBe('cancel');
  });

  const known = {
    appointment: { doctor: 'sharma', date: 'tuesday march the third', time: 'ten thirty a m' },
  };
  it.each([
    ['your appointment with doctor anita sharma on tuesday march the third at ten thirty a m', 'right'],
    ['your appointment with doctor david brown on friday may the sixth at two p m', 'different'],
    ['your appointment with doctor sharma', 'unclear'],
    ['', 'not-heard'],
  ])('compares what is read out with what they know: %s', (heard, verdict) => {
    expect(readBackOf(known, '', heard)).toBe(verdict);
  });
});

describe('what a patient makes of a question', () => {
  const about = 'doctor anita sharma on tuesday november the third at nine a m';
  const step = (behaviour: (typeof behaviours)[number], heard: string): string | undefined => {
    const { steps } = planFor(personSchema.parse({ number: '+12025550143', behaviour }), behaviour);
    let best: { id: string; score: number } | undefined;
    for (const { id, heard: phrases, needs } of steps) {
      const score = phrases && needs.length === 0 ? bestScore(heard, phrases) : 0;
      if (score > (best?.score ?? 0)) best = { id, score };
    }
    return best?.id;
  };
  const greeting =
    'hello this is the automated assistant of riverside clinic calling for emily walker this is an automated call if you want no more of these calls say stop calling me or press nine am i speaking with emily walker';
  const missed = `we missed you on tuesday november the third at nine a m with doctor anita sharma would you like a new appointment`;
  const free = 'doctor david brown is free on monday november the third at ten a m which one would you like';
  const bookIt = `i book an appointment for you on tuesday november the third at nine a m with doctor anita sharma`;
  const question = `you have an appointment with ${about} will you come you can also move it or cancel it`;

  it.each([
    ['confirm', greeting, 'its-me'],
    ['confirm', question, 'confirm'],
    ['confirm', 'sorry did you say yes', 'meant-yes'],
    ['confirm', 'sorry did you say cancel my appointment', 'not-that'],
    ['confirm', 'shall i cancel your appointment on tuesday november the third at nine a m', 'not-that'],
    ['confirm', 'would you like another time or should i cancel it', 'not-that'],
    ['confirm', 'thank you your appointment is confirmed goodbye', 'quiet'],
    ['cancel', question, 'cancel'],
    ['cancel', 'shall i cancel your appointment on tuesday november the third at nine a m', 'cancel-agreed'],
    ['cancel', 'sorry did you say cancel it please', 'meant-cancel'],
    ['cancel', 'sorry did you say move it please', 'not-that'],
    ['cancel', 'would you like another time or should i cancel it', 'rather-cancel'],
    ['move', question, 'move'],
    [
      'move',
      'doctor david brown is free on monday november the third at ten a m which one would you like',
      'accept',
    ],
    [
      'move',
      `i move your appointment to monday november the third at ten a m with doctor david brown is that right`,
      'move-agreed',
    ],
    ['do-not-call', greeting, 'its-me'],
    ['do-not-call', question, 'never-again'],
    ['do-not-call', 'do you want us to stop calling you', 'never-again-agreed'],
    ['opt-out-by-key', greeting, 'nine'],
    ['wrong-person', greeting, 'wrong'],
    ['wrong-person', 'can emily walker come to the phone', 'nobody'],
    ['asks-for-person', question, 'person'],
    ['book', greeting, 'its-me'],
    ['book', missed, 'book'],
    ['book', 'we would like to offer you a new appointment would you like one', 'book'],
    ['book', 'which doctor or department would you like', 'doctor'],
    ['book', 'which day would suit you', 'day'],
    ['book', free, 'accept'],
    ['book', `${bookIt} is that right`, 'book-agreed'],
    ['book', `you are booked for ${about} thank you goodbye`, 'quiet'],
    ['book-by-key', missed, 'book'],
    ['decline', missed, 'decline'],
    ['decline', 'sorry i did not get that would you like a new appointment say yes or press one', 'decline'],
    ['decline', `${bookIt} is that right`, 'not-that'],
    [
      'decline',
      'all right nothing has been arranged you can call riverside clinic at any time goodbye',
      'quiet',
    ],
    ['changes-mind', missed, 'book'],
    ['changes-mind', free, 'decline'],
    ['changes-mind', 'which doctor or department would you like', 'doctor'],
    ['changes-mind', 'all right please say a day such as next tuesday or march the third', 'decline'],
    ['changes-mind', `${bookIt} is that right`, 'not-that'],
    ['do-not-call', missed, 'never-again'],
    ['asks-for-person', missed, 'person'],
    [
      'asks-for-person',
      'i am asking a person at the clinic to take your call please stay on the line',
      'quiet',
    ],
  ] as const)('%s, asked "%s": %s', (behaviour, heard, id) => {
    expect(step(behaviour, heard)).toBe(id);
  });
});
