import { events, type appointments, type directory, type notifications } from '@wardline/contracts';
import { z } from 'zod';
import { id, instantOrNull } from './kernel/fields.ts';
import { iso, word, words } from './views.ts';

export const slotSchema = z
  .strictObject({
    doctor: z.string(),
    doctorName: z.string(),
    department: z.string(),
    service: z.string(),
    start: instantOrNull,
    end: instantOrNull,
  })
  .meta({ id: 'Slot' });

export const slotView = (slot: appointments.Slot): z.input<typeof slotSchema> => ({
  doctor: slot.doctorId,
  doctorName: slot.doctorName,
  department: slot.department,
  service: slot.serviceId,
  start: iso(slot.start),
  end: iso(slot.end),
});

export const appointmentSchema = z
  .strictObject({
    id,
    clinic: z.string(),
    doctor: z.string(),
    doctorName: z.string(),
    department: z.string(),
    service: z.string(),
    start: instantOrNull,
    end: instantOrNull,
    timeZone: z.string(),
    patient: z.strictObject({ name: z.string(), phone: z.string() }),
    channel: words(events.BookingChannel),
    call: z.string().nullable(),
    status: z.string(),
    confirmedAt: instantOrNull.describe('When the patient said that they will come.'),
    revision: z.int(),
  })
  .meta({ id: 'Appointment' });

export const appointmentView = (a: appointments.Appointment): z.input<typeof appointmentSchema> => ({
  id: a.appointmentId,
  clinic: a.clinicId,
  doctor: a.doctorId,
  doctorName: a.doctorName,
  department: a.department,
  service: a.serviceId,
  start: iso(a.start),
  end: iso(a.end),
  timeZone: a.timeZone,
  patient: { name: a.patient?.name ?? '', phone: a.patient?.phone ?? '' },
  channel: word(events.BookingChannel, a.channel),
  call: a.callId || null,
  status: a.status,
  confirmedAt: iso(a.confirmedAt),
  revision: a.revision,
});

export const messageSchema = z
  .strictObject({
    id,
    clinic: z.string(),
    to: z.string(),
    text: z.string(),
    purpose: z.string(),
    status: z.string(),
    createdAt: instantOrNull,
    sentAt: instantOrNull,
    appointment: z.string().nullable(),
    failureReason: z.string().nullable(),
  })
  .meta({ id: 'Message' });

export const messageView = (m: notifications.Message): z.input<typeof messageSchema> => ({
  id: m.messageId,
  clinic: m.clinicId,
  to: m.to,
  text: m.text,
  purpose: m.purpose,
  status: m.status,
  createdAt: iso(m.createdAt),
  sentAt: iso(m.sentAt),
  appointment: m.appointmentId || null,
  failureReason: m.failureReason || null,
});

export const clinicSchema = z
  .strictObject({
    id,
    name: z.string(),
    timeZone: z.string(),
    language: z.string(),
    numbers: z.array(z.string()),
    transferNumber: z.string().describe('The reception; empty when there is none.'),
    emergencyNumber: z.string(),
    emergencyText: z.string(),
    assistantName: z.string(),
    openingHours: z.array(z.strictObject({ isoWeekday: z.int(), opens: z.string(), closes: z.string() })),
    doctors: z.array(
      z.strictObject({
        id,
        name: z.string(),
        department: z.string(),
        alsoCalled: z.array(z.string()),
        acceptsBookings: z.boolean(),
      }),
    ),
    revision: z.int(),
  })
  .meta({ id: 'Clinic' });

export const clinicView = (c: directory.Clinic): z.input<typeof clinicSchema> => ({
  id: c.clinicId,
  name: c.name,
  timeZone: c.timeZone,
  language: c.language,
  numbers: c.numbers,
  transferNumber: c.transferNumber,
  emergencyNumber: c.emergencyNumber,
  emergencyText: c.emergencyText,
  assistantName: c.assistantName,
  openingHours: c.openingHours.map(({ isoWeekday, opens, closes }) => ({ isoWeekday, opens, closes })),
  doctors: c.doctors.map((d) => ({
    id: d.doctorId,
    name: d.name,
    department: d.department,
    alsoCalled: d.alsoCalled,
    acceptsBookings: d.acceptsBookings,
  })),
  revision: c.revision,
});
