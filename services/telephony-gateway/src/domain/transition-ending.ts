import type { Call, CallEvent, EndingPhase, Transition } from './call.ts';
import { complete, fail, hangUp, inPhase, stay, to } from './moves.ts';
import { policy, saysUnanswered } from './policy.ts';
import { sameVia } from './wanted.ts';

/** The phases of a call that was connected. */
type ConnectedPhase = Exclude<EndingPhase, { kind: 'maybe-unanswered' }>;
type Phase<K extends EndingPhase['kind']> = Extract<EndingPhase, { kind: K }>;
type OfTransfer = Pick<Phase<'transferring'>, 'reason' | 'via'>;

/** What a transfer keeps through all of its phases. */
function ofTransfer({ reason, via }: OfTransfer): OfTransfer {
  return { reason, ...(via && { via }) };
}

/** Between the decision to end the call and the carrier's word that it has ended, hand-offs to a person included. */
export function transitionEnding(call: Call, phase: ConnectedPhase, event: CallEvent): Transition {
  if (event.type === 'answered') {
    return call.answeredAt === null ? to({ ...call, answeredAt: event.at }) : stay(call);
  }
  if ('legId' in event && event.legId !== null && call.failedLegIds.includes(event.legId)) return stay(call);
  switch (phase.kind) {
    case 'hanging-up':
      return onHangingUp(call, phase, event);
    case 'transferring':
      return onTransferring(call, phase, event);
    case 'connected':
      return onConnected(call, phase, event);
    case 'person-left':
      return onPersonLeft(call, phase, event);
    case 'settling':
      return onSettling(call, phase, event);
    default:
      return phase satisfies never;
  }
}

function onHangingUp(call: Call, phase: Phase<'hanging-up'>, event: CallEvent): Transition {
  switch (event.type) {
    case 'hung-up':
    case 'seen-gone':
      return phase.endsAs === 'failed'
        ? fail(call, phase.reason, event.at)
        : complete(call, phase.reason, event.at);
    case 'seen-alive':
      return to(call, [{ kind: 'hang-up' }]);
    default:
      return stay(call);
  }
}

function onTransferring(call: Call, phase: Phase<'transferring'>, event: CallEvent): Transition {
  switch (event.type) {
    case 'person-connected':
      return to(inPhase(call, { kind: 'connected', transferredAt: event.at, ...ofTransfer(phase) }));
    case 'person-hung-up':
      return saysUnanswered(event.cause)
        ? transferFailed(call, phase, event.at, event.legId)
        : personLeft(call, phase, event.at);
    case 'hung-up':
    case 'seen-gone': {
      const endReason = event.type === 'hung-up' ? event.cause : 'swept';
      const settleBy = event.at + policy.settleMs;
      const settling = { kind: 'settling', endReason, endedAt: event.at, settleBy } as const;
      return to(inPhase(call, { ...settling, ...ofTransfer(phase) }));
    }
    case 'command-failed':
      return event.command.kind === 'transfer' && sameVia(event.command.via, phase.via)
        ? transferFailed(call, phase, event.at, null)
        : stay(call);
    case 'woken':
      return event.at >= phase.since + policy.transferPatienceMs
        ? transferFailed(call, phase, event.at, null)
        : stay(call);
    default:
      return stay(call);
  }
}

/**
 * Nobody picked up. The caller comes back to the agent, once; where the agent itself is what failed, or a second
 * transfer fails too, the call is ended rather than looped. A hand-off's transfers do not count: it knows itself what
 * comes next, and has an end.
 */
function transferFailed(
  call: Call,
  phase: Phase<'transferring'>,
  at: number,
  legId: string | null,
): Transition {
  const failed: Call = {
    ...call,
    transferFailures: call.transferFailures + (phase.via ? 0 : 1),
    failedLegIds: legId === null ? call.failedLegIds : [...call.failedLegIds, legId],
  };
  const isLast = phase.reason === 'platform-failure' || failed.transferFailures >= policy.transferFailuresMax;
  if (isLast && !phase.via) {
    return hangUp(failed, 'we-could-not-transfer', 'completed');
  }
  const restartAt = at + policy.streamRestartDelaysMs[0];
  return to({ ...failed, state: { kind: 'active', stream: { kind: 'broken', restartAt, replacing: true } } });
}

function onConnected(call: Call, phase: Phase<'connected'>, event: CallEvent): Transition {
  switch (event.type) {
    case 'hung-up':
    case 'seen-gone':
      return escalate(call, phase, phase.transferredAt, event.at);
    case 'person-hung-up':
      return personLeft(call, phase, phase.transferredAt);
    default:
      return stay(call);
  }
}

function personLeft(call: Call, phase: OfTransfer, transferredAt: number): Transition {
  return to(inPhase(call, { kind: 'person-left', transferredAt, ...ofTransfer(phase) }), [
    { kind: 'hang-up' },
  ]);
}

function onPersonLeft(call: Call, phase: Phase<'person-left'>, event: CallEvent): Transition {
  switch (event.type) {
    case 'hung-up':
    case 'seen-gone':
      return escalate(call, phase, phase.transferredAt, event.at);
    case 'seen-alive':
      return to(call, [{ kind: 'hang-up' }]);
    default:
      return stay(call);
  }
}

function onSettling(call: Call, phase: Phase<'settling'>, event: CallEvent): Transition {
  switch (event.type) {
    case 'person-connected':
      return escalate(call, phase, event.at, phase.endedAt);
    case 'person-hung-up':
      return saysUnanswered(event.cause)
        ? complete(call, phase.endReason, phase.endedAt)
        : escalate(call, phase, phase.endedAt, phase.endedAt);
    case 'woken':
      return event.at >= phase.settleBy ? complete(call, phase.endReason, phase.endedAt) : stay(call);
    case 'given-up':
      return complete(call, phase.endReason, phase.endedAt);
    default:
      return stay(call);
  }
}

function escalate(call: Call, phase: OfTransfer, transferredAt: number, endedAt: number): Transition {
  const outcome = phase.reason === 'emergency' ? 'emergency-transferred' : 'transferred-to-person';
  const of = ofTransfer(phase);
  return to({ ...call, outcome, state: { kind: 'escalated', transferredAt, endedAt, ...of } });
}
