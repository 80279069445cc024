import type { ClinicFacts } from './clinic.ts';
import { spokenDoctor } from './clinic.ts';
import { momentOf } from './script/moment.ts';
import type { HandOffReason, State } from './state.ts';

/** What a person should know before they speak with whoever is on the line. */
export interface Briefing {
  /** Empty when not known. */
  readonly patientName: string;
  readonly summary: string;
  /** In the order of the conversation. */
  readonly details: readonly { readonly label: string; readonly value: string }[];
  /** The end of what was said, oldest first. */
  readonly lines: readonly { readonly agent: boolean; readonly text: string }[];
}

const becauseOf: Record<HandOffReason, string> = {
  'caller-asked': 'Asked for a person',
  'not-understood': 'Could not be understood by the assistant',
  script: 'Is put through as the script of the call says',
};

const achievements: Partial<Record<NonNullable<State['outcome']>, string>> = {
  booked: 'An appointment was booked in this call',
  moved: 'The appointment was moved in this call',
  cancelled: 'The appointment was cancelled in this call',
  confirmed: 'The appointment was confirmed in this call',
  'call-back-requested': 'Has asked to be called back',
};

/**
 * From the state alone: what another instance would hand over as well.
 *
 * @param scriptTitle of the script that a call of ours follows, as staff know it
 */
export function briefingOf(
  state: State,
  clinic: ClinicFacts,
  reason: HandOffReason,
  scriptTitle?: string,
): Briefing {
  const doing = doingOf(state, scriptTitle);
  return {
    patientName: state.script?.patient.name ?? state.name ?? '',
    summary: `${becauseOf[reason]}${doing === '' ? '' : `, ${doing}`}.`,
    details: detailsOf(state, clinic),
    lines: state.kept,
  };
}

function doingOf({ script, progress, wish, held, callBack }: State, scriptTitle = ''): string {
  if (progress?.job?.kind === 'move') return 'while moving an appointment';
  if (progress?.job?.kind === 'book') return 'while booking a new appointment';
  if (script) return `in a call that we made${scriptTitle === '' ? '' : ` (${scriptTitle})`}`;
  if (callBack?.reason === 'cancel-appointment') return 'while cancelling an appointment';
  if (callBack?.reason === 'move-appointment') return 'while moving an appointment';
  return held || wish.who || wish.days || wish.time ? 'while booking an appointment' : '';
}

function detailsOf(state: State, clinic: ClinicFacts): { label: string; value: string }[] {
  const { script, progress, wish, held, phone, outcome } = state;
  const doctor = (id: string): string => clinic.doctors.find(({ doctorId }) => doctorId === id)?.name ?? '';
  const at = (ms: number): string => momentOf(ms, clinic.timeZone).spoken;
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const all: [string, string | undefined][] = [
    [
      'Appointment',
      script?.appointment &&
        `${at(script.appointment.startMs)}, ${spokenDoctor(script.appointment.doctorName)}`,
    ],
    ['Patient on the line', progress && (progress.identified ? 'yes, as they say' : 'not confirmed')],
    [
      'Wished doctor',
      wish.who?.kind === 'doctor'
        ? doctor(wish.who.doctorId)
        : wish.who?.kind === 'department'
          ? wish.who.department
          : undefined,
    ],
    [
      'Wished day',
      wish.days &&
        (wish.days.first === wish.days.last ? wish.days.first : `${wish.days.first} to ${wish.days.last}`),
    ],
    [
      'Wished time',
      wish.time &&
        (wish.time.kind === 'at'
          ? wish.time.candidates.map(clock).join(' or ')
          : `${clock(wish.time.from)} to ${clock(wish.time.to)}`),
    ],
    ['Time that was being agreed', held && `${at(held.slot.startMs)}, ${spokenDoctor(held.slot.doctorName)}`],
    ['Number given', phone?.said ? phone.number : undefined],
    ['So far', outcome && achievements[outcome]],
  ];
  return all.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]));
}
