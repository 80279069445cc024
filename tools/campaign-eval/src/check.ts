import type { AppointmentFact, CallFact, Facts, PatientFact, RecipientFact } from './facts.ts';
import { sameness } from './same-words.ts';
import { violationsOf } from './violations.ts';

export type Verdict = 'right' | 'wrong' | 'undecided' | 'handed-over' | 'not-called';

/** What became of a call that was going on when a service was killed. */
export type Fate =
  | 'went-on'
  | 'handed-over'
  | 'call-back'
  /** By another call. */
  | 'tried-again'
  /** It was not its time for another call yet. */
  | 'to-be-tried-again'
  | 'cut-off';

export interface Row {
  readonly patient: PatientFact;
  readonly verdict: Verdict;
  readonly result: string;
  readonly calls: number;
  readonly reasons: readonly string[];
  /** Undefined: they were not on the phone when a service was killed. */
  readonly interrupted: Fate | undefined;
}

export interface Report {
  readonly ok: boolean;
  readonly rows: readonly Row[];
  /** What is wrong with the run as a whole, whoever it was. */
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Of those who could be called and wanted something: the share whose wish was fulfilled. */
  readonly decidedAsWanted: number;
  readonly calls: number;
}

const decidedShareMin = 0.95;
const voicemailMsMin = 2_000;

/** Compares what was wanted, what was said on the phone and what became of it. Believes nobody. Pure. */
export function check(facts: Facts): Report {
  const rows = facts.patients.map((patient) => judge(patient, facts));
  const violations = violationsOf(facts);
  const counts: Record<Verdict, number> = {
    right: 0,
    wrong: 0,
    undecided: 0,
    'handed-over': 0,
    'not-called': 0,
  };
  for (const { verdict } of rows) counts[verdict] += 1;
  const wanting = rows.filter(
    ({ patient, verdict, interrupted }) =>
      patient.leave === 'may-be-called' &&
      patient.wish !== 'nothing' &&
      !(interrupted === 'to-be-tried-again' && verdict === 'undecided') &&
      !(patient.mayWait && verdict === 'not-called'),
  );
  const fulfilled = wanting.filter(({ verdict }) => verdict === 'right' || verdict === 'handed-over');
  const decidedAsWanted = wanting.length === 0 ? 0 : fulfilled.length / wanting.length;
  return {
    ok: violations.length === 0 && counts.wrong === 0 && decidedAsWanted >= decidedShareMin,
    rows,
    violations,
    counts,
    decidedAsWanted,
    calls: facts.calls.length,
  };
}

interface Case {
  readonly patient: PatientFact;
  readonly calls: readonly CallFact[];
  readonly recipient: RecipientFact | undefined;
  readonly before: AppointmentFact | undefined;
  readonly after: AppointmentFact | undefined;
  readonly facts: Facts;
}

type Change = 'unchanged' | 'confirmed' | 'cancelled' | 'moved' | 'gone';

function judge(patient: PatientFact, facts: Facts): Row {
  const shared = facts.patients.filter((p) => p.number !== '' && p.number === patient.number).length > 1;
  const recipient = facts.recipients.find((r) => r.externalId === patient.externalId);
  // Which of the two on one telephone was meant, only the campaign can say; what they decided counts for whom it called.
  const mine = patient.number !== '' && !(shared && recipient?.calls === 0);
  const calls = mine ? facts.calls.filter((c) => c.number === patient.number) : [];
  const one: Case = {
    patient,
    calls,
    recipient,
    before: patient.appointment,
    after: facts.appointments.find((a) => a.id === patient.appointment?.id),
    facts,
  };
  const { verdict, reasons } = patient.leave === 'may-be-called' ? ofCalled(one) : ofNotCallable(one);
  return {
    patient,
    verdict,
    result: one.recipient?.result ?? one.recipient?.state ?? '',
    calls: calls.length,
    reasons,
    interrupted: fateOf(one, verdict),
  };
}

function fateOf(one: Case, verdict: Verdict): Fate | undefined {
  const { calls, recipient, facts } = one;
  const cut = calls.findLastIndex((call) =>
    facts.interruptions.some(
      ({ atMs, backMs }) => call.dialledMs <= backMs && (call.endedMs === undefined || call.endedMs >= atMs),
    ),
  );
  const call = calls[cut];
  if (!call) return undefined;
  if (cut < calls.length - 1) return 'tried-again';
  if (call.transferredTo !== undefined) return 'handed-over';
  if (givenToPerson(one)) return 'call-back';
  if (verdict === 'right') return 'went-on';
  // Whoever still waited in the end was taken off the list with the campaign.
  const waits = recipient?.state !== 'settled' || recipient.result === 'not-called';
  return waits ? 'to-be-tried-again' : 'cut-off';
}

interface Judged {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}
const wrong = (...reasons: string[]): Judged => ({ verdict: 'wrong', reasons });
const judged = (verdict: Verdict, ...reasons: string[]): Judged => ({ verdict, reasons });

/** Nobody may have called them, and nothing of theirs may have changed. */
function ofNotCallable(one: Case): Judged {
  const { patient, calls, recipient } = one;
  const problems: string[] = [];
  if (calls.length > 0) problems.push(`was called although: ${patient.leave}`);
  const change = changeOf(one.before, one.after);
  if (change !== 'unchanged') problems.push(`the appointment was ${change} although nobody may call them`);
  if (patient.leave === 'bad-row' && recipient) problems.push('a row that cannot be used became a recipient');
  if (patient.leave !== 'bad-row' && !recipient) problems.push('is not in the campaign');
  if (recipient && spokenWith.has(recipient.result ?? ''))
    problems.push(`the result says "${recipient.result ?? ''}" although nobody may call them`);
  return problems.length > 0 ? wrong(...problems) : judged('not-called', patient.leave);
}

/** Results that claim a person was spoken with. */
const spokenWith = new Set([
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

function ofCalled(one: Case): Judged {
  const { patient, calls, recipient } = one;
  if (!recipient) return wrong('is not in the campaign');
  if (patient.appointment && !one.after) return wrong('the appointment is gone from the database');
  const change = changeOf(one.before, one.after);
  const result = recipient.result ?? '';
  if (calls.length === 0) {
    if (change !== 'unchanged') return wrong(`never called, but the appointment was ${change}`);
    if (spokenWith.has(result)) return wrong(`never called, but the result says "${result}"`);
    return judged('not-called', recipient.state === 'settled' ? result : recipient.state);
  }
  const falseClaim = claimProblem(change, result);
  if (falseClaim !== undefined) return wrong(falseClaim);
  const told = tellTale(one);
  if (told !== undefined) return wrong(told);
  switch (patient.wish) {
    case 'confirm':
      return ofConfirm(one, change);
    case 'cancel':
      return ofCancel(one, change);
    case 'move':
      return ofMove(one, change);
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

function changeOf(before: AppointmentFact | undefined, after: AppointmentFact | undefined): Change {
  if (!before) return 'unchanged';
  if (!after) return 'gone';
  if (after.status !== before.status) return 'cancelled';
  if (after.startMs !== before.startMs || after.doctor !== before.doctor) return 'moved';
  return after.confirmed !== before.confirmed ? 'confirmed' : 'unchanged';
}

/** What the campaign says of the appointment must be what the appointment is. */
function claimProblem(change: Change, result: string): string | undefined {
  const claims: Readonly<Record<string, Change>> = {
    confirmed: 'confirmed',
    moved: 'moved',
    cancelled: 'cancelled',
  };
  const claimed = claims[result];
  if (claimed !== undefined && claimed !== change)
    return `the result says "${result}", the appointment is ${change}`;
  const silent = ['not-reached', 'not-called', 'not-allowed', 'invalid-number', 'voicemail-left'];
  if (change !== 'unchanged' && silent.includes(result))
    return `the appointment was ${change}, the result says "${result}"`;
  return undefined;
}

/** Whoever is not the patient, a machine above all, must not hear of the appointment. */
function tellTale({ patient, calls, facts }: Case): string | undefined {
  const stranger = patient.behaviour === 'wrong-person';
  for (const call of calls) {
    const heard = stranger ? call.heard.join(' ') : (call.machine?.message ?? '');
    const secret = facts.secretWords.find((word) => new RegExp(`\\b${word}\\b`, 'i').test(heard));
    if (secret !== undefined)
      return `${stranger ? 'a stranger' : 'a machine'} was told of the appointment ("${secret}")`;
  }
  return undefined;
}

const decided = (calls: readonly CallFact[], ...words: string[]): boolean =>
  calls.some((call) => call.decisions.some(({ decision }) => words.includes(decision)));

/** Nothing came of it, and nothing was done: no harm, and not what was wanted. */
const without = (one: Case, what: string): Judged =>
  judged('undecided', `${what}; the result is "${one.recipient?.result ?? one.recipient?.state ?? ''}"`);

/** A person of the clinic has it now: nothing was done that was not wanted. */
function givenToPerson({ calls, patient, facts }: Case): boolean {
  return (
    calls.some((call) => call.transferredTo !== undefined) ||
    facts.callBacks.some(({ number }) => number === patient.number)
  );
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
    const call = one.calls.findLast((c) => c.decisions.some((d) => d.decision === 'move-agreed'));
    const agreed = call?.decisions.findLast((d) => d.decision === 'move-agreed')?.heard;
    if (!call || agreed === undefined) return wrong('moved, though they agreed to no time');
    const { date, time } = one.facts.spoken(one.after!.startMs);
    const heard = sameness(agreed, { date, time });
    const last = sameness(call.heard.at(-1) ?? '', { date, time });
    // A word that the line swallowed at the question may be made up for by what was said at the end.
    if (heard === 'different' || (heard === 'unclear' && last === 'different'))
      return wrong(`moved to ${date} ${time}, they agreed to "${agreed}"`);
    if (heard === 'unclear' && last === 'unclear')
      return without(one, `moved to ${date} ${time}; what they agreed to could not be made out: "${agreed}"`);
    return judged('right', `${date} ${time}`);
  }
  if (givenToPerson(one)) return judged('handed-over', 'wanted another time');
  return without(one, 'wanted another time');
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
  if (entered && asked < 0) return wrong('is opted out without having asked for it');
  if (entered) {
    const later = calls.length - 1 - asked;
    return later > 0 ? wrong(`was called ${later} times more after that`) : judged('right');
  }
  return without(one, 'wanted no more calls');
}

function ofNothing(one: Case, change: Change): Judged {
  const { patient, recipient, calls, facts } = one;
  const result = recipient?.result ?? '';
  if (change !== 'unchanged') return wrong(`decided nothing, the appointment was ${change}`);
  if (facts.optedOut.includes(patient.number)) return wrong('is opted out without having asked for it');
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
