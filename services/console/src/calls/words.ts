import type { Tone } from '../parts/tone.ts';

/** How states and outcomes of the API are called on screen; an unknown one is shown as it came. */
const words: Record<string, string> = {
  queued: 'Queued',
  initiating: 'Connecting',
  ringing: 'Ringing',
  active: 'In conversation',
  ending: 'Ending',
  completed: 'Completed',
  escalated: 'With a person',
  failed: 'Failed',
  booked: 'Booked',
  confirmed: 'Confirmed',
  moved: 'Moved',
  cancelled: 'Cancelled',
  'opted-out': 'Does not want calls',
  'voicemail-left': 'Message left',
  machine: 'Answering machine',
  'wrong-person': 'Wrong person',
  'call-back-requested': 'Call back requested',
  'transferred-to-person': 'Given to a person',
  'emergency-transferred': 'Emergency desk',
  'no-input': 'Nobody spoke',
  'not-booked': 'Not booked',
  abandoned: 'Hung up',
  'cancel-appointment': 'Wants to cancel',
  'move-appointment': 'Wants to move',
  other: 'Other',
};

export const inWords = (value: string) => words[value] ?? value;

/** Who speaks with the assistant: whoever calls the clinic, or the patient whom the clinic calls. */
export type Party = 'Caller' | 'Patient';
export const partyOf = ({ direction }: { readonly direction: string }): Party =>
  direction === 'outbound' ? 'Patient' : 'Caller';

/** Outcomes in the order in which they are offered to choose from. */
export const outcomes = [
  'booked',
  'confirmed',
  'moved',
  'cancelled',
  'transferred-to-person',
  'emergency-transferred',
  'call-back-requested',
  'not-booked',
  'abandoned',
  'no-input',
  'voicemail-left',
  'machine',
  'wrong-person',
  'opted-out',
] as const;

/** Why a call ended, where the carrier's word needs a better one. */
const endings: Record<string, string> = {
  normal_clearing: 'Ended normally',
  originator_cancel: 'Given up before it was answered',
  no_answer: 'Nobody answered',
  user_busy: 'The line was busy',
  call_rejected: 'The call was rejected',
  not_found: 'The number does not exist',
  timeout: 'Nobody answered in time',
  'never-answered': 'It was never answered',
  'we-hung-up': 'Wardline hung up',
  swept: 'The carrier never said that it ended',
};
export const endingInWords = (reason: string) => endings[reason] ?? reason;

/** What kept a call from being answered, in the fewest words. Nothing has failed then but to reach somebody. */
const unanswered: Record<string, string> = {
  originator_cancel: 'Given up',
  no_answer: 'No answer',
  timeout: 'No answer',
  user_busy: 'Busy',
  call_rejected: 'Rejected',
  not_found: 'No such number',
};
interface Ending {
  readonly state: string;
  readonly outcome: string | null;
  readonly endReason: string | null;
}
const whyUnanswered = ({ state, endReason }: Ending): string | undefined =>
  state === 'failed' && endReason !== null ? unanswered[endReason] : undefined;

/** What a call came to, or where it is. */
export const callInWords = (call: Ending): string =>
  whyUnanswered(call) ?? inWords(call.outcome ?? call.state);

const terminal = new Set(['completed', 'escalated', 'failed']);
export const isOver = (state: string) => terminal.has(state);

const good = new Set(['booked', 'confirmed', 'moved']);
const notable = new Set(['call-back-requested', 'transferred-to-person', 'opted-out', 'abandoned']);

export function tone(call: Ending): Tone {
  if (whyUnanswered(call) !== undefined) return 'plain';
  if (call.outcome === 'emergency-transferred' || call.state === 'failed') return 'bad';
  if (call.outcome && good.has(call.outcome)) return 'good';
  if (call.outcome && notable.has(call.outcome)) return 'warn';
  return isOver(call.state) ? 'plain' : 'accent';
}
