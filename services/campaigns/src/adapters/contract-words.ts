import { events } from '@wardline/contracts';
import type { CallOutcomeWord } from '../domain/call-result.ts';
import type { CampaignState } from '../domain/campaign.ts';
import type { RecipientResult } from '../domain/results.ts';

const { CallOutcome, CampaignState: State, RecipientResult: Result } = events;

/** The domain's words and the numbers of the contract. */
export const campaignStates: Readonly<Record<CampaignState, events.CampaignState>> = {
  draft: State.DRAFT,
  running: State.RUNNING,
  paused: State.PAUSED,
  completed: State.COMPLETED,
  cancelled: State.CANCELLED,
};

export const recipientResultCodes: Readonly<Record<RecipientResult, events.RecipientResult>> = {
  confirmed: Result.CONFIRMED,
  moved: Result.MOVED,
  cancelled: Result.CANCELLED,
  booked: Result.BOOKED,
  'handed-over': Result.HANDED_OVER,
  'call-back': Result.CALL_BACK,
  'opted-out': Result.OPTED_OUT,
  'voicemail-left': Result.VOICEMAIL_LEFT,
  'no-decision': Result.NO_DECISION,
  'not-reached': Result.NOT_REACHED,
  'invalid-number': Result.INVALID_NUMBER,
  'not-allowed': Result.NOT_ALLOWED,
  'not-called': Result.NOT_CALLED,
};

const outcomeWords: Readonly<Record<events.CallOutcome, CallOutcomeWord>> = {
  [CallOutcome.UNSPECIFIED]: 'unspecified',
  [CallOutcome.BOOKED]: 'booked',
  [CallOutcome.CALL_BACK_REQUESTED]: 'call-back-requested',
  [CallOutcome.TRANSFERRED_TO_PERSON]: 'transferred-to-person',
  [CallOutcome.EMERGENCY_TRANSFERRED]: 'emergency-transferred',
  [CallOutcome.NO_INPUT]: 'no-input',
  [CallOutcome.NOT_BOOKED]: 'not-booked',
  [CallOutcome.ABANDONED]: 'abandoned',
  [CallOutcome.CONFIRMED]: 'confirmed',
  [CallOutcome.MOVED]: 'moved',
  [CallOutcome.CANCELLED]: 'cancelled',
  [CallOutcome.OPTED_OUT]: 'opted-out',
  [CallOutcome.VOICEMAIL_LEFT]: 'voicemail-left',
  [CallOutcome.MACHINE]: 'machine',
  [CallOutcome.WRONG_PERSON]: 'wrong-person',
};

/** An outcome that a newer telephony writes reads as `unspecified`. */
export function outcomeWord(outcome: events.CallOutcome): CallOutcomeWord {
  return outcomeWords[outcome] ?? 'unspecified';
}

/** The word of a result code; undefined for UNSPECIFIED and for codes of a newer contract. */
export function recipientResultWord(code: events.RecipientResult): RecipientResult | undefined {
  const entry = Object.entries(recipientResultCodes).find(([, value]) => value === code);
  return entry?.[0] as RecipientResult | undefined;
}
