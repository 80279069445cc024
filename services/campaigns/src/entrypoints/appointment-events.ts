import { events, readEvent } from '@wardline/contracts';
import type { EventBus, Outcome } from '@wardline/event-bus';
import type { Component } from '@wardline/service-runtime';
import { UUID } from './call-events.ts';
import type { AppointmentChangeWord, CallBlocks } from '../ports/call-blocks.ts';

const { AppointmentChange } = events;

const words: ReadonlyMap<events.AppointmentChange, AppointmentChangeWord> = new Map([
  [AppointmentChange.MOVED, 'moved'],
  [AppointmentChange.CANCELLED, 'cancelled'],
  [AppointmentChange.CONFIRMED, 'confirmed'],
]);

/**
 * An appointment that is moved, cancelled or confirmed while somebody waits to be called about it: they, or somebody for
 * them, have dealt with it since the list was made, and a call would only tell them what they know, or what is not true.
 */
export function consumeAppointments(
  bus: EventBus,
  deps: { blocks: CallBlocks; now: () => number },
): Component {
  return bus.subscribe({
    group: 'campaigns-appointments',
    topics: ['appointments.changed'],
    handle: async (event): Promise<Outcome> => {
      const read = readEvent(events.AppointmentChangedSchema, event.data, event.type);
      if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
      const { appointmentId, change: code, callId } = read.message;
      const change = words.get(code);
      if (!change) return { kind: 'drop', reason: 'nothing to take back' };
      if (appointmentId === '') return { kind: 'dead-letter', reason: 'a change of no appointment' };
      await deps.blocks.applyAppointment(event.tenantId, {
        eventId: event.id,
        ...{ appointmentId, change },
        // Another service's own words for a call are none of ours.
        callId: UUID.test(callId) ? callId : undefined,
        nowMs: deps.now(),
      });
      return { kind: 'ok' };
    },
  });
}
