import { monthNames, toClinic, type TimeZoneId, weekdayNames } from '@wardline/clinic-time';

export interface BookedAppointment {
  readonly clinicName: string;
  readonly doctorName: string;
  readonly startMs: number;
  readonly timeZone: TimeZoneId;
  /** E.164 of the clinic; absent when it has none. */
  readonly clinicNumber: string | undefined;
}

/**
 * The confirmation of a booking, in the clinic's own time. It names clinic, doctor and time and nothing else: whoever
 * glances at the phone's screen learns no department, reason or patient's name.
 */
export function confirmationText(booked: BookedAppointment): string {
  const at = toClinic(booked.startMs, booked.timeZone);
  const day = `${weekdayNames[at.dayOfWeek - 1]?.slice(0, 3)} ${at.day} ${monthNames[at.month - 1]}`;
  const time = `${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`;
  const sentence = `${booked.clinicName}: you are booked with ${booked.doctorName} on ${day} at ${time}.`;
  return booked.clinicNumber ? `${sentence} Call ${booked.clinicNumber} to change.` : sentence;
}
