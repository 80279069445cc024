// The calendar of a fake hospital: doctors, opening hours, free times, appointments that can be booked, moved, cancelled.
import { addDays, isoWeekday } from '../../src/appointments/calendar-time.ts';
import { dayIn, dayOf } from '../../src/api/clinic-day.ts';
import type { Booked, Slot } from '../../src/api/appointment-types.ts';
import type { ClinicFacts } from '../../src/api/settings-types.ts';
import { type FakeHospital, inSeconds, newId, riverside } from './hospital.ts';
import { Answer, problem } from './server.ts';

type Changeable<T> = { -readonly [Name in keyof T]: T[Name] };
const missing = problem(404, 'not-found', 'There is no such appointment.');

/** The demo clinic as settings know it. */
export const riversideFacts = (): Changeable<ClinicFacts> => ({
  ...{ id: riverside.clinicId, name: riverside.name, timeZone: riverside.timeZone },
  ...{ language: riverside.language, numbers: riverside.numbers, assistantName: riverside.assistantName },
  transferNumber: riverside.transferNumber,
  emergencyNumber: riverside.emergencyNumber,
  emergencyText: riverside.emergencyText,
  openingHours: riverside.opening.flatMap(({ isoWeekdays, from, to }) =>
    isoWeekdays.map((isoDay) => ({ isoWeekday: isoDay, opens: from, closes: to })),
  ),
  doctors: riverside.doctors.map(({ doctorId, name, department, alsoCalled }) => ({
    ...{ id: doctorId, name, department, alsoCalled, acceptsBookings: true },
  })),
  revision: 4,
});

/** The next Monday of the clinic: its times are all to come. */
export const nextMonday = (() => {
  const today = dayIn(riverside.timeZone, new Date());
  return addDays(today, 8 - isoWeekday(today));
})();

/** An instant of a day by the clinic's clock. */
const instant = (day: string, time: string) =>
  new Date(
    dayOf(day, riverside.timeZone).from.getTime() +
      (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000,
  ).toISOString();

export class FakeCalendar {
  readonly booked: Changeable<Booked>[] = [];
  readonly clinic = riversideFacts();
  /** Whom the next booking or move finds to have been faster. */
  taken = false;

  constructor(hospital: FakeHospital) {
    const on = hospital.on.bind(hospital);
    on('GET', '/clinics', () => ({ items: [this.clinic], next: null }));
    on('GET', '/appointments', ({ query }) => ({
      items: this.booked.filter(
        ({ start, doctor }) =>
          start >= (query['from'] ?? '') &&
          start < (query['to'] ?? '9') &&
          (!query['doctor'] || doctor === query['doctor']),
      ),
      next: null,
    }));
    on('GET', '/slots', ({ query }) => ({
      ...{ timeZone: riverside.timeZone, next: null },
      items: this.#slots(query['from'] ?? '', query['to'] ?? '').filter(
        ({ doctor }) => !query['doctor'] || doctor === query['doctor'],
      ),
    }));
    on('POST', '/appointments', ({ body }) => {
      if (this.taken) return problem(409, 'slot-taken', 'Somebody was quicker: this time is taken.');
      const { doctor, start, patient } = body as Booked;
      return new Answer(201, this.add(doctor, start, { patient }));
    });
    const change = (name: string, how: (one: Changeable<Booked>, body: unknown) => void) =>
      on('POST', `/appointments/:id/${name}`, ({ params, body }) => {
        const one = this.booked.find(({ id }) => id === params['id']);
        if (!one) return missing;
        if (this.taken) return problem(409, 'slot-taken', 'Somebody was quicker: this time is taken.');
        how(one, body);
        return one;
      });
    change('confirm', (one) => (one.confirmedAt = inSeconds(0)));
    change('cancel', (one) => (one.status = 'cancelled'));
    change('move', (one, body) => {
      const { doctor, start } = body as { doctor: string; start: string };
      const made = this.#facts(doctor, start);
      Object.assign(one, made, { confirmedAt: null });
    });
  }

  #facts(doctor: string, start: string) {
    const known = riverside.doctors.find(({ doctorId }) => doctorId === doctor) ?? riverside.doctors[0];
    return {
      ...{ doctor, doctorName: known?.name ?? '', department: known?.department ?? '', start },
      end: new Date(Date.parse(start) + (known?.serviceMinutes ?? 30) * 60_000).toISOString(),
    };
  }

  add(doctor: string, start: string, facts: Partial<Booked> = {}): Booked {
    const made: Changeable<Booked> = {
      ...{ id: newId(), clinic: riverside.clinicId, ...this.#facts(doctor, start) },
      ...{ timeZone: riverside.timeZone, patient: { name: 'Ellen Park', phone: '+12025550128' } },
      ...{ channel: 'staff', call: null, status: 'booked', confirmedAt: null, revision: 1 },
      ...facts,
    };
    this.booked.push(made);
    return made;
  }

  #slots(from: string, to: string): Slot[] {
    const slots: Slot[] = [];
    for (const { doctorId, working, serviceMinutes } of riverside.doctors)
      for (
        let day = dayIn(riverside.timeZone, new Date(from));
        instant(day, '00:00') < to;
        day = addDays(day, 1)
      )
        for (const hours of working.filter(({ isoWeekdays }) =>
          (isoWeekdays as readonly number[]).includes(isoWeekday(day)),
        ))
          for (
            let at = Date.parse(instant(day, hours.from));
            at < Date.parse(instant(day, hours.to));
            at += serviceMinutes * 60_000
          )
            slots.push(this.#facts(doctorId, new Date(at).toISOString()));
    return slots.filter(
      ({ doctor, start }) =>
        !this.booked.some((one) => one.status === 'booked' && one.doctor === doctor && one.start === start),
    );
  }
}

const people = [
  'Ellen Park',
  'Harold Finch',
  'Maria Lopez',
  'Omar Haddad',
  'June Novak',
  'Linh Tran',
  'Grace Ellis',
];

/** A week with a good part of its times taken. */
export function calendar(hospital: FakeHospital): FakeCalendar {
  const fake = new FakeCalendar(hospital);
  const times = ['09:00', '09:30', '10:00', '11:00', '11:30', '13:00', '14:00', '15:00', '15:30'];
  riverside.doctors.forEach(({ doctorId, working }, d) => {
    for (let n = 0; n < 5; n += 1) {
      if (!working.some(({ isoWeekdays }) => (isoWeekdays as readonly number[]).includes(n + 1))) continue;
      times
        .filter((time, t) => (t * 7 + d * 3 + n) % 5 < 2 && (d !== 2 || time >= '10:00'))
        .forEach((time, t) => {
          // Dr. Brown's times are every 20 minutes.
          const start = instant(addDays(nextMonday, n), d === 1 ? time.replace(':30', ':40') : time);
          fake.add(doctorId, start, {
            patient: {
              name: people[(t * 3 + d + n * 2) % people.length] ?? '',
              phone: `+120255501${20 + d * 10 + t}`,
            },
            channel: (t + n) % 2 ? 'staff' : 'phone',
            call: (t + n) % 2 ? null : newId(),
            confirmedAt: (t + d) % 3 === 0 ? inSeconds(-7_200) : null,
          });
        });
    }
  });
  return fake;
}
