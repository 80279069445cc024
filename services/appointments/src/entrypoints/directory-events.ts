import { fromJson } from '@bufbuild/protobuf';
import { parseTimeZone } from '@wardline/clinic-time';
import { events } from '@wardline/contracts';
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
  try {
    const m = fromJson(events.DirectoryChangedSchema, event.data, { ignoreUnknownFields: true });
    return {
      clinicId: m.clinicId,
      name: m.name,
      timeZone: parseTimeZone(m.timeZone),
      doctors: m.doctors.map(({ doctorId, name, department, acceptsBookings }) => ({
        doctorId,
        name,
        department,
        acceptsBookings,
      })),
    };
  } catch (error) {
    // What cannot be read today cannot be read tomorrow either.
    return error instanceof RangeError ? 'unknown time zone' : 'malformed directory.changed';
  }
}
