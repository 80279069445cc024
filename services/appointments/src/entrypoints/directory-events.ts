import { parseTimeZone } from '@wardline/clinic-time';
import { events, readEvent } from '@wardline/contracts';
import type { BusEvent, EventBus, Outcome } from '@wardline/event-bus';
import type { Component } from '@wardline/service-runtime';
import type { ClinicReadModel, ClinicSnapshot } from '../ports/clinic-read-model.ts';

/** Keeps the read model of clinics and doctors from `directory.changed`. */
export function consumeDirectory(bus: EventBus, clinics: ClinicReadModel): Component {
  return bus.subscribe({
    group: 'appointments',
    topics: ['directory.changed'],
    handle: async (event): Promise<Outcome> => {
      const clinic = clinicOf(event);
      if (typeof clinic === 'string') return { kind: 'dead-letter', reason: clinic };
      await clinics.apply(event.tenantId, { eventId: event.id, sequence: event.sequence, clinic });
      return { kind: 'ok' };
    },
  });
}

/** The clinic of an event, or what is wrong with it. */
function clinicOf(event: BusEvent): ClinicSnapshot | string {
  const read = readEvent(events.DirectoryChangedSchema, event.data, event.type);
  if (read.kind === 'unreadable') return read.reason;
  const { clinicId, name, timeZone, doctors } = read.message;
  if (clinicId === '') return 'directory.changed without a clinic';
  try {
    return {
      clinicId,
      name,
      timeZone: parseTimeZone(timeZone),
      doctors: doctors.map((doctor) => ({
        doctorId: doctor.doctorId,
        name: doctor.name,
        department: doctor.department,
        acceptsBookings: doctor.acceptsBookings,
      })),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'unknown time zone';
  }
}
