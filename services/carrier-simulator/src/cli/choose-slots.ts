import { toClinic } from '@wardline/clinic-time';
import type { FreeSlot } from './platform-api.ts';

export interface SlotChoice {
  readonly slot: FreeSlot;
  readonly other: FreeSlot | undefined;
}

/**
 * Picks the slots of one run among the free ones. Several scenarios may run at once, each in its own process: a share
 * (`k` of `n`) of the days belongs to each, so that one caller's booking is not another one's surprise. When its days are
 * full, it takes any.
 * @param random in [0, 1)
 */
export function chooseSlots(
  free: readonly FreeSlot[],
  o: {
    zone: string;
    startsAt?: readonly string[] | undefined;
    daysOfMonth?: readonly number[] | undefined;
    other: boolean;
    share: { k: number; n: number };
    random: () => number;
  },
): SlotChoice | undefined {
  const days = new Map<string, FreeSlot[]>();
  for (const slot of free) {
    const at = toClinic(new Date(slot.start), o.zone);
    if (o.daysOfMonth && !o.daysOfMonth.includes(at.day)) continue;
    const day = at.toPlainDate().toString();
    days.set(day, [...(days.get(day) ?? []), slot]);
  }
  const timeOf = (slot: FreeSlot) =>
    toClinic(new Date(slot.start), o.zone).toPlainTime().toString({ smallestUnit: 'minute' });
  const wanted = (slot: FreeSlot) =>
    o.startsAt ? o.startsAt.includes(timeOf(slot)) : /:(00|30)$/.test(timeOf(slot));
  const usable = [...days.keys()].sort().filter((day) => {
    const slots = days.get(day)!;
    return slots.some(wanted) && (!o.other || slots.filter((s) => /:(00|30)$/.test(timeOf(s))).length >= 3);
  });
  const mine = usable.filter((day) => dayNumber(day) % o.share.n === o.share.k);
  const day = pick(mine.length > 0 ? mine : usable, o.random);
  if (day === undefined) return undefined;
  const slots = days.get(day)!;
  const slot = pick(slots.filter(wanted), o.random)!;
  const other = o.other
    ? pick(
        slots.filter((s) => s.start !== slot.start && /:(00|30)$/.test(timeOf(s))),
        o.random,
      )
    : undefined;
  return { slot, other };
}

const dayNumber = (isoDate: string) => Math.floor(Date.parse(`${isoDate}T00:00:00Z`) / 86_400_000);

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}
