import { timestampMs } from '@bufbuild/protobuf/wkt';
import { events, readEvent } from '@wardline/contracts';
import type { BusEvent, EventBus, Outcome } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { Component } from '@wardline/service-runtime';
import { tellChange, type ChangeFact } from '../app/tell-change.ts';
import type { ToldChange } from '../domain/change-text.ts';
import { sealContexts } from '../domain/seal-contexts.ts';
import type { ClinicContacts } from '../ports/clinic-contacts.ts';
import type { MessageStore } from '../ports/message-store.ts';

const { AppointmentChange, AppointmentChangedSchema } = events;

const told: Partial<Record<events.AppointmentChange, ToldChange>> = {
  [AppointmentChange.BOOKED]: 'booked',
  [AppointmentChange.MOVED]: 'moved',
  [AppointmentChange.CANCELLED]: 'cancelled',
};

/** `appointments.changed`: bookings, moves and cancellations are told to the patient. */
export function consumeAppointments(
  bus: EventBus,
  deps: {
    messages: MessageStore;
    contacts: ClinicContacts;
    cipher: Pick<FieldCipher, 'open'>;
    newId: () => string;
    now: () => number;
  },
): Component {
  return bus.subscribe({
    group: 'notifications-confirmations',
    topics: ['appointments.changed'],
    handle: async (event): Promise<Outcome> => {
      const fact = factOf(event, deps.cipher);
      if ('kind' in fact) return fact;
      const result = await tellChange(deps, fact);
      return result === 'too-late' ? { kind: 'drop', reason: 'appointment is over' } : { kind: 'ok' };
    },
  });
}

/** The change that is told, or what becomes of an event that is none. */
function factOf(event: BusEvent, cipher: Pick<FieldCipher, 'open'>): ChangeFact | Outcome {
  const read = readEvent(AppointmentChangedSchema, event.data, event.type);
  if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
  const m = read.message;
  const change = told[m.change];
  if (!change) return { kind: 'drop', reason: 'not told to patients' };
  if (!m.start || !m.patientPhone) return { kind: 'dead-letter', reason: 'a change without start or phone' };
  try {
    return {
      change,
      eventId: event.id,
      tenantId: event.tenantId,
      clinicId: m.clinicId,
      clinicName: m.clinicName,
      appointmentId: m.appointmentId,
      doctorName: m.doctorName,
      startMs: timestampMs(m.start),
      timeZone: m.timeZone,
      patientPhone: cipher.open(event.tenantId, m.patientPhone.sealed, sealContexts.eventPatientPhone),
    };
  } catch {
    // Sealed for another place or with a key that is gone: neither gets better by waiting.
    return { kind: 'dead-letter', reason: 'the phone of appointments.changed cannot be opened' };
  }
}
