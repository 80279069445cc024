import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  events,
  type appointments,
  type dialogue,
  type directory,
  type notifications,
  type telephony,
} from '@wardline/contracts';

/**
 * The public JSON of the REST API, made from the internal messages. Instants are ISO 8601 in UTC; enums are the
 * lower-case word of the contract ("booked", "active"), and a value that this version does not know is "unknown".
 */
const iso = (at: Timestamp | undefined) => (at ? timestampDate(at).toISOString() : null);

/** The word of an enum's value: the contracts' enums are plain objects from name to number. */
function word(names: Readonly<Record<string, number>>, value: number): string {
  const name = Object.keys(names).find((key) => names[key] === value);
  return !name || name === 'UNSPECIFIED' ? 'unknown' : name.toLowerCase().replaceAll('_', '-');
}

export const slotView = (slot: appointments.Slot) => ({
  doctor: slot.doctorId,
  doctorName: slot.doctorName,
  department: slot.department,
  service: slot.serviceId,
  start: iso(slot.start),
  end: iso(slot.end),
});

export const appointmentView = (a: appointments.Appointment) => ({
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
});

export const callView = (c: telephony.Call) => ({
  id: c.callId,
  clinic: c.clinicId,
  direction: word(events.CallDirection, c.direction),
  state: word(events.CallState, c.state),
  outcome: c.outcome === events.CallOutcome.UNSPECIFIED ? null : word(events.CallOutcome, c.outcome),
  callerNumber: c.callerNumber || null,
  initiatedAt: iso(c.initiatedAt),
  answeredAt: iso(c.answeredAt),
  endedAt: iso(c.endedAt),
  endReason: c.endReason || null,
  traceId: c.traceId || null,
});

export const callBackView = (b: telephony.CallBack) => ({
  id: b.callBackId,
  call: b.callId,
  clinic: b.clinicId,
  reason: b.reason,
  note: b.note,
  callerNumber: b.callerNumber || null,
  requestedAt: iso(b.requestedAt),
});

export const lineView = (l: dialogue.TranscriptLine) => ({
  sequence: l.sequence,
  speaker: l.speaker === 1 ? 'agent' : l.speaker === 2 ? 'caller' : 'unknown',
  text: l.text,
  confidence: l.confidence,
  at: iso(l.at),
  interrupted: l.interrupted,
});

export const messageView = (m: notifications.Message) => ({
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

export const clinicView = (c: directory.Clinic) => ({
  id: c.clinicId,
  name: c.name,
  timeZone: c.timeZone,
  language: c.language,
  numbers: c.numbers,
  doctors: c.doctors.map((d) => ({
    id: d.doctorId,
    name: d.name,
    department: d.department,
    acceptsBookings: d.acceptsBookings,
  })),
});
