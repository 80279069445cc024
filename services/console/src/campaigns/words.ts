import type { CampaignSettings, CampaignState } from '../api/campaign-types.ts';
import type { Tone } from '../parts/tone.ts';

const states: Record<CampaignState, readonly [string, Tone]> = {
  draft: ['Draft', 'plain'],
  running: ['Running', 'accent'],
  paused: ['Paused', 'warn'],
  completed: ['Completed', 'good'],
  cancelled: ['Cancelled', 'plain'],
};
export const stateInWords = (state: CampaignState) => states[state]?.[0] ?? state;
export const stateTone = (state: CampaignState) => states[state]?.[1] ?? 'plain';

/** Where a result stands when it is shown as a colour. */
export type ResultGroup = 'good' | 'person' | 'told' | 'out' | 'none';

const results: Record<string, readonly [string, ResultGroup]> = {
  confirmed: ['Confirmed', 'good'],
  moved: ['Moved', 'good'],
  booked: ['Booked', 'good'],
  cancelled: ['Cancelled', 'good'],
  'handed-over': ['Handed to a person', 'person'],
  'call-back': ['To be called back', 'person'],
  'voicemail-left': ['Message left', 'told'],
  'no-decision': ['Decided nothing', 'told'],
  'opted-out': ['Does not want calls', 'out'],
  'not-allowed': ['May not be called', 'out'],
  'invalid-number': ['Number does not exist', 'none'],
  'not-reached': ['Not reached', 'none'],
  'not-called': ['Not called', 'none'],
  // Of one call, after which there may be another.
  busy: ['Busy', 'none'],
  'no-answer': ['No answer', 'none'],
  machine: ['Answering machine', 'none'],
  'no-input': ['Nobody spoke', 'none'],
  'wrong-person': ['Somebody else', 'none'],
  rejected: ['Rejected', 'none'],
  'cut-off': ['Cut off', 'none'],
  failed: ['Failed', 'none'],
  lost: ['Never made', 'none'],
  'not-dialled': ['Not dialled', 'none'],
};
export const resultInWords = (result: string) => results[result]?.[0] ?? result;
export const groupOf = (result: string): ResultGroup => results[result]?.[1] ?? 'none';

/** Results of a recipient in the order in which they are shown. */
export const recipientResults = [
  ...['confirmed', 'moved', 'booked', 'cancelled', 'handed-over', 'call-back', 'voicemail-left'],
  ...['no-decision', 'opted-out', 'not-allowed', 'invalid-number', 'not-reached', 'not-called'],
] as const;

const toneOfGroup: Record<ResultGroup, Tone> = {
  good: 'good',
  person: 'accent',
  told: 'warn',
  out: 'bad',
  none: 'plain',
};
export const resultTone = (result: string): Tone => toneOfGroup[groupOf(result)];

const recipientStates: Record<string, string> = {
  waiting: 'Waiting',
  queued: 'About to be called',
  live: 'In a call',
  settled: 'Done',
};
export const recipientStateInWords = (state: string) => recipientStates[state] ?? state;

/** Why nobody, or somebody, is not called now. */
const reasons: Record<string, string> = {
  'outside-window': 'Outside of calling hours',
  'dialling-stopped': 'Dialling is stopped for the whole hospital',
  paused: 'Paused',
  'do-not-call': 'On the do-not-call list',
  'opted-out': 'Does not want calls',
  'number-shared': 'Waits for somebody with the same number',
  'window-over': 'The campaign’s last day is over before they could be called',
  'consent-unknown': 'Whether they may be called could not be asked',
  'calls-fail': 'Calls fail one after the other',
  'number-busy': 'The number is in another call',
  'too-late': 'Too late',
};
/** States of their own that need no second word. */
const untold = new Set(['not-started', 'over', 'paused']);
export const reasonInWords = (reason: string) => reasons[reason] ?? reason.replaceAll('-', ' ');
export const holdingBackInWords = (reason: string | null) =>
  reason === null || untold.has(reason) ? undefined : reasonInWords(reason);

const needWords: Record<string, string> = {
  'patient.name': 'the patient’s name',
  'appointment.when': 'when the appointment is',
  'appointment.start': 'when the appointment is',
  'appointment.doctor': 'the doctor of the appointment',
};
export const needInWords = (need: string) => needWords[need] ?? need.replaceAll('.', ' ');

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** "Mon–Fri, 09:00–18:00". */
export function windowInWords(s: Pick<CampaignSettings, 'isoWeekdays' | 'fromLocalTime' | 'toLocalTime'>) {
  const runs: number[][] = [];
  for (const day of s.isoWeekdays.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const name = (day: number | undefined) => weekdays[(day ?? 1) - 1] ?? '';
  const days = runs.map((run) =>
    run.length > 2 ? `${name(run[0])}–${name(run.at(-1))}` : run.map(name).join(', '),
  );
  return `${days.join(', ')}, ${s.fromLocalTime}–${s.toLocalTime}`;
}

const numbers = new Intl.NumberFormat('en-GB');
export const inDigits = (count: number) => numbers.format(count);
export const people = (count: number) => `${inDigits(count)} ${count === 1 ? 'person' : 'people'}`;

/** The page that every campaign belongs to. */
export const parent = { to: '/campaigns', label: 'Campaigns' } as const;
