import { toClinic, type TimeZoneId } from '@wardline/clinic-time';

export interface BookedAppointment {
  readonly clinicName: string;
  readonly doctorName: string;
  readonly startMs: number;
  readonly timeZone: TimeZoneId;
  /** E.164 of the clinic; absent when it has none. */
  readonly clinicNumber: string | undefined;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/**
 * The confirmation of a booking, in the clinic's own time. It names clinic, doctor and time and nothing else: whoever
 * glances at the phone's screen learns no department, reason or patient's name.
 */
export function confirmationText(booked: BookedAppointment): string {
  const at = toClinic(booked.startMs, booked.timeZone);
  const day = `${weekdays[at.dayOfWeek - 1]} ${at.day} ${months[at.month - 1]}`;
  const time = `${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`;
  const sentence = `${booked.clinicName}: you are booked with ${booked.doctorName} on ${day} at ${time}.`;
  return booked.clinicNumber ? `${sentence} Call ${booked.clinicNumber} to change.` : sentence;
}
