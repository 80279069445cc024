import { z } from 'zod';
import { behaviours, detections, type Behaviour } from '../domain/callee.ts';

/** Somebody with a telephone, as the harness describes them: `PUT /control/people`. */
const number = z.string().regex(/^\+\d{8,15}$/, 'must be a number in E.164');
const words = z.string().trim().min(1).max(200);
const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'HH:MM');

const isTimeZone = (id: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: id }) !== undefined;
  } catch {
    // The only thing the constructor throws for is an unknown zone.
    return false;
  }
};

export const personSchema = z.strictObject({
  number,
  /** What they do when they are called; of several, one for each call, the last one from then on. */
  behaviour: z.union([z.enum(behaviours), z.array(z.enum(behaviours)).min(1).max(10)]),
  name: words.optional(),
  /** Where what is said differs from person to person, this decides. By default it follows from the number. */
  seed: z.number().int().min(0).optional(),
  ringMs: z.number().int().min(0).max(600_000).optional(),
  /** How long they talk to a caller who is transferred to them. */
  talkMs: z.number().int().min(100).max(600_000).optional(),
  /**
   * Somebody who wants another time: how they name it, and which of the offered ones they take. With a day they ask for that
   * day when they are offered others. The doctor is named where none is known.
   */
  wants: z
    .strictObject({
      doctor: words.optional(),
      day: words.optional(),
      time: words.optional(),
      accepts: z.enum(['first', 'second']).default('first'),
    })
    .optional(),
  /** The appointment they know of, in the words it is read out with; what they hear is compared with it. */
  appointment: z
    .strictObject({ doctor: words.optional(), date: words.optional(), time: words.optional() })
    .optional(),
  /** What a machine says. */
  greeting: z.string().trim().min(1).max(400).optional(),
  beep: z.boolean().default(true),
  /** What the carrier takes them for; by default what they are. */
  detection: z
    .strictObject({
      result: z.enum(detections),
      afterMs: z.number().int().min(0).max(60_000).optional(),
    })
    .optional(),
  /** When they may be called at all. What breaks it is noted, the call goes through. */
  mayBeCalled: z
    .union([
      z.literal('never'),
      z.strictObject({
        timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone'),
        from: localTime,
        to: localTime,
        isoWeekdays: z.array(z.number().int().min(1).max(7)).default([1, 2, 3, 4, 5, 6, 7]),
      }),
    ])
    .optional(),
  webhooks: z
    .strictObject({
      duplicate: z.boolean().default(false),
      shuffle: z.boolean().default(false),
      delayMs: z.number().int().min(0).max(30_000).default(0),
    })
    .prefault({}),
  /** The answer to the dial command is so late; its webhooks do not wait for it. */
  dialAnswerDelayMs: z.number().int().min(0).max(10_000).default(0),
  /** The whole plan of the person who picks up, instead of what goes with the behaviour (`scenarios/*.yaml`: `steps`). */
  steps: z.array(z.record(z.string(), z.unknown())).max(60).optional(),
});

export type Person = z.infer<typeof personSchema>;
export type PersonInput = z.input<typeof personSchema>;

export const peopleBody = z.strictObject({
  people: z.array(personSchema).max(20_000),
  /** Forgets everybody described before, and all that is known of earlier calls. */
  replace: z.boolean().default(false),
});

/** What they do at their n-th call, from 0. */
export function behaviourAt(person: Pick<Person, 'behaviour'>, nth: number): Behaviour {
  if (typeof person.behaviour === 'string') return person.behaviour;
  return person.behaviour[Math.min(nth, person.behaviour.length - 1)]!;
}
