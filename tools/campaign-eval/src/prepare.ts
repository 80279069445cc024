import { randomUUID } from 'node:crypto';
import { slotWords, type PersonInput, type SimulatorClient } from '@wardline/carrier-simulator/harness';
import type { DemoClinic } from '@wardline/contracts';
import { createRandom, shuffled } from '@wardline/seeded-random';
import { ApiRefused, type Api } from './api.ts';
import { callingHours, type Part } from './cast.ts';

interface Slot {
  readonly doctor: string;
  readonly doctorName: string;
  readonly start: string;
}

export interface Booked extends Part {
  /** Empty for a row that cannot be used, and for an appointment that was made elsewhere. */
  readonly appointment: string;
  readonly slot: Slot | undefined;
  /** Whose patient they are; a new appointment is to be with the same doctor. */
  readonly doctor: { readonly id: string; readonly lastName: string } | undefined;
}

const dayMs = 86_400_000;

/** Everybody who is in the file for good has an appointment, booked as the front desk would, unless it was made elsewhere. */
export async function bookAll(
  api: Api,
  clinic: DemoClinic,
  cast: readonly Part[],
  seed: number,
  note: (text: string) => void,
): Promise<Booked[]> {
  const from = Date.now() + dayMs;
  const found = await Promise.all(
    clinic.doctors.map((doctor) =>
      api.get<{ items: Slot[] }>(
        `/slots?${new URLSearchParams({
          clinic: clinic.clinicId,
          doctor: doctor.doctorId,
          from: new Date(from).toISOString(),
          to: new Date(from + 12 * dayMs).toISOString(),
          limit: '500',
        })}`,
      ),
    ),
  );
  const free = shuffled(
    found.flatMap(({ items }) => items),
    createRandom(seed + 1),
  );
  const booked: Booked[] = [];
  for (const part of cast) {
    if (part.leave === 'bad-row' || part.elsewhere) {
      const one = clinic.doctors[booked.length % clinic.doctors.length]!;
      const doctor = part.elsewhere ? { id: one.doctorId, lastName: lastNameOf(one.name) } : undefined;
      booked.push({ ...part, appointment: '', slot: undefined, doctor });
      continue;
    }
    for (;;) {
      const slot = free.pop();
      if (!slot) throw new Error('the clinic has too few free times for so many patients');
      try {
        const { id } = await api.post<{ id: string }>(
          '/appointments',
          {
            clinic: clinic.clinicId,
            doctor: slot.doctor,
            start: slot.start,
            patient: { name: part.name, phone: part.number },
          },
          { 'idempotency-key': `campaign-eval-${randomUUID()}` },
        );
        const doctor = { id: slot.doctor, lastName: lastNameOf(slot.doctorName) };
        booked.push({ ...part, appointment: id, slot, doctor });
        break;
      } catch (error) {
        // Somebody else was quicker: another time will do.
        if (!(error instanceof ApiRefused) || error.status !== 409) throw error;
      }
    }
  }
  note(`${booked.filter((b) => b.slot).length} appointments booked`);
  return booked;
}

const lastNameOf = (name: string): string => name.split(' ').at(-1) ?? name;

/** Words of an instant as it is read out over the phone. */
export function spokenAt(atMs: number, zone: string): { date: string; time: string } {
  const words = slotWords(new Date(atMs), zone);
  return {
    date: words.date.toLowerCase(),
    time: words.time.toLowerCase().replace(/ ([ap])m$/, ' $1 m'),
  };
}

/** Puts people on the numbers. Nobody but the simulator is told what they want. */
export async function describePeople(
  simulator: SimulatorClient,
  booked: readonly Booked[],
  clinic: DemoClinic,
): Promise<void> {
  const people = new Map<string, PersonInput>();
  for (const one of booked) {
    if (one.number === '' || people.has(one.number)) continue;
    const words = one.slot && spokenAt(new Date(one.slot.start).getTime(), clinic.timeZone);
    people.set(one.number, {
      number: one.number,
      name: one.name,
      behaviour: one.behaviour as PersonInput['behaviour'] & string,
      wants: {
        accepts: one.accepts,
        ...(one.doctor ? { doctor: `doctor ${one.doctor.lastName}` } : {}),
        ...(one.day === undefined ? {} : { day: one.day }),
      },
      ...(one.slot && words ? { appointment: { doctor: lastNameOf(one.slot.doctorName), ...words } } : {}),
      mayBeCalled:
        one.leave === 'do-not-call'
          ? 'never'
          : { timeZone: one.zone, ...callingHours, isoWeekdays: [...callingHours.isoWeekdays] },
    });
  }
  await simulator.people([...people.values()]);
}
