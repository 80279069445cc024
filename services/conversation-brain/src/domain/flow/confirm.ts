import { prompts, spokenDigits } from '../prompts.en.ts';
import type { Reading } from '../understanding/understand.ts';
import {
  clearBooking,
  findSlots,
  keepHeldDetails,
  onTaken,
  proceed,
  spokenSlot,
  takeDetails,
} from './collect.ts';
import { fits } from './offer.ts';
import { ask } from './questions.ts';
import { noteSlot, onJob } from './script.ts';
import { listen, localMoment, run, type Step } from './step.ts';
import { tokensOf } from '../understanding/words.ts';

/** Says all details and asks whether they are right. New details get a new confirmation number. */
export function readBack(step: Step, o: { lead?: string | undefined } = {}): void {
  const { s } = step;
  if (!s.held || s.name === undefined || s.phone === undefined) return proceed(step, o);
  const { who, date, time } = spokenSlot(s.held.slot, step);
  const job = s.progress?.job?.kind;
  const ours = job && (job === 'move' ? prompts.moveDetails : prompts.bookDetails)(who, date, time);
  const number = s.phone.said ? spokenDigits(s.phone.number) : undefined;
  const details = ours ?? prompts.details(who, date, time, s.name, number);
  const same = s.readBack?.details === details && s.readBack.holdId === s.held.holdId;
  if (!same) s.confirmation++;
  s.readBack = {
    details,
    slot: s.held.slot,
    holdId: s.held.holdId,
    name: s.name,
    phone: s.phone.number,
    heard: same && s.readBack?.heard === true,
    yes: false,
  };
  s.phase = { kind: 'confirming' };
  ask(step, o);
}

/** The answer to the read-back. Only a clear yes commits; anything else asks. */
export function onConfirming(step: Step, r: Reading): 'done' | 'unclear' {
  const { s } = step;
  const back = s.readBack;
  if (!back || !s.held) {
    proceed(step);
    return 'done';
  }
  if (changesDetails(step, r)) {
    const taken = takeDetails(step, r);
    if (taken !== 'asked') proceed(step);
    return 'done';
  }
  if (r.yesNo === 'yes') {
    back.yes = true;
    commit(step);
    return 'done';
  }
  if (r.yesNo === 'no' || r.topic !== undefined || r.shift !== undefined) {
    askForChange(step, r);
    return 'done';
  }
  return 'unclear';
}

/** Whether something was said that differs from what was read back; saying the same again changes nothing. */
function changesDetails(step: Step, r: Reading): boolean {
  const back = step.s.readBack!;
  const local = localMoment(back.slot.startMs, step.context.clinic);
  if (r.name !== undefined && r.name.toLowerCase() !== back.name.toLowerCase()) return true;
  if (
    r.date &&
    (r.date.kind === 'impossible' || local.date < r.date.days.first || local.date > r.date.days.last)
  )
    return true;
  if (r.time && !fits(local.minutes, r.time)) return true;
  if (!r.who) return r.soonest;
  if (r.who.kind !== 'found') return true;
  if (r.who.who.kind === 'doctor') return r.who.who.doctorId !== back.slot.doctorId;
  return r.who.who.kind === 'department' && r.who.who.department !== back.slot.department;
}

/** Asks for the one thing that is wrong, and keeps the rest. The slot is let go unless only name or number is wrong. */
export function askForChange(step: Step, r: Reading): void {
  const { s } = step;
  const topic = r.shift && r.topic === undefined ? 'time' : r.topic;
  delete s.readBack;
  if (topic === 'name' || topic === 'phone') {
    if (topic === 'name') delete s.name;
    else delete s.phone;
    s.phase = { kind: 'asking', what: topic };
    return ask(step);
  }
  if (topic === undefined) {
    s.phase = { kind: 'changing' };
    return ask(step, { lead: prompts.allRight });
  }
  keepHeldDetails(step);
  if (topic === 'day') delete s.wish.days;
  if (topic === 'time') delete s.wish.time;
  if (topic === 'who') delete s.wish.who;
  s.phase = { kind: 'asking', what: topic };
  ask(step);
}

/**
 * Books, once the caller has both heard the whole read-back and said yes to it. A yes that comes while it is still being
 * spoken waits for the report of how much was heard: nobody confirms what they did not hear.
 */
export function commit(step: Step): void {
  const { s } = step;
  const back = s.readBack;
  if (!back?.yes || s.phase.kind !== 'confirming') return;
  if (!back.heard) {
    if (s.open.some(({ text }) => text.includes(back.details))) return listen(step, ['yes-no'], 6_000);
    back.yes = false;
    return ask(step, { lead: prompts.inFull });
  }
  const { slot, holdId, name, phone } = back;
  const key = `${s.callId}:${s.confirmation}`;
  const appointmentId = s.progress?.job?.kind === 'move' ? s.script?.appointment?.appointmentId : undefined;
  const request = run(
    step,
    appointmentId === undefined
      ? { kind: 'book', slot, holdId, name, phone, key }
      : { kind: 'move', appointmentId, slot, holdId, key },
  );
  s.phase = { kind: 'booking', request };
  ask(step);
}

/** An utterance has ended; if it was the read-back, remember whether all its details were heard. */
export function noteHeard(step: Step, text: string, heardText: string, played: boolean): void {
  const back = step.s.readBack;
  if (!back || !text.includes(back.details)) return;
  const needed = tokensOf(text.slice(0, text.indexOf(back.details) + back.details.length));
  const heard = tokensOf(heardText);
  if (played || needed.every((word, i) => heard[i] === word)) back.heard = true;
}

export function onBooked(step: Step): void {
  const { s } = step;
  const slot = s.readBack?.slot;
  if (s.progress?.job) {
    if (slot) noteSlot(step, slot);
    s.outcome = bookedAs(s);
    step.effects.push({ type: 'record-outcome', outcome: s.outcome });
    // It is the appointment's now: nothing is left to be let go.
    clearBooking(s);
    return onJob(step, 'done');
  }
  s.outcome = 'booked';
  // Before any word of it: whoever hangs up now has an appointment all the same.
  step.effects.push({ type: 'record-outcome', outcome: 'booked' });
  const spoken = slot && spokenSlot(slot, step);
  clearBooking(s);
  s.phase = { kind: 'closing' };
  ask(step, { lead: spoken ? prompts.booked(spoken.who, spoken.date, spoken.time) : undefined });
}

/** What a commit of the present phase comes to. */
export function bookedAs(s: Step['s']): 'moved' | 'booked' {
  return s.progress?.job?.kind === 'move' ? 'moved' : 'booked';
}

export function onBookTaken(step: Step): void {
  const slot = step.s.readBack?.slot;
  if (slot) onTaken(step, slot);
  else findSlots(step);
}
