import type { DemoClinic } from '@wardline/contracts';
import type { ScheduleStore } from '../ports/clinic-read-model.ts';

/** Services and working hours of the demo doctors. Clinics and doctors themselves come from the directory's events. */
export async function seedDemo(store: ScheduleStore, clinics: readonly DemoClinic[]): Promise<void> {
  for (const clinic of clinics) {
    for (const doctor of clinic.doctors) {
      await store.define(clinic.tenantId, {
        clinicId: clinic.clinicId,
        doctorId: doctor.doctorId,
        service: {
          serviceId: doctor.serviceId,
          name: `${doctor.department} consultation`,
          durationMinutes: doctor.serviceMinutes,
        },
        weekly: doctor.working.flatMap((hours) =>
          hours.isoWeekdays.map((isoWeekday) => ({
            isoWeekday,
            fromMinute: minuteOf(hours.from),
            toMinute: minuteOf(hours.to),
          })),
        ),
      });
    }
  }
}

function minuteOf(clock: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = clock.split(':').map(Number);
  const minute = hours * 60 + minutes;
  if (!Number.isInteger(minute)) throw new RangeError(`"${clock}" is not a time such as "09:30"`);
  return minute;
}
