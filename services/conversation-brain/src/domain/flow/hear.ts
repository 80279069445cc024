import { prompts } from '../prompts.en.ts';
import type { CallBackReason } from '../state.ts';
import { type Reading, understand } from '../understanding/understand.ts';
import { answer } from './answer.ts';
import { clearBooking, hasDetails, proceed, today } from './collect.ts';
import { companyMs, go, goodbye, toEmergency, toPerson } from './leave.ts';
import { optOut } from './opt-out.ts';
import { alwaysOutbound, hearOverLastWords } from './outreach.ts';
import { ask, questionOf } from './questions.ts';
import { begin } from './script.ts';
import { listen, release, say, type Step } from './step.ts';

/** So many turns in a row without sense, and a person takes over. */
const failuresMax = 3;
/** The voice's pace after "slower". */
const slowRate = 0.8;

export function read(step: Step, text: string): Reading {
  const { expects } = questionOf(step);
  return understand(text, { today: today(step), clinic: step.context.clinic, expects });
}

/** A turn that may be acted on. What must work at any time comes first, in order of urgency. */
export function hearConfident(step: Step, text: string): void {
  const { s } = step;
  const r = read(step, text);
  if (r.emergency === 'strong') return toEmergency(step);
  if (s.aside?.kind === 'emergency') return answerEmergency(step, r);
  if (r.emergency === 'possible') return checkEmergency(step);
  // Once the commit is on its way nobody can take it back by a word; what follows is dealt with after its answer.
  if (s.phase.kind === 'leaving') return hearWhileLeaving(step, r, text);
  if (s.phase.kind === 'gone') return listen(step, ['open'], 9_000);
  if (s.phase.kind === 'handing-off') return hearWhileWaiting(step, r);
  if (s.script ? alwaysOutbound(step, r, text) : always(step, r, text)) return understood(s);
  if (s.aside && answerAside(step, r)) return;
  delete s.aside;
  if (answer(step, r) === 'done') return understood(s);
  notUnderstood(step);
}

function understood(s: Step['s']): void {
  s.failures = 0;
  s.denied = [];
}

/** What works at every question. Returns whether it was that. */
function always(step: Step, r: Reading, text: string): boolean {
  const { s } = step;
  const has = (intent: Reading['intents'][number]): boolean => r.intents.includes(intent);
  const busy = ['holding', 'booking', 'calling-back'].includes(s.phase.kind);
  if (has('person')) {
    toPerson(step, 'caller-asked', prompts.asking);
    return true;
  }
  if (busy) return false;
  if (sayAgain(step, r)) return true;
  // In the middle of a booking "move it to friday" corrects what is being booked.
  const correcting =
    s.phase.kind === 'confirming' || s.phase.kind === 'changing' || s.phase.kind === 'choosing';
  const reason = r.intents.find(
    (one): one is CallBackReason & Reading['intents'][number] =>
      one === 'cancel-appointment' || (one === 'move-appointment' && !(correcting && hasDetails(r))),
  );
  if (reason) {
    release(step);
    clearBooking(s);
    delete s.aside;
    s.callBack = {
      reason: reason === 'cancel-appointment' ? reason : 'move-appointment',
      note: text.slice(0, 400),
    };
    proceed(step);
    return true;
  }
  if (has('give-up')) {
    release(step);
    clearBooking(s);
    delete s.callBack;
    delete s.aside;
    s.phase = { kind: 'closing' };
    ask(step, { lead: s.outcome ? prompts.allRight : prompts.nothingArranged });
    return true;
  }
  if (takeTime(step, r)) return true;
  // "yes, that's all" at the read-back is a yes.
  if (has('goodbye') && r.yesNo !== 'yes' && !hasDetails(r)) {
    goodbye(step);
    return true;
  }
  if (has('other-topic') && !hasDetails(r) && r.yesNo !== 'yes') {
    s.aside = { kind: 'person' };
    ask(step);
    return true;
  }
  return false;
}

/** "say that again", "slower": the last words once more. */
export function sayAgain(step: Step, r: Reading): boolean {
  const { s } = step;
  const slower = r.intents.includes('slower');
  if (!slower && !r.intents.includes('repeat')) return false;
  if (slower) s.rate = slowRate;
  const question = questionOf(step);
  if (s.lastSaid !== '') say(step, s.lastSaid);
  listen(step, question.expects, question.noInputMs);
  return true;
}

/** "one moment": silence is allowed for a while. */
export function takeTime(step: Step, r: Reading): boolean {
  const { s } = step;
  if (!r.intents.includes('hold-on') || hasDetails(r) || r.yesNo === 'yes') return false;
  const question = questionOf(step);
  const { lastSaid } = s;
  say(step, prompts.takeYourTime);
  // "repeat" after that means the question.
  s.lastSaid = lastSaid;
  listen(step, question.expects, 20_000);
  return true;
}

/** A person is being asked for: only who does not want to wait changes that, or wants no more calls. */
function hearWhileWaiting(step: Step, r: Reading): void {
  if (step.s.script && r.outreach.stopCalls === 'asked') return optOut(step, { source: 'voice', note: '' });
  if (r.intents.includes('give-up') || r.intents.includes('goodbye')) return goodbye(step);
  listen(step, ['open'], companyMs);
}

/** The answer to a question in between. False: it was no answer, so it is read as one to the question beneath. */
function answerAside(step: Step, r: Reading): boolean {
  const { s } = step;
  const { aside } = s;
  if (!aside) return false;
  if (aside.kind === 'person') {
    if (r.yesNo === 'unclear') return false;
    delete s.aside;
    if (r.yesNo === 'yes') toPerson(step, 'caller-asked', prompts.asking);
    else ask(step, { lead: prompts.allRight });
    return true;
  }
  if (aside.kind === 'stop-calls') {
    if (r.yesNo === 'unclear') return false;
    delete s.aside;
    if (r.yesNo === 'yes') optOut(step, { source: 'voice', note: aside.note });
    else ask(step, { lead: prompts.allRight });
    return true;
  }
  if (aside.kind !== 'heard' || hasDetails(r) || r.yesNo === 'unclear') return false;
  delete s.aside;
  if (r.yesNo === 'yes') hearConfident(step, aside.text);
  else {
    s.denied = [...s.denied, aside.text].slice(-6);
    ask(step, { lead: prompts.allRight, again: true });
  }
  return true;
}

export function checkEmergency(step: Step): void {
  const { s } = step;
  s.aside = { kind: 'emergency', asked: s.aside?.kind === 'emergency' ? s.aside.asked + 1 : 1 };
  ask(step);
}

/**
 * "Is this a medical emergency?" Only a no goes back to booking. No answer that can be understood, or silence, counts as
 * a yes the second time: someone who cannot speak must not be asked which day suits them, and a call put through in vain
 * costs a minute of somebody's time.
 */
function answerEmergency(step: Step, r: Reading): void {
  const { s } = step;
  if (r.yesNo === 'yes') return toEmergency(step);
  if (r.intents.includes('person')) return toPerson(step, 'caller-asked', prompts.asking);
  if (r.yesNo === 'no') {
    delete s.aside;
    return ask(step, { lead: prompts.allRight });
  }
  emergencyUnanswered(step);
}

export function emergencyUnanswered(step: Step): void {
  if (step.s.aside?.kind === 'emergency' && step.s.aside.asked >= 2) return toEmergency(step);
  checkEmergency(step);
}

/** Last words are being spoken. To a person: nothing stops that but an emergency. Good-bye: a new wish does. */
function hearWhileLeaving(step: Step, r: Reading, text: string): void {
  const { s } = step;
  if (s.phase.kind !== 'leaving') return;
  if (s.phase.how.kind !== 'hang-up') return s.phase.interrupted ? go(step) : listen(step, ['open'], 10_000);
  if (s.script) return hearOverLastWords(step, r, text);
  const wish =
    hasDetails(r) ||
    r.intents.some((intent) => !['goodbye', 'no-thanks', 'hold-on', 'repeat'].includes(intent));
  if (wish) {
    s.phase = { kind: 'asking', what: 'open' };
    return hearConfident(step, text);
  }
  if (s.phase.interrupted) go(step);
  else listen(step, ['open'], 10_000);
}

/**
 * Heard, but not well enough to act on. An emergency phrase is the exception that is not acted on either, but asked
 * about at once: the recogniser makes sentences of its own domain out of noise, so that acting would send many callers
 * to the emergency desk for nothing, and ignoring it could cost a life.
 */
export function hearUnsure(step: Step, text: string): void {
  const { s } = step;
  if (s.phase.kind === 'leaving' || s.phase.kind === 'gone') return hearWhileLeavingUnsure(step);
  const r = read(step, text);
  if (s.aside?.kind === 'emergency') return emergencyUnanswered(step);
  if (r.emergency !== 'none') return checkEmergency(step);
  if (s.phase.kind === 'picked-up') return begin(step);
  if (s.script && r.outreach.stopCalls !== 'no' && !isBusy(s)) {
    s.aside = { kind: 'stop-calls', note: text.slice(0, 200) };
    return ask(step);
  }
  const yesNoOnly =
    s.aside !== undefined || ['confirming', 'offering-call-back', 'closing'].includes(s.phase.kind);
  const useful =
    hasDetails(r) ||
    (s.phase.kind === 'scripted' && (r.outreach.cancel || r.outreach.move || r.outreach.cannotCome)) ||
    r.intents.some((one) => ['person', 'cancel-appointment', 'move-appointment', 'book'].includes(one));
  if (useful && !yesNoOnly && !isBusy(s) && s.failures + 1 < failuresMax && text.length <= 120) {
    s.failures++;
    s.aside = { kind: 'heard', text };
    return ask(step);
  }
  notUnderstood(step);
}

function hearWhileLeavingUnsure(step: Step): void {
  if (step.s.phase.kind === 'leaving' && step.s.phase.interrupted) go(step);
  else listen(step, ['open'], 10_000);
}

const isBusy = (s: Step['s']): boolean =>
  ['finding', 'holding', 'booking', 'calling-back', 'doing', 'opting-out', 'handing-off'].includes(
    s.phase.kind,
  );

/** Asked again in other words; the third time in a row a person takes over. */
export function notUnderstood(step: Step): void {
  const { s } = step;
  if (s.phase.kind === 'leaving' || s.phase.kind === 'gone') return hearWhileLeavingUnsure(step);
  if (s.aside?.kind === 'emergency') return emergencyUnanswered(step);
  if (isBusy(s)) return listen(step, ['open'], 9_000);
  if (s.phase.kind === 'picked-up') return begin(step);
  s.failures++;
  s.figures.notUnderstood++;
  if (s.failures >= failuresMax) return toPerson(step, 'not-understood', prompts.notUnderstood);
  // A check of something misheard that is itself misheard leads nowhere: back to the question.
  if (s.aside?.kind === 'heard' || s.aside?.kind === 'stop-calls') delete s.aside;
  ask(step, { lead: prompts.pardon, again: true });
}
