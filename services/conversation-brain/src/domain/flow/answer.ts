import { prompts } from '../prompts.en.ts';
import type { Slot } from '../state.ts';
import type { Reading } from '../understanding/understand.ts';
import { keyOf } from '../understanding/who.ts';
import { goodbye } from './leave.ts';
import { clearBooking, hasDetails, hold, proceed, takeDetails } from './collect.ts';
import { askForChange, onConfirming } from './confirm.ts';
import { fits } from './offer.ts';
import { ask } from './questions.ts';
import { answerScripted, begin, onJob } from './script.ts';
import { listen, localMoment, type Step } from './step.ts';

/** Result of reading an answer: `unclear` counts as not understood and is asked again. */
type Answered = 'done' | 'unclear';

/** What a confident utterance means as the answer to the question of the present phase. */
export function answer(step: Step, r: Reading): Answered {
  const { s } = step;
  switch (s.phase.kind) {
    case 'new':
      proceed(step);
      return 'done';
    case 'asking':
      return answerAsked(step, r, s.phase.what);
    case 'which-who':
      return answerWhich(step, r, s.phase.options);
    case 'choosing':
      return answerOffer(step, r, s.phase.offer);
    case 'confirming':
      return onConfirming(step, r);
    case 'changing':
      return answerChange(step, r);
    case 'offering-call-back':
      if (r.yesNo === 'yes') {
        s.callBack = { reason: 'other', note: '' };
        proceed(step);
        return 'done';
      }
      if (r.yesNo !== 'no') return 'unclear';
      s.phase = { kind: 'closing' };
      ask(step, { lead: prompts.allRight });
      return 'done';
    case 'closing':
      return answerClosing(step, r);
    case 'finding': {
      // The search is not over yet: a further wish starts it anew, its first answer is then ignored.
      if (!hasDetails(r)) return waitOn(step);
      if (takeDetails(step, r) === 'taken') proceed(step);
      return 'done';
    }
    case 'picked-up':
      begin(step);
      return 'done';
    case 'scripted':
      return answerScripted(step, r);
    case 'doing':
    case 'opting-out':
    case 'handing-off':
    case 'holding':
    case 'booking':
    case 'calling-back':
      return waitOn(step);
    case 'leaving':
    case 'gone':
    case 'over':
      return 'done';
    default:
      return s.phase satisfies never;
  }
}

/** A tool is at work; its answer comes in a moment and speaks for itself. */
function waitOn(step: Step): Answered {
  listen(step, ['open'], 9_000);
  return 'done';
}

function answerAsked(
  step: Step,
  r: Reading,
  what: 'open' | 'who' | 'day' | 'time' | 'name' | 'phone',
): Answered {
  const { s } = step;
  if (what === 'phone') return answerPhone(step, r.digits);
  // "the fifth" is a day here; nothing was offered.
  const taken = takeDetails(step, r);
  if (taken === 'asked') return 'done';
  if (taken === 'taken') {
    proceed(step);
    return 'done';
  }
  if (
    (what === 'day' || what === 'time') &&
    (r.anyTime || r.choice?.kind === 'any' || r.choice?.kind === 'earliest')
  ) {
    if (!s.wish.days) s.wish.soonest = true;
    proceed(step);
    return 'done';
  }
  // Whoever wants none of the times, and names no other day either, wants no appointment.
  if (s.progress?.job && (r.yesNo === 'no' || r.intents.includes('no-thanks'))) {
    onJob(step, 'declined');
    return 'done';
  }
  if (what === 'open') {
    if (r.intents.includes('book')) {
      proceed(step);
      return 'done';
    }
    if (r.yesNo === 'no' || r.intents.includes('no-thanks')) {
      goodbye(step);
      return 'done';
    }
  }
  return 'unclear';
}

function answerPhone(step: Step, digits: string): Answered {
  const number = toE164(digits, step.context.clinic.callingCode);
  if (number === undefined) return 'unclear';
  step.s.phone = { number, said: true };
  proceed(step);
  return 'done';
}

/** E.164 from what was said, with the clinic's own country when none was; undefined when it can be no number. */
export function toE164(digits: string, callingCode: string): string | undefined {
  const country = callingCode.replace('+', '');
  if (digits.startsWith('00')) return inRange(digits.slice(2));
  if (digits.startsWith(country) && digits.length >= 11) return inRange(digits);
  const national = digits.replace(/^0/, '');
  if (country === '1') return national.length === 10 ? `+1${national}` : undefined;
  return national.length >= 9 && national.length <= 11 ? `+${country}${national}` : undefined;
}

function inRange(digits: string): string | undefined {
  return digits.length >= 10 && digits.length <= 15 ? `+${digits}` : undefined;
}

function answerWhich(
  step: Step,
  r: Reading,
  options: Extract<Step['s']['phase'], { kind: 'which-who' }>['options'],
): Answered {
  const { s } = step;
  const named = r.who?.kind === 'found' ? r.who.who : undefined;
  const index = r.choice?.kind === 'index' ? r.choice.index : undefined;
  const chosen =
    (named && options.find((option) => keyOf(option) === keyOf(named))) ??
    (index === undefined ? undefined : options[index]) ??
    (options.length === 1 && r.yesNo === 'yes' ? options[0] : named);
  if (chosen) {
    // Through the same door as everything else that is said about the booking.
    const taken = takeDetails(step, { ...r, who: { kind: 'found', who: chosen } });
    if (taken !== 'asked') proceed(step);
    return 'done';
  }
  if (r.yesNo === 'no' || r.choice?.kind === 'none') {
    s.phase = { kind: 'asking', what: 'who' };
    ask(step);
    return 'done';
  }
  return 'unclear';
}

function answerOffer(step: Step, r: Reading, offer: readonly Slot[]): Answered {
  const { s, context } = step;
  const local = offer.map((slot) => ({ slot, ...localMoment(slot.startMs, context.clinic) }));
  const pick = (slot: Slot | undefined): Answered => {
    if (!slot) return 'unclear';
    if (r.name !== undefined) s.name = r.name;
    hold(step, slot);
    return 'done';
  };
  const bareDay = r.date?.kind === 'days' && r.date.bareOrdinal === true;
  const { choice } = r;
  if (choice && (bareDay || !r.date)) {
    if (choice.kind === 'index' && choice.index < offer.length) return pick(offer[choice.index]);
    if (choice.kind === 'last' || choice.kind === 'latest') return pick(offer.at(-1));
    if (choice.kind === 'earliest' || choice.kind === 'any') return pick(offer[0]);
    if (choice.kind === 'none' && !r.time) return otherTime(step);
  }
  if (r.date?.kind === 'days' || r.time) {
    const days = r.date?.kind === 'days' ? r.date.days : undefined;
    const hits = local.filter(
      (one) =>
        (!days || (one.date >= days.first && one.date <= days.last)) &&
        (!r.time || fits(one.minutes, r.time)),
    );
    if (hits.length === 1 && r.who === undefined && r.yesNo !== 'no') return pick(hits[0]!.slot);
  }
  if (hasDetails(r)) {
    // A time alone means one on the day that was just spoken of.
    const dates = new Set(local.map((one) => one.date));
    if (r.time && !r.date && dates.size === 1) s.wish.days = { first: local[0]!.date, last: local[0]!.date };
    if (takeDetails(step, r) === 'taken') proceed(step);
    return 'done';
  }
  if (r.shift) {
    const [first, last] = [local[0]!, local.at(-1)!];
    s.wish.days =
      r.shift === 'earlier' ? { first: first.date, last: first.date } : { first: last.date, last: last.date };
    s.wish.time =
      r.shift === 'earlier'
        ? { kind: 'window', from: 0, to: first.minutes }
        : { kind: 'window', from: last.minutes + 1, to: 24 * 60 };
    proceed(step);
    return 'done';
  }
  if (r.yesNo === 'yes' && offer.length === 1) return pick(offer[0]);
  if (r.yesNo === 'yes') {
    ask(step, { again: true });
    return 'done';
  }
  return r.yesNo === 'no' ? otherTime(step) : 'unclear';
}

function otherTime(step: Step): Answered {
  const { s } = step;
  delete s.wish.time;
  delete s.wish.days;
  s.wish.soonest = false;
  s.phase = { kind: 'asking', what: 'day' };
  ask(step, { again: true, lead: prompts.allRight });
  return 'done';
}

function answerChange(step: Step, r: Reading): Answered {
  if (hasDetails(r)) {
    if (takeDetails(step, r) !== 'asked') proceed(step);
    return 'done';
  }
  if (r.topic !== undefined || r.shift !== undefined) {
    askForChange(step, r);
    return 'done';
  }
  if (r.yesNo === 'no') {
    // "no, nothing": read it back once more rather than guess.
    proceed(step);
    return 'done';
  }
  return 'unclear';
}

function answerClosing(step: Step, r: Reading): Answered {
  const { s } = step;
  if (r.intents.includes('book') || r.who?.kind === 'found' || r.date?.kind === 'days') {
    clearBooking(s);
    if (takeDetails(step, r) !== 'asked') proceed(step);
    return 'done';
  }
  if (r.yesNo === 'no' || r.intents.includes('no-thanks') || r.intents.includes('goodbye')) {
    goodbye(step);
    return 'done';
  }
  if (r.yesNo === 'yes') {
    s.phase = { kind: 'asking', what: 'open' };
    ask(step, { lead: prompts.allRight });
    return 'done';
  }
  return 'unclear';
}
