import type { CallFact, Facts, NewAppointmentFact, PatientFact } from './facts.ts';

/** A call that was on its way already when dialling was paused or stopped. */
const graceMs = 2_000;

/** Two may share a telephone, so the name counts, too. */
export const isOf = (made: NewAppointmentFact, patient: PatientFact): boolean =>
  made.number === patient.number && made.name === patient.name;

/** What must not be, whoever it was. Pure. */
export function violationsOf(facts: Facts): string[] {
  const found: string[] = [];
  const nameOf = (number: string) =>
    facts.patients.find((p) => p.number === number)?.externalId ?? `somebody at ${number}`;
  for (const call of facts.calls) {
    const who = nameOf(call.number);
    for (const why of call.notAllowed) found.push(`${who} was dialled although: ${why}`);
    if (call.soundBeforeAnswerMs > 0)
      found.push(`${who} had ${call.soundBeforeAnswerMs} ms of speech before anybody picked up`);
    if (!facts.patients.some((p) => p.number === call.number)) found.push(`${who} is nobody of the file`);
    for (const pause of facts.pauses) {
      if (call.dialledMs > pause.fromMs + graceMs && call.dialledMs < pause.toMs)
        found.push(
          `${who} was dialled ${Math.round(call.dialledMs - pause.fromMs)} ms after the ${pause.by}`,
        );
    }
  }
  found.push(...overlaps(facts.calls).map((number) => `${nameOf(number)} was called twice at once`));
  found.push(...doubleBookings(facts));
  found.push(...doubledMessages(facts));
  for (const made of facts.newAppointments)
    if (!facts.patients.some((p) => isOf(made, p)))
      found.push(`a new appointment is that of ${made.name} at ${made.number}, who is nobody of the file`);
  found.push(...(facts.consoleProblems ?? []));
  for (const cell of facts.formulas ?? []) found.push(`the results have a formula in them: ${cell}`);
  for (const recipient of facts.recipients) {
    if (recipient.attempts > facts.attemptsMax)
      found.push(
        `${recipient.externalId} was tried ${recipient.attempts} times, at most ${facts.attemptsMax} were allowed`,
      );
  }
  const known = facts.recipients.reduce((sum, r) => sum + r.calls, 0);
  if (known < facts.calls.length)
    found.push(`${facts.calls.length} calls were dialled, the campaign knows of ${known}`);
  const expected = facts.patients.filter((p) => p.leave !== 'bad-row').length;
  if (facts.recipients.length !== expected)
    found.push(`${facts.recipients.length} recipients, ${expected} rows of the file are good`);
  const bad = facts.patients.length - expected;
  if (facts.refusedRows !== bad) found.push(`${facts.refusedRows} rows were refused, ${bad} are bad`);
  return [...new Set(found)];
}

/** By the carrier's own instants, and by what the busy phone said. */
function overlaps(calls: readonly CallFact[]): string[] {
  const numbers = new Set<string>();
  for (const a of calls) {
    if (a.overlapped.length > 0) numbers.add(a.number);
    for (const b of calls) {
      if (a.id === b.id || a.number !== b.number || b.dialledMs < a.dialledMs) continue;
      if (a.endedMs === undefined || b.dialledMs < a.endedMs) numbers.add(a.number);
    }
  }
  return [...numbers];
}

function doubleBookings({ appointments, newAppointments }: Facts): string[] {
  const taken = new Map<string, number>();
  for (const a of [...appointments, ...newAppointments]) {
    if (a.status !== 'booked') continue;
    const slot = `${a.doctor} ${a.startMs}`;
    taken.set(slot, (taken.get(slot) ?? 0) + 1);
  }
  return [...taken].filter(([, n]) => n > 1).map(([slot, n]) => `${n} appointments at one time: ${slot}`);
}

/** Of one thing that happened to an appointment there is one message. */
function doubledMessages({ messages }: Facts): string[] {
  const sent = new Map<string, number>();
  for (const { appointment, purpose } of messages) {
    const what = `${purpose} of appointment ${appointment}`;
    sent.set(what, (sent.get(what) ?? 0) + 1);
  }
  return [...sent].filter(([, n]) => n > 1).map(([what, n]) => `${n} messages for one ${what}`);
}
