import { parseTimeZone } from '@wardline/clinic-time';
import { events, readEvent } from '@wardline/contracts';
import type { EventBus, Outcome } from '@wardline/event-bus';
import type { Component } from '@wardline/service-runtime';
import type { ClinicReadModel } from '../ports/clinic-read-model.ts';

/** Keeps the clinics' names and zones from `directory.changed`. */
export function consumeDirectory(bus: EventBus, clinics: ClinicReadModel): Component {
  return bus.subscribe({
    group: 'campaigns-directory',
    topics: ['directory.changed'],
    handle: async (event): Promise<Outcome> => {
      const read = readEvent(events.DirectoryChangedSchema, event.data, event.type);
      if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
      const { clinicId, name, timeZone } = read.message;
      if (clinicId === '') return { kind: 'dead-letter', reason: 'directory.changed without a clinic' };
      try {
        parseTimeZone(timeZone);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { kind: 'dead-letter', reason: 'unknown time zone' };
      }
      const { id: eventId, sequence, tenantId } = event;
      await clinics.apply(tenantId, { eventId, sequence, clinicId, name, timeZone });
      return { kind: 'ok' };
    },
  });
}
