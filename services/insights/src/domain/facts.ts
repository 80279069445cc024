interface OfCall {
  readonly callId: string;
  readonly clinicId: string;
}

interface OfCampaignCall extends OfCall {
  /** Empty when the call belongs to none. */
  readonly campaignId: string;
  readonly attemptId: string;
}

export interface CallInitiatedFact extends OfCampaignCall {
  readonly kind: 'call-initiated';
  readonly direction: string;
  readonly initiatedAtMs: number;
}
export interface CallChangedFact extends OfCampaignCall {
  readonly kind: 'call-changed';
  readonly toState: string;
  readonly changedAtMs: number;
}
export interface CallCompletedFact extends OfCampaignCall {
  readonly kind: 'call-completed';
  readonly direction: string;
  readonly outcome: string;
  readonly endReason: string;
  readonly initiatedAtMs: number;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number;
  readonly talkMs: number | null;
}
export interface CallFailedFact extends OfCampaignCall {
  readonly kind: 'call-failed';
  readonly direction: string;
  readonly failureReason: string;
  readonly initiatedAtMs: number;
  readonly failedAtMs: number;
}
export interface CallEscalatedFact extends OfCampaignCall {
  readonly kind: 'call-escalated';
  readonly reason: string;
  readonly initiatedAtMs: number;
  /** Null when the call was passed on without asking who is there. */
  readonly requestedAtMs: number | null;
  readonly transferredAtMs: number;
  readonly endedAtMs: number;
}
export interface ConversationEndedFact extends OfCall {
  readonly kind: 'conversation-ended';
  readonly turns: number;
  readonly notUnderstood: number;
  readonly silences: number;
  readonly interruptions: number;
  readonly responseMs: readonly number[];
  readonly endedAtMs: number;
}
/** Ours, not an event's: no report of the conversation came in time, and the call was scored without one. */
export interface GraceOverFact extends OfCall {
  readonly kind: 'grace-over';
  readonly atMs: number;
}
export type CallFact =
  | CallInitiatedFact
  | CallChangedFact
  | CallCompletedFact
  | CallFailedFact
  | CallEscalatedFact
  | ConversationEndedFact
  | GraceOverFact;

export interface CallQueuedFact {
  readonly kind: 'call-queued';
  readonly attemptId: string;
  readonly campaignId: string;
  readonly clinicId: string;
  /** Empty where the campaign did not say. */
  readonly recipientId: string;
}
export interface RecipientSettledFact {
  readonly kind: 'recipient-settled';
  readonly recipientId: string;
  readonly campaignId: string;
  readonly clinicId: string;
  readonly result: string;
  readonly attempts: number;
  readonly settledAtMs: number;
}
export type RecipientFact = CallQueuedFact | RecipientSettledFact;

export interface CampaignChangedFact {
  readonly kind: 'campaign-changed';
  readonly campaignId: string;
  readonly clinicId: string;
  readonly state: string;
  readonly recipients: number;
  readonly changedAtMs: number;
}

/**
 * What an event says, as far as figures are made of it. It holds nothing about a person. Words for states, outcomes and
 * results are those of the contracts in lower kebab case, such as "call-back-requested"; 'unspecified' when not known.
 */
export type Fact = CallFact | RecipientFact | CampaignChangedFact;
