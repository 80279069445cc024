import type { AttemptResult } from './results.ts';

/** What a call achieved, as the conversation said; the words are those of `CallOutcome`. */
export type CallOutcomeWord =
  | 'unspecified'
  | 'booked'
  | 'call-back-requested'
  | 'transferred-to-person'
  | 'emergency-transferred'
  | 'no-input'
  | 'not-booked'
  | 'abandoned'
  | 'confirmed'
  | 'moved'
  | 'cancelled'
  | 'opted-out'
  | 'voicemail-left'
  | 'machine'
  | 'wrong-person';

/** How a call that was answered counts for the campaign. */
export const resultByOutcome: Readonly<Record<CallOutcomeWord, AttemptResult>> = {
  // Answered, and nobody wrote down what came of it: the call broke.
  unspecified: 'cut-off',
  booked: 'booked',
  'call-back-requested': 'call-back',
  'transferred-to-person': 'handed-over',
  'emergency-transferred': 'handed-over',
  'no-input': 'no-input',
  'not-booked': 'no-decision',
  // Whoever hangs up on us has answered; calling again would only annoy.
  abandoned: 'no-decision',
  confirmed: 'confirmed',
  moved: 'moved',
  cancelled: 'cancelled',
  'opted-out': 'opted-out',
  'voicemail-left': 'voicemail-left',
  machine: 'machine',
  'wrong-person': 'wrong-person',
};

/**
 * Words for why a call failed: the carrier's hang-up causes (Telnyx `call.hangup`, `hangup_cause`, which follow Q.850), and
 * telephony's own. What is not here failed technically.
 */
const resultByFailure: Readonly<Record<string, AttemptResult>> = {
  user_busy: 'busy',
  busy: 'busy',
  no_answer: 'no-answer',
  no_user_response: 'no-answer',
  timeout: 'no-answer',
  originator_cancel: 'no-answer',
  never_answered: 'no-answer',
  call_rejected: 'rejected',
  rejected: 'rejected',
  // The called side ended the ringing.
  normal_clearing: 'rejected',
  not_found: 'invalid-number',
  unallocated_number: 'invalid-number',
  invalid_number: 'invalid-number',
  invalid_number_format: 'invalid-number',
  number_changed: 'invalid-number',
  machine: 'machine',
  machine_detected: 'machine',
};

export function resultOfFailure(reason: string): AttemptResult {
  return resultByFailure[reason.toLowerCase().replaceAll('-', '_')] ?? 'failed';
}
