import { Personal } from '@wardline/personal-data';
import { changeText, type ToldChange } from '../domain/change-text.ts';
import type { ClinicContacts } from '../ports/clinic-contacts.ts';
import type { MessageStore } from '../ports/message-store.ts';

export interface ChangeFact {
  readonly change: ToldChange;
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

const purposes: Readonly<Record<ToldChange, string>> = {
  booked: 'appointment-confirmation',
  moved: 'appointment-moved',
  cancelled: 'appointment-cancelled',
};

/**
 * Asks for the message that tells a change: once per booking and cancellation, and once per move. One that would come after
 * the appointment is not sent.
 */
export async function tellChange(
  deps: { messages: MessageStore; contacts: ClinicContacts; newId: () => string; now: () => number },
  fact: ChangeFact,
): Promise<'requested' | 'known' | 'too-late'> {
  if (fact.startMs <= deps.now()) return 'too-late';
  const clinicNumber = await deps.contacts.numberOf(fact.tenantId, fact.clinicId);
  const isNew = await deps.messages.request({
    messageId: deps.newId(),
    tenantId: fact.tenantId,
    clinicId: fact.clinicId,
    appointmentId: fact.appointmentId,
    to: fact.patientPhone,
    text: Personal.of(changeText({ ...fact, clinicNumber })),
    purpose: purposes[fact.change],
    occurrence: fact.change === 'moved' ? fact.eventId : '',
    causeEventId: fact.eventId,
  });
  return isNew ? 'requested' : 'known';
}
