import type { Booked, Slot } from '../api/appointment-types.ts';
import { dayIn } from '../api/clinic-day.ts';
import type { Doctor, OpeningHours } from '../api/settings-types.ts';
import type { CalendarColumn } from './calendar-grid.tsx';
import { dayShort, isoWeekday, minutesOf } from './calendar-time.ts';

interface Shown {
  readonly view: 'day' | 'week';
  readonly days: readonly string[];
  readonly doctor: string;
  readonly doctors: readonly Doctor[];
  readonly timeZone: string;
  readonly openingHours: readonly OpeningHours[];
  readonly appointments: readonly Booked[];
  readonly slots: readonly Slot[];
}

const counted = (count: number) => (count === 1 ? '1 appointment' : `${count} appointments`);

/** A day as a column per doctor, a week as a column per day. */
export function columnsOf(shown: Shown): readonly CalendarColumn[] {
  return shown.view === 'day' ? byDoctor(shown) : byDay(shown);
}

const openOn = (day: string, hours: readonly OpeningHours[]) =>
  hours
    .filter((entry) => entry.isoWeekday === isoWeekday(day))
    .map(({ opens, closes }) => ({ from: minutesOf(opens), to: minutesOf(closes) }));

function byDoctor({ days, doctor, doctors, openingHours, appointments, slots }: Shown): CalendarColumn[] {
  const day = days[0] ?? '';
  const known = new Map(doctors.map(({ id, name, department }) => [id, { name, department }]));
  // Whoever has left the clinic's list may still have appointments.
  for (const { doctor: id, doctorName, department } of appointments)
    if (!known.has(id)) known.set(id, { name: doctorName, department });
  return [...known]
    .filter(([id]) => doctor === '' || id === doctor)
    .map(([id, { name, department }]) => ({
      ...{ key: id, title: name, sub: department, day, open: openOn(day, openingHours) },
      appointments: appointments.filter((a) => a.doctor === id),
      slots: slots.filter((slot) => slot.doctor === id),
    }));
}

function byDay({ days, timeZone, openingHours, appointments, slots }: Shown): CalendarColumn[] {
  const on = <T extends { readonly start: string }>(day: string, items: readonly T[]) =>
    items.filter(({ start }) => dayIn(timeZone, new Date(start)) === day);
  return days.map((day) => {
    const those = on(day, appointments);
    return {
      ...{ key: day, title: dayShort(day), sub: counted(those.length), day },
      ...{ open: openOn(day, openingHours), appointments: those, slots: on(day, slots) },
    };
  });
}
