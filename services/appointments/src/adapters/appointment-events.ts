import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import type { NewEvent } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import { sealContexts } from '../domain/seal-contexts.ts';
import type { BookCommand, Channel } from '../ports/appointment-book.ts';

const { AppointmentChange, AppointmentChangedSchema, BookingChannel } = events;

export const channelToProto = {
  phone: BookingChannel.PHONE,
  staff: BookingChannel.STAFF,
  unspecified: BookingChannel.UNSPECIFIED,
} as const satisfies Record<Channel, events.BookingChannel>;

const changeToProto = {
  booked: AppointmentChange.BOOKED,
  moved: AppointmentChange.MOVED,
  cancelled: AppointmentChange.CANCELLED,
  confirmed: AppointmentChange.CONFIRMED,
} as const;

/** What happened to an appointment, with the patient sealed for the event (not for our table). */
export function changedEvent(
  cipher: Pick<FieldCipher, 'seal'>,
  tenantId: string,
  {
    facts,
    patient,
    change,
  }: Pick<BookCommand, 'facts' | 'patient'> & { readonly change: keyof typeof changeToProto },
): NewEvent {
  const message = create(AppointmentChangedSchema, {
    appointmentId: facts.appointmentId,
    clinicId: facts.clinicId,
    clinicName: facts.clinicName,
    doctorId: facts.doctorId,
    doctorName: facts.doctorName,
    serviceId: facts.serviceId,
    change: changeToProto[change],
    start: timestampFromMs(facts.startMs),
    end: timestampFromMs(facts.endMs),
    timeZone: facts.timeZone,
    patientName: { sealed: cipher.seal(tenantId, patient.name, sealContexts.eventPatientName) },
    patientPhone: { sealed: cipher.seal(tenantId, patient.phone, sealContexts.eventPatientPhone) },
    channel: channelToProto[facts.channel],
    callId: facts.callId,
  });
  return {
    topic: 'appointments.changed',
    type: AppointmentChangedSchema.typeName,
    key: facts.appointmentId,
    subject: `appointments/${facts.appointmentId}`,
    tenantId,
    data: toJson(AppointmentChangedSchema, message, { alwaysEmitImplicit: true }) as JsonObject,
  };
}
