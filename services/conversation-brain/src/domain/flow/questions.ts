import type { Expectation } from '@wardline/dialogue-words';
import { spokenDoctor } from '../clinic.ts';
import { listed, prompts } from '../prompts.en.ts';
import type { Ask } from '../state.ts';
import type { WhoWish } from '../understanding/who.ts';
import { describeOffer } from './offer.ts';
import { askNodeOf, filled, noteAsked } from './script.ts';
import { type Context, listen, say, type Step } from './step.ts';

export interface Question {
  /** Empty while a tool works: there is nothing to ask. */
  readonly text: string;
  readonly expects: readonly Expectation[];
  /** Silence until the caller counts as silent. */
  readonly noInputMs: number;
}

const expectsOf: Record<Ask, readonly Expectation[]> = {
  open: ['open'],
  who: ['doctor-or-department', 'date', 'open'],
  day: ['date', 'time'],
  time: ['time', 'date'],
  name: ['person-name'],
  phone: ['digits'],
};

const shortMs = 6_000;
const thinkingMs = 9_000;

/**
 * The question that the dialogue waits on, made from the state alone: a successor asks the same one. `again` is the
 * wording for somebody who did not answer the first.
 */
export function questionOf(step: { s: Step['s']; context: Context }, again = false): Question {
  const { s, context } = step;
  const pick = (two: readonly [string, string]): string => (again ? two[1] : two[0]);
  const yesNo = (text: string): Question => ({ text, expects: ['yes-no'], noInputMs: shortMs });
  if (s.aside) {
    if (s.aside.kind === 'emergency') return yesNo(prompts.isEmergency[s.aside.asked > 1 ? 1 : 0]);
    if (s.aside.kind === 'heard') return yesNo(prompts.didYouSay(s.aside.text));
    if (s.aside.kind === 'stop-calls') return yesNo(prompts.stopAll);
    return yesNo(s.script ? prompts.onlyAppointment : prompts.onlyBooking);
  }
  switch (s.phase.kind) {
    case 'new':
      return { text: prompts.greeting(context.clinic.assistantName), expects: ['open'], noInputMs: shortMs };
    case 'asking':
      return {
        text: pick(prompts.ask[s.phase.what]),
        // Whoever was called for a new time may want none: an ear that waits for a day alone hears no "no thank you".
        expects: s.progress?.job ? [...expectsOf[s.phase.what], 'yes-no'] : expectsOf[s.phase.what],
        noInputMs: s.phase.what === 'phone' ? thinkingMs : shortMs,
      };
    case 'which-who': {
      const options = s.phase.options.map((who) => spokenWho(who, context));
      const expects: Expectation[] =
        options.length === 1 ? ['yes-no', 'doctor-or-department'] : ['doctor-or-department'];
      const lead = again && options.length > 1 ? `${prompts.whom} ` : '';
      return { text: lead + prompts.didYouMean(listed(options)), expects, noInputMs: shortMs };
    }
    case 'choosing': {
      const { offer } = s.phase;
      const ending = pick(offer.length === 1 ? prompts.wouldThatDo : prompts.whichOne);
      const expects: Expectation[] = ['time', 'date', 'yes-no'];
      return { text: `${describeOffer(offer, context.clinic)} ${ending}`, expects, noInputMs: thinkingMs };
    }
    case 'confirming': {
      const details = s.readBack?.details ?? '';
      return yesNo(again ? prompts.confirmAgain(details) : prompts.confirm(details));
    }
    case 'changing':
      return {
        text: pick(s.script ? prompts.changingTime : prompts.changing),
        expects: ['open', 'date', 'time'],
        noInputMs: shortMs,
      };
    case 'offering-call-back':
      return yesNo(pick(prompts.mayCallBack));
    case 'closing':
      return { text: pick(prompts.closing), expects: ['yes-no', 'open'], noInputMs: shortMs };
    case 'scripted': {
      const node = askNodeOf(step);
      const texts = (again ? node?.again : undefined) ?? node?.texts;
      return {
        text: (texts && filled(step, texts)) ?? '',
        expects: node?.expects ?? ['yes-no'],
        noInputMs: (node?.silenceSeconds ?? 0) * 1_000 || shortMs,
      };
    }
    case 'picked-up':
      return { text: '', expects: ['open'], noInputMs: 1_500 };
    case 'doing':
    case 'opting-out':
    case 'handing-off':
    case 'finding':
    case 'holding':
    case 'booking':
    case 'calling-back':
    case 'leaving':
    case 'gone':
    case 'over':
      return { text: '', expects: ['open'], noInputMs: thinkingMs };
    default:
      return s.phase satisfies never;
  }
}

/** Says `lead`, then the question, then listens: every turn of the agent ends so. */
export function ask(
  step: Step,
  o: { lead?: string | undefined; again?: boolean; noInputMs?: number } = {},
): void {
  const question = questionOf(step, o.again ?? false);
  const text = [o.lead ?? '', question.text].filter((part) => part !== '').join(' ');
  if (text !== '') say(step, text);
  if (!step.s.aside) noteAsked(step, question.text);
  listen(step, question.expects, o.noInputMs ?? question.noInputMs);
}

export function spokenWho(who: WhoWish, context: Context): string {
  if (who.kind === 'department') return who.department;
  if (who.kind === 'any') return 'any doctor';
  const doctor = context.clinic.doctors.find(({ doctorId }) => doctorId === who.doctorId);
  return doctor ? spokenDoctor(doctor.name) : 'that doctor';
}
