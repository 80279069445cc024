import { fromJson } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
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
      if (booked === 'not-a-booking') return { kind: 'drop', reason: booked };
      if (booked === 'malformed') return { kind: 'dead-letter', reason: 'malformed appointments.changed' };
      const result = await confirmBooking(deps, booked);
      return result === 'too-late' ? { kind: 'drop', reason: 'appointment is over' } : { kind: 'ok' };
    },
  });
}

function bookedOf(
  event: BusEvent,
  cipher: Pick<FieldCipher, 'open'>,
): BookedFact | 'not-a-booking' | 'malformed' {
  try {
    const m = fromJson(AppointmentChangedSchema, event.data, { ignoreUnknownFields: true });
    if (m.change !== AppointmentChange.BOOKED) return 'not-a-booking';
    if (!m.start || !m.patientPhone) return 'malformed';
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
    // JSON of another shape, or a value sealed for another place: neither gets better by waiting.
    return 'malformed';
  }
}
