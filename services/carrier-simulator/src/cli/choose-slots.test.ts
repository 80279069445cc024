import fc from 'fast-check';
import { chooseSlots } from './choose-slots.ts';
import type { FreeSlot } from './platform-api.ts';

const zone = 'America/New_York';
const slotAt = (start: string): FreeSlot => ({
  doctor: 'd',
  doctorName: 'D',
  department: 'X',
  start,
  end: start,
});
/** Ten days of half hours from nine to five. */
const free = Array.from({ length: 10 }, (_, d) =>
  Array.from({ length: 16 }, (_, i) => slotAt(new Date(Date.UTC(2026, 11, 1 + d, 14, i * 30)).toISOString())),
).flat();
const unit = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('choosing slots', () => {
  it('gives scenarios that run at the same time different days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), unit, unit, (n, a, b) => {
        const days = [0, 1].map((k) =>
          chooseSlots(free, {
            zone,
            other: false,
            share: { k, n },
            random: () => (k === 0 ? a : b),
          })!.slot.start.slice(0, 10),
        );
        expect(days[0]).not.toBe(days[1]);
      }),
    );
  });
  it('keeps to the wanted times and finds another one on the same day', () => {
    fc.assert(
      fc.property(unit, (r) => {
        const choice = chooseSlots(free, {
          zone,
          startsAt: ['10:30'],
          other: true,
          share: { k: 0, n: 1 },
          random: () => r,
        })!;
        expect(choice.slot.start).toContain('15:30');
        expect(choice.other!.start).not.toBe(choice.slot.start);
        expect(choice.other!.start.slice(0, 10)).toBe(choice.slot.start.slice(0, 10));
      }),
    );
  });
  it('keeps to the days of the month that it is given', () => {
    const choose = (daysOfMonth: number[]) =>
      chooseSlots(free, { zone, daysOfMonth, other: false, share: { k: 1, n: 3 }, random: () => 0.5 });
    expect(choose([4])?.slot.start).toContain('2026-12-04');
    expect(choose([31])).toBeUndefined();
  });
  it('takes any day when its own are full, and none when all are', () => {
    const oneDay = free.filter((s) => s.start.startsWith('2026-12-04'));
    for (const k of [0, 1, 2])
      expect(chooseSlots(oneDay, { zone, other: false, share: { k, n: 3 }, random: () => 0 })).toBeDefined();
    expect(chooseSlots([], { zone, other: false, share: { k: 0, n: 1 }, random: () => 0 })).toBeUndefined();
  });
});
