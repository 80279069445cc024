import { type ClinicFacts, spokenDoctor } from '../clinic.ts';
import { listed, prompts } from '../prompts.en.ts';
import type { Slot, State } from '../state.ts';
import type { TimeWish } from '../understanding/times.ts';
import { localMoment } from './step.ts';

export type Offer =
  /** Exactly what was wished for: no need to choose. */
  | { readonly kind: 'exact'; readonly slot: Slot }
  | {
      readonly kind: 'offer';
      readonly slots: readonly Slot[];
      readonly why: 'as-wished' | 'time-not-free' | 'day-not-free';
    }
  | { readonly kind: 'nothing' };

/** More than three times at once nobody remembers. */
const offeredMax = 3;

interface LocalSlot {
  readonly slot: Slot;
  readonly date: string;
  readonly minutes: number;
}

/** Chooses what to offer from the free slots, nearest to the wish: its day and time, its day, then the next day. */
export function chooseOffer(free: readonly Slot[], wish: State['wish'], clinic: ClinicFacts): Offer {
  const all = distinctStarts(free).map((slot) => ({ slot, ...localMoment(slot.startMs, clinic) }));
  const onDays = wish.days
    ? all.filter(({ date }) => date >= wish.days!.first && date <= wish.days!.last)
    : all;
  if (onDays.length === 0) {
    const next = all.find(({ date }) => wish.days === undefined || date > wish.days.last);
    if (!next) return { kind: 'nothing' };
    const sameDay = all.filter(({ date }) => date === next.date);
    const fitting = wish.time ? sameDay.filter(({ minutes }) => fits(minutes, wish.time!)) : sameDay;
    return offer(nearest(fitting.length > 0 ? fitting : sameDay, wish.time), 'day-not-free');
  }
  if (wish.time === undefined)
    return offer(wish.soonest ? onDays.slice(0, offeredMax) : spread(onDays), 'as-wished');
  if (wish.time.kind === 'at') {
    for (const minutes of wish.time.candidates) {
      const hit = onDays.find((slot) => slot.minutes === minutes);
      if (hit) return { kind: 'exact', slot: hit.slot };
    }
    return offer(nearest(onDays, wish.time), 'time-not-free');
  }
  const inside = onDays.filter(({ minutes }) => fits(minutes, wish.time!));
  if (inside.length > 0)
    return offer(wish.soonest ? inside.slice(0, offeredMax) : spread(inside), 'as-wished');
  return offer(nearest(onDays, wish.time), 'time-not-free');
}

export function fits(minutes: number, time: TimeWish): boolean {
  return time.kind === 'at' ? time.candidates.includes(minutes) : minutes >= time.from && minutes < time.to;
}

function offer(slots: readonly LocalSlot[], why: 'as-wished' | 'time-not-free' | 'day-not-free'): Offer {
  return { kind: 'offer', slots: slots.map(({ slot }) => slot), why };
}

/** Two doctors of a department may be free at the same time: to the caller that is one time. */
function distinctStarts(free: readonly Slot[]): Slot[] {
  const byStart = new Map<number, Slot>();
  for (const slot of free) if (!byStart.has(slot.startMs)) byStart.set(slot.startMs, slot);
  return [...byStart.values()].sort((a, b) => a.startMs - b.startMs);
}

/** First, middle and last of a day; or the first of three days, when several days are meant. */
function spread(slots: readonly LocalSlot[]): LocalSlot[] {
  const dates = [...new Set(slots.map(({ date }) => date))];
  if (dates.length > 1) {
    return dates.slice(0, offeredMax).map((date) => slots.find((slot) => slot.date === date)!);
  }
  if (slots.length <= offeredMax) return [...slots];
  return [slots[0]!, slots[Math.floor((slots.length - 1) / 2)]!, slots.at(-1)!];
}

function nearest(slots: readonly LocalSlot[], time: TimeWish | undefined): LocalSlot[] {
  if (!time) return spread(slots);
  const distance = ({ minutes }: LocalSlot): number => {
    if (time.kind === 'at') return Math.abs(minutes - time.candidates[0]!);
    return minutes < time.from ? time.from - minutes : Math.max(0, minutes - time.to);
  };
  const first = [...slots].sort((a, b) => a.date.localeCompare(b.date) || distance(a) - distance(b));
  return first.slice(0, offeredMax).sort((a, b) => a.slot.startMs - b.slot.startMs);
}

/** "Doctor Anita Sharma is free on Tuesday, November the twenty fourth, at nine a m, ten thirty a m, or two p m." */
export function describeOffer(slots: readonly Slot[], clinic: ClinicFacts): string {
  const local = slots.map((slot) => ({
    ...localMoment(slot.startMs, clinic),
    who: spokenDoctor(slot.doctorName),
  }));
  const first = local[0]!;
  if (local.some(({ who }) => who !== first.who)) {
    return prompts.freeMixed(
      listed(local.map((one) => `${one.spokenDate}, at ${one.spokenTime}, with ${one.who}`)),
    );
  }
  if (local.every(({ date }) => date === first.date)) {
    return prompts.free(first.who, first.spokenDate, listed(local.map((one) => one.spokenTime)));
  }
  return prompts.freeAcross(
    first.who,
    listed(local.map((one) => `on ${one.spokenDate}, at ${one.spokenTime}`)),
  );
}
