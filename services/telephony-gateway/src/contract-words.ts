import { events, telephony } from '@wardline/contracts';
import type { CallDirection, CallOutcome, CallStateName } from './domain/call.ts';
import type { HandOffStateName } from './domain/hand-off.ts';

/** The domain's words in those of the contracts, for all edges that speak them. */
export const stateToProto: Record<CallStateName, events.CallState> = {
  queued: events.CallState.QUEUED,
  initiating: events.CallState.INITIATING,
  ringing: events.CallState.RINGING,
  active: events.CallState.ACTIVE,
  ending: events.CallState.ENDING,
  completed: events.CallState.COMPLETED,
  escalated: events.CallState.ESCALATED,
  failed: events.CallState.FAILED,
};

export const outcomeToProto: Record<CallOutcome, events.CallOutcome> = {
  booked: events.CallOutcome.BOOKED,
  'call-back-requested': events.CallOutcome.CALL_BACK_REQUESTED,
  'transferred-to-person': events.CallOutcome.TRANSFERRED_TO_PERSON,
  'emergency-transferred': events.CallOutcome.EMERGENCY_TRANSFERRED,
  'no-input': events.CallOutcome.NO_INPUT,
  'not-booked': events.CallOutcome.NOT_BOOKED,
  abandoned: events.CallOutcome.ABANDONED,
  confirmed: events.CallOutcome.CONFIRMED,
  moved: events.CallOutcome.MOVED,
  cancelled: events.CallOutcome.CANCELLED,
  'opted-out': events.CallOutcome.OPTED_OUT,
  'voicemail-left': events.CallOutcome.VOICEMAIL_LEFT,
  machine: events.CallOutcome.MACHINE,
  'wrong-person': events.CallOutcome.WRONG_PERSON,
};

export const directionToProto: Record<CallDirection, events.CallDirection> = {
  inbound: events.CallDirection.INBOUND,
  outbound: events.CallDirection.OUTBOUND,
};

export const handOffStateToProto: Record<HandOffStateName, telephony.HandOffState> = {
  requested: telephony.HandOffState.REQUESTED,
  offered: telephony.HandOffState.OFFERED,
  accepted: telephony.HandOffState.ACCEPTED,
  connected: telephony.HandOffState.CONNECTED,
  declined: telephony.HandOffState.DECLINED,
  'timed-out': telephony.HandOffState.TIMED_OUT,
  abandoned: telephony.HandOffState.ABANDONED,
};
