import { monthNames, toClinic, type TimeZoneId, weekdayNames } from '@wardline/clinic-time';

/** What is told to a patient; a confirmation by the patient is not, since it came from them. */
export type ToldChange = 'booked' | 'moved' | 'cancelled';

export interface ChangedAppointment {
  readonly change: ToldChange;
  readonly clinicName: string;
  readonly doctorName: string;
  readonly startMs: number;
  readonly timeZone: TimeZoneId;
  /** E.164 of the clinic; absent when it has none. */
  readonly clinicNumber: string | undefined;
}

/**
 * What became of an appointment, in the clinic's own time. It names clinic, doctor and time and nothing else: whoever
 * glances at the phone's screen learns no department, reason or patient's name.
 */
export function changeText(appointment: ChangedAppointment): string {
  const { change, clinicName, doctorName, clinicNumber } = appointment;
  const when = whenOf(appointment);
  const sentences: Record<ToldChange, readonly [what: string, callTo: string]> = {
    booked: [`you are booked with ${doctorName} on ${when}`, 'change'],
    moved: [`your appointment with ${doctorName} is now on ${when}`, 'change'],
    cancelled: [`your appointment with ${doctorName} on ${when} is cancelled`, 'book another one'],
  };
  const [what, callTo] = sentences[change];
  return clinicNumber
    ? `${clinicName}: ${what}. Call ${clinicNumber} to ${callTo}.`
    : `${clinicName}: ${what}.`;
}

function whenOf({ startMs, timeZone }: ChangedAppointment): string {
  const at = toClinic(startMs, timeZone);
  const day = `${weekdayNames[at.dayOfWeek - 1]?.slice(0, 3)} ${at.day} ${monthNames[at.month - 1]}`;
  return `${day} at ${String(at.hour).padStart(2, '0')}:${String(at.minute).padStart(2, '0')}`;
}
