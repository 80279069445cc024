import { fromLocal, Temporal, toClinic, weekdayNames } from '@wardline/clinic-time';
import { spokenDoctor } from '../clinic.ts';
import { listed, prompts } from '../prompts.en.ts';
import type { Slot, State } from '../state.ts';
import type { Reading } from '../understanding/understand.ts';
import type { WhoWish } from '../understanding/who.ts';
import { requestCallBack } from './call-back.ts';
import { readBack } from './confirm.ts';
import { chooseOffer } from './offer.ts';
import { ask, spokenWho } from './questions.ts';
import { localMoment, release, run, type Step } from './step.ts';

const dayMs = 24 * 60 * 60_000;
/** Nobody walks in through the door while still on the phone. */
const leadMs = 10 * 60_000;
/** How far beyond the wished days the search goes when they are full. */
const lookAheadDays = 14;

/** Whether the utterance says anything about the booking itself. */
export function hasDetails(r: Reading): boolean {
  return (
    r.who !== undefined || r.date !== undefined || r.soonest || r.time !== undefined || r.name !== undefined
  );
}

/**
 * Takes over what was said about doctor, day, time and name, in any order. What cannot be taken over (an unknown doctor,
 * the thirtieth of February) is answered with a question, and the result is 'asked'.
 */
export function takeDetails(step: Step, r: Reading): 'taken' | 'asked' | 'nothing' {
  const { s, context } = step;
  if (!hasDetails(r)) return 'nothing';
  if (r.name !== undefined) s.name = r.name;
  const slotWish = r.date?.kind === 'days' || r.soonest || r.time !== undefined || r.who?.kind === 'found';
  // A change of one detail keeps the others as they were about to be booked.
  if (s.held && slotWish) keepHeldDetails(step);
  if (r.date?.kind === 'days') {
    s.wish.days = { ...r.date.days };
    s.wish.soonest = false;
  } else if (r.soonest) {
    s.wish.soonest = true;
  }
  if (r.time !== undefined)
    s.wish.time = r.time.kind === 'at' ? { kind: 'at', candidates: [...r.time.candidates] } : { ...r.time };
  if (r.who?.kind === 'found') s.wish.who = r.who.who;
  if (r.who && r.who.kind !== 'found') return askWho(step, r.who);
  if (s.wish.who?.kind === 'doctor') {
    const { doctorId } = s.wish.who;
    const doctor = context.clinic.doctors.find((one) => one.doctorId === doctorId);
    if (doctor && !doctor.acceptsBookings) {
      delete s.wish.who;
      s.phase = { kind: 'asking', what: 'who' };
      ask(step, { lead: prompts.notByPhone(spokenDoctor(doctor.name)) });
      return 'asked';
    }
  }
  if (r.date?.kind === 'impossible') {
    const { why, date } = r.date;
    const weekday = date === undefined ? '' : weekdayOf(date);
    release(step);
    delete s.wish.days;
    s.phase = { kind: 'asking', what: 'day' };
    ask(step, { lead: prompts.impossible[why](weekday) });
    return 'asked';
  }
  return 'taken';
}

function askWho(step: Step, reading: Exclude<Reading['who'], undefined | { kind: 'found' }>): 'asked' {
  const { s, context } = step;
  if (reading.kind === 'unknown') {
    const doctors = context.clinic.doctors.filter((doctor) => doctor.acceptsBookings).slice(0, 4);
    s.phase = { kind: 'asking', what: 'who' };
    ask(step, {
      lead: prompts.unknownDoctor(
        listed(
          doctors.map((doctor) => spokenDoctor(doctor.name)),
          'and',
        ),
      ),
    });
    return 'asked';
  }
  const options: WhoWish[] = reading.kind === 'unsure' ? [reading.who] : reading.options.slice(0, 3);
  s.phase = { kind: 'which-who', options };
  ask(step);
  return 'asked';
}

/** Turns the kept slot back into wishes and lets it go. */
export function keepHeldDetails(step: Step): void {
  const { s, context } = step;
  if (!s.held) return;
  const { slot } = s.held;
  const local = localMoment(slot.startMs, context.clinic);
  s.wish = {
    who: { kind: 'doctor', doctorId: slot.doctorId },
    days: { first: local.date, last: local.date },
    soonest: false,
    time: { kind: 'at', candidates: [local.minutes] },
  };
  release(step);
}

/** Goes on with the first thing that is missing; with nothing missing, reads back. */
export function proceed(step: Step, o: { lead?: string | undefined } = {}): void {
  const { s, context } = step;
  const askFor = (what: 'who' | 'day' | 'name' | 'phone'): void => {
    s.phase = { kind: 'asking', what };
    ask(step, o);
  };
  if (s.callBack) return s.phone ? requestCallBack(step, o) : askFor('phone');
  if (!s.held) {
    const bookable = context.clinic.doctors.filter((doctor) => doctor.acceptsBookings);
    if (!s.wish.who && bookable.length === 1)
      s.wish.who = { kind: 'doctor', doctorId: bookable[0]!.doctorId };
    if (!s.wish.who) return askFor('who');
    if (!s.wish.days && !s.wish.soonest) return askFor('day');
    return findSlots(step, o.lead);
  }
  if (s.name === undefined) return askFor('name');
  if (s.phone === undefined) return askFor('phone');
  readBack(step, o);
}

export function findSlots(step: Step, lead?: string): void {
  const { s, context } = step;
  const { clinic } = context;
  const earliestMs = earliestOf(step);
  const dayStart = (date: string, addDays: number): number =>
    fromLocal(
      Temporal.PlainDate.from(date).add({ days: addDays }),
      Temporal.PlainTime.from('00:00'),
      clinic.timeZone,
    ).getTime();
  const fromMs = s.wish.days ? Math.max(earliestMs, dayStart(s.wish.days.first, 0)) : earliestMs;
  const toMs = s.wish.days ? dayStart(s.wish.days.last, 1 + lookAheadDays) : fromMs + lookAheadDays * dayMs;
  const request = run(step, {
    kind: 'find-slots',
    who: s.wish.who ?? { kind: 'any' },
    fromMs,
    toMs: Math.max(toMs, fromMs + 1),
  });
  s.phase = { kind: 'finding', request };
  ask(step, { lead });
}

/** Whoever moves an appointment is offered times from its day on, unless they name another day. */
function earliestOf({ s, context: { nowMs, clinic } }: Step): number {
  const soonest = nowMs + leadMs;
  const appointment = s.progress?.job?.kind === 'move' ? s.script?.appointment : undefined;
  if (!appointment || s.wish.days || s.wish.soonest) return soonest;
  const day = toClinic(appointment.startMs, clinic.timeZone).startOfDay();
  return Math.max(soonest, day.epochMilliseconds);
}

/** The schedule has answered: take the slot that fits exactly, else offer what is near. */
export function onSlots(step: Step, slots: readonly Slot[]): void {
  const { s, context } = step;
  const free = slots.filter(
    (slot) => !s.lost.some((gone) => gone.doctorId === slot.doctorId && gone.startMs === slot.startMs),
  );
  const choice = chooseOffer(free, s.wish, context.clinic);
  if (choice.kind === 'exact') return hold(step, choice.slot);
  if (choice.kind === 'nothing') {
    delete s.wish.days;
    delete s.wish.time;
    s.wish.soonest = false;
    s.phase = { kind: 'asking', what: 'day' };
    return ask(step, { lead: prompts.nothingFree });
  }
  s.phase = { kind: 'choosing', offer: [...choice.slots] };
  const lead = {
    'as-wished': undefined,
    'time-not-free': prompts.timeNotFree,
    'day-not-free': prompts.dayNotFree,
  }[choice.why];
  ask(step, { lead });
}

export function hold(step: Step, slot: Slot): void {
  const { s } = step;
  const key = `${s.callId}:hold:${s.stream}:${s.requests + 1}`;
  const request = run(step, { kind: 'hold', slot, key });
  s.phase = { kind: 'holding', request };
  ask(step);
}

/** Somebody was faster: say so, and look again for what is near. */
export function onTaken(step: Step, slot: Slot): void {
  const { s, context } = step;
  s.lost = [...s.lost, { doctorId: slot.doctorId, startMs: slot.startMs }].slice(-20);
  const local = localMoment(slot.startMs, context.clinic);
  s.wish = {
    who: s.wish.who ?? { kind: 'doctor', doctorId: slot.doctorId },
    days: { first: local.date, last: local.date },
    soonest: false,
    time: { kind: 'at', candidates: [local.minutes] },
  };
  delete s.held;
  delete s.readBack;
  findSlots(step, prompts.justTaken);
}

/** "on Tuesday, November the third, at nine a m" and whom. */
export function spokenSlot(slot: Slot, step: Step): { who: string; date: string; time: string } {
  const local = localMoment(slot.startMs, step.context.clinic);
  return {
    who: spokenWho({ kind: 'doctor', doctorId: slot.doctorId }, step.context),
    date: local.spokenDate,
    time: local.spokenTime,
  };
}

export function today(step: { context: Step['context'] }): Temporal.PlainDate {
  return toClinic(step.context.nowMs, step.context.clinic.timeZone).toPlainDate();
}

function weekdayOf(date: string): string {
  return weekdayNames[Temporal.PlainDate.from(date).dayOfWeek - 1]!;
}

/** Forgets a booking's details, not who is calling. */
export function clearBooking(s: State): void {
  s.wish = { soonest: false };
  delete s.held;
  delete s.readBack;
}
