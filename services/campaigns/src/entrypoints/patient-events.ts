import { events, readEvent } from '@wardline/contracts';
import type { EventBus, Outcome } from '@wardline/event-bus';
import type { Component } from '@wardline/service-runtime';
import { UUID } from './call-events.ts';
import type { CallBlocks } from '../ports/call-blocks.ts';

/** Who does not want to be called is taken off every list before the next dial. */
export function consumePatients(bus: EventBus, deps: { blocks: CallBlocks; now: () => number }): Component {
  return bus.subscribe({
    group: 'campaigns-patients',
    topics: ['patients.changed'],
    handle: async (event): Promise<Outcome> => {
      const read = readEvent(events.PatientChangedSchema, event.data, event.type);
      if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
      const { patientId, outreachAllowed, blockedNumberKeys, optedOutInCall } = read.message;
      if (patientId === '') return { kind: 'dead-letter', reason: 'patients.changed without a patient' };
      await deps.blocks.applyPatient(event.tenantId, {
        eventId: event.id,
        sequence: event.sequence,
        ...{ patientId, outreachAllowed, blockedNumberKeys },
        // Another service's own words for a call are none of ours.
        optedOutInCall: UUID.test(optedOutInCall) ? optedOutInCall : undefined,
        nowMs: deps.now(),
      });
      return { kind: 'ok' };
    },
  });
}
