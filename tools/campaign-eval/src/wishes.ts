import type {
  AppointmentFact,
  CallFact,
  Facts,
  NewAppointmentFact,
  PatientFact,
  RecipientFact,
} from './facts.ts';
import { sameness } from './same-words.ts';

export type Verdict = 'right' | 'wrong' | 'undecided' | 'handed-over' | 'not-called';

export interface Case {
  readonly patient: PatientFact;
  readonly calls: readonly CallFact[];
  readonly recipient: RecipientFact | undefined;
  readonly before: AppointmentFact | undefined;
  readonly after: AppointmentFact | undefined;
  /** Appointments of theirs that the campaign brought about. */
  readonly fresh: readonly NewAppointmentFact[];
  readonly facts: Facts;
}

export type Change = 'unchanged' | 'confirmed' | 'cancelled' | 'moved' | 'gone';

export interface Judged {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

export const wrong = (...reasons: string[]): Judged => ({ verdict: 'wrong', reasons });
export const judged = (verdict: Verdict, ...reasons: string[]): Judged => ({ verdict, reasons });

/** Results that claim a person was spoken with. */
export const spokenWith = new Set([
  'confirmed',
  'moved',
  'cancelled',
  'booked',
  'handed-over',
  'call-back',
  'opted-out',
  'voicemail-left',
  'no-decision',
]);

export const decided = (calls: readonly CallFact[], ...words: string[]): boolean =>
  calls.some((call) => call.decisions.some(({ decision }) => words.includes(decision)));

/** Nothing came of it, and nothing was done: no harm, and not what was wanted. */
const without = (one: Case, what: string): Judged =>
  judged('undecided', `${what}; the result is "${one.recipient?.result ?? one.recipient?.state ?? ''}"`);

/** A person of the clinic has it now: nothing was done that was not wanted. */
export function givenToPerson({ calls, patient, facts }: Case): boolean {
  return (
    calls.some((call) => call.transferredTo !== undefined) ||
    facts.callBacks.some(({ number }) => number === patient.number)
  );
}

const voicemailMsMin = 2_000;

/** What became of somebody who was called, against what they wanted. Pure. */
export function ofWish(one: Case, change: Change): Judged {
  const { patient } = one;
  switch (patient.wish) {
    case 'confirm':
      return ofConfirm(one, change);
    case 'cancel':
      return ofCancel(one, change);
    case 'move':
      return ofMove(one, change);
    case 'book':
      return ofBook(one, change);
    case 'decline':
      return ofDecline(one, change);
    case 'person':
      return ofPerson(one, change);
    case 'no-more-calls':
      return ofOptOut(one, change);
    case 'nothing':
      return ofNothing(one, change);
    default:
      return patient.wish satisfies never;
  }
}

function ofConfirm(one: Case, change: Change): Judged {
  const said = decided(one.calls, 'confirm');
  if (change === 'cancelled' || change === 'moved')
    return wrong(`wanted to come, the appointment was ${change}`);
  if (change === 'confirmed')
    return said ? judged('right') : wrong('confirmed, though they were never heard to agree to anything');
  if (givenToPerson(one)) return judged('handed-over', 'wanted to come');
  return without(one, said ? 'said that they will come, and it was not noted' : 'did not come to say it');
}

function ofCancel(one: Case, change: Change): Judged {
  if (change === 'confirmed' || change === 'moved')
    return wrong(`wanted to cancel, the appointment was ${change}`);
  if (change === 'cancelled')
    return decided(one.calls, 'cancel-agreed', 'cancel')
      ? judged('right')
      : wrong('cancelled, though they were never heard to say so');
  if (givenToPerson(one)) return judged('handed-over', 'wanted to cancel');
  return without(one, 'wanted to cancel');
}

function ofMove(one: Case, change: Change): Judged {
  if (change === 'cancelled' || change === 'confirmed')
    return wrong(`wanted another time, the appointment was ${change}`);
  if (change === 'moved') {
    return ofAgreedTime(one, { decision: 'move-agreed', done: 'moved to', startMs: one.after!.startMs });
  }
  if (givenToPerson(one)) return judged('handed-over', 'wanted another time');
  return without(one, 'wanted another time');
}

/** The time that an appointment has now must be the one that was read out to them when they said yes. */
function ofAgreedTime(one: Case, o: { decision: string; done: string; startMs: number }): Judged {
  const call = one.calls.findLast((c) => c.decisions.some((d) => d.decision === o.decision));
  const agreed = call?.decisions.findLast((d) => d.decision === o.decision)?.heard;
  const { date, time } = one.facts.spoken(o.startMs);
  const now = `${o.done} ${date} ${time}`;
  if (!call || agreed === undefined) return wrong(`${now}, though they agreed to no time`);
  const heard = sameness(agreed, { date, time });
  const last = sameness(call.heard.at(-1) ?? '', { date, time });
  // A word that the line swallowed at the question may be made up for by what was said at the end.
  if (heard === 'different' || (heard === 'unclear' && last === 'different'))
    return wrong(`${now}, they agreed to "${agreed}"`);
  if (heard === 'unclear' && last === 'unclear')
    return without(one, `${now}; what they agreed to could not be made out: "${agreed}"`);
  return judged('right', `${date} ${time}`);
}

function ofBook(one: Case, change: Change): Judged {
  const { patient, fresh } = one;
  const [made, ...more] = fresh;
  if (change !== 'unchanged') return wrong(`wanted a new appointment, the missed one was ${change}`);
  if (more.length > 0) return wrong(`has ${fresh.length} new appointments`);
  if (made) {
    if (made.status !== 'booked') return wrong(`the new appointment is ${made.status}`);
    if (patient.doctor !== undefined && made.doctor !== patient.doctor)
      return wrong('the new appointment is with another doctor');
    return ofAgreedTime(one, { decision: 'book-agreed', done: 'booked for', startMs: made.startMs });
  }
  if (givenToPerson(one)) return judged('handed-over', 'wanted a new appointment');
  return without(one, 'wanted a new appointment');
}

function ofDecline(one: Case, change: Change): Judged {
  if (change !== 'unchanged') return wrong(`wanted nothing, the missed appointment was ${change}`);
  if (decided(one.calls, 'decline') && one.recipient?.result === 'no-decision') return judged('right');
  if (givenToPerson(one)) return judged('handed-over', 'wanted no new appointment');
  return without(one, 'wanted no new appointment');
}

function ofPerson(one: Case, change: Change): Judged {
  if (change !== 'unchanged') return wrong(`wanted a person, the appointment was ${change}`);
  if (givenToPerson(one)) return judged('handed-over');
  return without(one, 'wanted a person, got none and is on no list');
}

function ofOptOut(one: Case, change: Change): Judged {
  const { patient, recipient, facts, calls } = one;
  if (change !== 'unchanged') return wrong(`wanted no more calls, the appointment was ${change}`);
  const entered = facts.optedOut.includes(patient.number);
  const asked = calls.findIndex((call) => call.decisions.some(({ decision }) => decision === 'opt-out'));
  if (recipient?.result === 'opted-out' && !entered) return wrong('was told so, but is not opted out');
  if (entered) {
    const later = calls.length - 1 - asked;
    return later > 0 ? wrong(`was called ${later} times more after that`) : judged('right');
  }
  return without(one, 'wanted no more calls');
}

function ofNothing(one: Case, change: Change): Judged {
  const { recipient, calls } = one;
  const result = recipient?.result ?? '';
  if (change !== 'unchanged') return wrong(`decided nothing, the appointment was ${change}`);
  const answered = calls.some((call) => call.answered);
  if (!answered && spokenWith.has(result)) return wrong(`nobody picked up, the result says "${result}"`);
  const machine = calls.find((call) => call.machine)?.machine;
  if (result === 'voicemail-left') {
    if (!machine) return wrong('a message was left, but not on a machine');
    if (machine.messageMs < voicemailMsMin)
      return wrong(`a message was left, but the machine has ${machine.messageMs} ms of it`);
  }
  if (machine && machine.overGreetingMs > 500)
    return wrong(`spoke ${machine.overGreetingMs} ms over the machine's greeting`);
  if (
    machine &&
    machine.messageMs > voicemailMsMin &&
    result !== 'voicemail-left' &&
    recipient?.state === 'settled'
  )
    return wrong(`a machine has a message, the result says "${result}"`);
  return judged('right', result);
}
