import { behaviours } from '../domain/callee.ts';
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
