import type { AppointmentFact, CallFact, Facts, PatientFact } from './facts.ts';
import { isOf, violationsOf } from './violations.ts';
import {
  type Case,
  type Change,
  decided,
  givenToPerson,
  type Judged,
  judged,
  ofWish,
  spokenWith,
  type Verdict,
  wrong,
} from './wishes.ts';

export type { Verdict } from './wishes.ts';

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

function judge(patient: PatientFact, facts: Facts): Row {
  const recipient = facts.recipients.find((r) => r.externalId === patient.externalId);
  const calls = callsOf(patient, facts);
  const one: Case = {
    patient,
    calls,
    recipient,
    before: patient.appointment,
    after: facts.appointments.find((a) => a.id === patient.appointment?.id),
    fresh: facts.newAppointments.filter((a) => isOf(a, patient)),
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

/**
 * Which of the two on one telephone was meant, only the campaign can say; what they decided counts for whom it called. It
 * knows of a call by its own clock, a moment before the carrier does.
 */
function callsOf(patient: PatientFact, facts: Facts): CallFact[] {
  if (patient.number === '') return [];
  const calls = facts.calls.filter((c) => c.number === patient.number);
  const sharers = facts.patients.filter((p) => p.number === patient.number);
  if (sharers.length < 2) return calls;
  const apart = (externalId: string, atMs: number): number => {
    const one = facts.recipients.find((r) => r.externalId === externalId);
    return Math.min(...(one?.dialledMs ?? []).map((ms) => Math.abs(ms - atMs)));
  };
  return calls.filter((call) => {
    const mine = apart(patient.externalId, call.dialledMs);
    return mine < Infinity && sharers.every((p) => apart(p.externalId, call.dialledMs) >= mine);
  });
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

/** Nobody may have called them, and nothing of theirs may have changed. */
function ofNotCallable(one: Case): Judged {
  const { patient, calls, recipient } = one;
  const problems: string[] = [];
  if (calls.length > 0) problems.push(`was called although: ${patient.leave}`);
  const change = changeOf(one.before, one.after);
  if (change !== 'unchanged') problems.push(`the appointment was ${change} although nobody may call them`);
  if (one.fresh.length > 0) problems.push('a new appointment was made although nobody may call them');
  if (patient.leave === 'bad-row' && recipient) problems.push('a row that cannot be used became a recipient');
  if (patient.leave !== 'bad-row' && !recipient) problems.push('is not in the campaign');
  if (recipient && spokenWith.has(recipient.result ?? ''))
    problems.push(`the result says "${recipient.result ?? ''}" although nobody may call them`);
  return problems.length > 0 ? wrong(...problems) : judged('not-called', patient.leave);
}

function ofCalled(one: Case): Judged {
  const { patient, calls, recipient } = one;
  if (!recipient) return wrong('is not in the campaign');
  if (patient.appointment && !one.after) return wrong('the appointment is gone from the database');
  const change = changeOf(one.before, one.after);
  const result = recipient.result ?? '';
  if (calls.length === 0) {
    if (change !== 'unchanged') return wrong(`never called, but the appointment was ${change}`);
    if (one.fresh.length > 0) return wrong('never called, but has a new appointment');
    if (spokenWith.has(result)) return wrong(`never called, but the result says "${result}"`);
    return judged('not-called', recipient.state === 'settled' ? result : recipient.state);
  }
  const falseClaim = claimProblem(change, result) ?? bookingClaimProblem(one, result);
  if (falseClaim !== undefined) return wrong(falseClaim);
  if (patient.wish !== 'book' && one.fresh.length > 0) return wrong('has a new appointment and wanted none');
  const told = tellTale(one);
  if (told !== undefined) return wrong(told);
  if (one.facts.optedOut.includes(patient.number) && !decided(calls, 'opt-out'))
    return wrong('is opted out without having asked for it');
  return ofWish(one, change);
}

function changeOf(before: AppointmentFact | undefined, after: AppointmentFact | undefined): Change {
  if (!before) return 'unchanged';
  if (!after) return 'gone';
  if (after.status !== before.status) return 'cancelled';
  if (after.startMs !== before.startMs || after.doctor !== before.doctor) return 'moved';
  return after.confirmed !== before.confirmed ? 'confirmed' : 'unchanged';
}

const nothingDone = ['not-reached', 'not-called', 'not-allowed', 'invalid-number', 'voicemail-left'];

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
  if (change !== 'unchanged' && nothingDone.includes(result))
    return `the appointment was ${change}, the result says "${result}"`;
  return undefined;
}

/** What the campaign says of new appointments must be what there is. */
function bookingClaimProblem({ fresh }: Case, result: string): string | undefined {
  if (result === 'booked' && fresh.length === 0)
    return 'the result says "booked", there is no new appointment';
  if (fresh.length > 0 && [...nothingDone, 'no-decision'].includes(result))
    return `there is a new appointment, the result says "${result}"`;
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
