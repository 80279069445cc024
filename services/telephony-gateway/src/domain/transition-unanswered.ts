import type { Call, CallEvent, EndingPhase, Transition } from './call.ts';
import { complete, fail, inPhase, stay, to } from './moves.ts';
import { policy } from './policy.ts';

type Phase = Extract<EndingPhase, { kind: 'maybe-unanswered' }>;

/**
 * A call that we made has ended, for a cause such as `normal_clearing` or `unspecified`: a conversation has, or ringing did.
 * For the campaign that is the difference between somebody who was reached and somebody to call again, so it is worth
 * waiting a moment for the word that somebody had picked up.
 */
export function settleUnanswered(
  call: Call,
  { at, cause }: Extract<CallEvent, { type: 'hung-up' }>,
): Transition {
  return to(
    inPhase(call, { kind: 'maybe-unanswered', reason: cause, endedAt: at, settleBy: at + policy.settleMs }),
  );
}

export function transitionUnanswered(call: Call, phase: Phase, event: CallEvent): Transition {
  const { reason, endedAt } = phase;
  switch (event.type) {
    case 'answered':
      return complete({ ...call, answeredAt: event.at }, reason, endedAt);
    case 'machine-detected':
      return complete(event.result === 'machine' ? { ...call, outcome: 'machine' } : call, reason, endedAt);
    case 'greeting-ended':
      return complete({ ...call, outcome: 'machine' }, reason, endedAt);
    case 'woken':
      return event.at >= phase.settleBy ? fail(call, reason, endedAt) : stay(call);
    case 'given-up':
      return fail(call, reason, endedAt);
    default:
      return stay(call);
  }
}
