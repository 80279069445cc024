import { Personal } from '@wardline/personal-data';
import { confirmationText } from '../domain/confirmation-text.ts';
import type { ClinicContacts } from '../ports/clinic-contacts.ts';
import type { MessageStore } from '../ports/message-store.ts';

export interface BookedFact {
  readonly eventId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  readonly clinicName: string;
  readonly appointmentId: string;
  readonly doctorName: string;
  readonly startMs: number;
  readonly timeZone: string;
  readonly patientPhone: Personal;
}

export const confirmationPurpose = 'appointment-confirmation';

/** Asks for the confirmation of a booking, once per appointment. One that would come after the appointment is not sent. */
export async function confirmBooking(
  deps: { messages: MessageStore; contacts: ClinicContacts; newId: () => string; now: () => number },
  booked: BookedFact,
): Promise<'requested' | 'known' | 'too-late'> {
  if (booked.startMs <= deps.now()) return 'too-late';
  const clinicNumber = await deps.contacts.numberOf(booked.tenantId, booked.clinicId);
  const isNew = await deps.messages.request({
    messageId: deps.newId(),
    tenantId: booked.tenantId,
    clinicId: booked.clinicId,
    appointmentId: booked.appointmentId,
    to: booked.patientPhone,
    text: Personal.of(confirmationText({ ...booked, clinicNumber })),
    purpose: confirmationPurpose,
    causeEventId: booked.eventId,
  });
  return isNew ? 'requested' : 'known';
}
