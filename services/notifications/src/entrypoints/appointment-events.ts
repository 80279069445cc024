import { timestampMs } from '@bufbuild/protobuf/wkt';
import { events, readEvent } from '@wardline/contracts';
import type { BusEvent, EventBus, Outcome } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import type { Component } from '@wardline/service-runtime';
import { confirmBooking, type BookedFact } from '../app/confirm-booking.ts';
import { sealContexts } from '../domain/seal-contexts.ts';
import type { ClinicContacts } from '../ports/clinic-contacts.ts';
import type { MessageStore } from '../ports/message-store.ts';

const { AppointmentChange, AppointmentChangedSchema } = events;

/** `appointments.changed`: a booking is confirmed to the patient; other changes are not (yet) told. */
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
      const booked = bookedOf(event, deps.cipher);
      if ('kind' in booked) return booked;
      const result = await confirmBooking(deps, booked);
      return result === 'too-late' ? { kind: 'drop', reason: 'appointment is over' } : { kind: 'ok' };
    },
  });
}

/** The booking that is told, or what becomes of an event that is none. */
function bookedOf(event: BusEvent, cipher: Pick<FieldCipher, 'open'>): BookedFact | Outcome {
  const read = readEvent(AppointmentChangedSchema, event.data, event.type);
  if (read.kind === 'unreadable') return { kind: 'dead-letter', reason: read.reason };
  const m = read.message;
  if (m.change !== AppointmentChange.BOOKED) return { kind: 'drop', reason: 'not-a-booking' };
  if (!m.start || !m.patientPhone) return { kind: 'dead-letter', reason: 'a booking without start or phone' };
  try {
    return {
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
