import type { Call, CallEvent, CallState, TransferVia, Transition } from './call.ts';
import { isTerminal } from './call.ts';
import { complete, fail, hangUp, inPhase, stay, to } from './moves.ts';
import { policy, ringsUntil, saysUnanswered } from './policy.ts';
import { settleUnanswered, transitionUnanswered } from './transition-unanswered.ts';
import { transitionEnding } from './transition-ending.ts';
import { transitionMachine } from './transition-machine.ts';

/**
 * The call state machine: QUEUED → INITIATING → RINGING → ACTIVE → ENDING → COMPLETED | ESCALATED | FAILED.
 *
 * Webhooks are late, doubled and out of order, so each state accepts every event: what brings nothing new changes
 * nothing, what implies a missed step takes it, and a terminal state is never left. An unchanged call is returned as
 * the same object.
 */
export function transition(call: Call, event: CallEvent): Transition {
  if (isTerminal(call)) return stay(call);
  if (event.type === 'outcome-recorded') return to({ ...call, outcome: event.outcome });
  if (event.type === 'given-up' && !isSettling(call)) return fail(call, 'carrier-unreachable', event.at);
  if (call.state.kind === 'active') return transitionActive(call, call.state, event);
  if (call.state.kind === 'ending') {
    const { phase } = call.state;
    return phase.kind === 'maybe-unanswered'
      ? transitionUnanswered(call, phase, event)
      : transitionEnding(call, phase, event);
  }
  return transitionConnecting(call, event);
}

/** Before the call is connected. Words that only a connected call can cause connect it. */
function transitionConnecting(call: Call, event: CallEvent): Transition {
  switch (event.type) {
    case 'incoming':
      return call.state.kind === 'queued'
        ? to({ ...call, state: { kind: 'initiating' } }, [{ kind: 'answer' }])
        : stay(call);
    case 'dial-asked':
      return call.state.kind === 'queued'
        ? to({ ...call, state: { kind: 'initiating' } }, [{ kind: 'dial' }])
        : stay(call);
    case 'answer-accepted':
    case 'dial-accepted':
      return call.state.kind === 'initiating' ? to({ ...call, state: { kind: 'ringing' } }) : stay(call);
    case 'answered':
      return pickUp(call, event.at);
    case 'machine-detected':
    case 'greeting-ended':
      return call.outbound ? afterPickUp(call, event) : stay(call);
    case 'stream-broken':
    case 'transfer-asked':
    case 'hand-off-opened':
    case 'hang-up-asked':
      return transition(connect(call, event.at), event);
    case 'hung-up':
      if (saysUnanswered(event.cause)) return fail(call, event.cause, event.at);
      return call.outbound ? settleUnanswered(call, event) : complete(call, event.cause, event.at);
    case 'command-failed':
      if (event.command.kind === 'dial') return dialFailed(call, event.reason, event.at);
      // Nobody may be left ringing: whatever the carrier's reason, it is told to end the leg.
      return event.command.kind === 'answer' ? hangUp(call, 'answer-failed', 'failed') : stay(call);
    case 'seen-alive':
      // A leg that we dialled is alive while it rings.
      if (call.outbound) return stay(call);
      // Connected on our word, and alive a good while after: the webhook that says so is lost.
      if (call.state.kind !== 'ringing' || event.at < call.createdAt + policy.quietCheckMs) return stay(call);
      return transition(connect(call, call.createdAt), event);
    case 'seen-gone':
      // The carrier need not count a leg as alive while it is being dialled, and its hangup says what the campaign has to
      // know: why. When that never comes, the leg is hung up once it should have stopped ringing.
      return call.outbound ? stay(call) : fail(call, 'swept', event.at);
    case 'woken':
      if (call.outbound) return onLongRinging(call, event.at);
      return event.at >= call.createdAt + policy.unansweredMs
        ? hangUp(call, 'never-answered', 'failed')
        : stay(call);
    default:
      return stay(call);
  }
}

function transitionActive(
  call: Call,
  state: Extract<CallState, { kind: 'active' }>,
  event: CallEvent,
): Transition {
  const { stream } = state;
  switch (event.type) {
    case 'answered':
      return call.answeredAt === null ? to({ ...call, answeredAt: event.at }) : stay(call);
    case 'hung-up':
      return complete(call, event.cause, event.at);
    case 'machine-detected':
    case 'greeting-ended':
      return transitionMachine(call, stream, event);
    case 'stream-broken':
      if (stream.kind !== 'expected' || (event.epoch !== null && event.epoch !== call.ownerEpoch))
        return stay(call);
      return breakStream(call, event.at);
    case 'command-failed':
      if (event.command.kind !== 'start-stream' || event.command.epoch !== call.ownerEpoch) return stay(call);
      return stream.kind === 'expected' ? breakStream(call, event.at) : stay(call);
    case 'woken':
      if (stream.kind === 'held') return transitionMachine(call, stream, event);
      if (stream.kind !== 'broken' || event.at < stream.restartAt) return stay(call);
      return startStream(call, event.at, stream.replacing);
    case 'seen-alive':
      return isStreamInDoubt(call, event.restartedAt) && !event.streamIsOpen
        ? startStream(call, event.at, true)
        : stay(call);
    case 'transfer-asked':
      return startTransfer(call, event.reason, event.at, event.via);
    case 'hand-off-opened': {
      const { handOffId, reason } = event;
      const requestedAt = call.handOff?.requestedAt ?? event.at;
      return to({ ...call, handOff: { handOffId, reason, requestedAt } });
    }
    case 'hang-up-asked':
      return hangUp({ ...call, outcome: event.outcome ?? call.outcome }, 'we-hung-up', 'completed');
    case 'seen-gone':
      return complete(call, 'swept', event.at);
    default:
      return stay(call);
  }
}

/** Begun before we were started: it may have ended since, and the carrier's word of that been lost. */
export function isStreamInDoubt({ state }: Call, restartedAt: number): boolean {
  return state.kind === 'active' && state.stream.kind === 'expected' && state.stream.since < restartedAt;
}

/** Restarted after a pause, at most three times in half a minute; then a person is the better voice. */
function breakStream(call: Call, at: number): Transition {
  const recent = call.streamBreaks.filter((brokeAt) => at - brokeAt < policy.streamBreakWindowMs);
  const streamBreaks = [...recent, at];
  const delayMs = policy.streamRestartDelaysMs[recent.length];
  // A machine has nobody whom a person could be given.
  if (delayMs === undefined && call.outbound?.pickedUpBy === 'machine')
    return hangUp({ ...call, streamBreaks }, 'machine', 'completed');
  if (delayMs === undefined) return startTransfer({ ...call, streamBreaks }, 'platform-failure', at);
  const stream = { kind: 'broken', restartAt: at + delayMs, replacing: false } as const;
  return to({ ...call, streamBreaks, state: { kind: 'active', stream } });
}

function startStream(call: Call, at: number, replacing: boolean): Transition {
  const ownerEpoch = call.ownerEpoch + 1;
  return to({ ...call, ownerEpoch, state: { kind: 'active', stream: { kind: 'expected', since: at } } }, [
    { kind: 'start-stream', epoch: ownerEpoch, replacing },
  ]);
}

function startTransfer(call: Call, reason: string, at: number, via?: TransferVia): Transition {
  const of = { reason, ...(via && { via }) };
  return to(inPhase(call, { kind: 'transferring', since: at, ...of }), [{ kind: 'transfer', ...of }]);
}

/** An inbound call's stream comes with our answer; one that somebody else answered has to be asked for its stream. */
function pickUp(call: Call, at: number): Transition {
  const { ownerEpoch: epoch } = call;
  return to(connect(call, at), call.outbound ? [{ kind: 'start-stream', epoch, replacing: false }] : []);
}

function afterPickUp(call: Call, event: Extract<CallEvent, { type: 'machine-detected' | 'greeting-ended' }>) {
  const picked = pickUp(call, event.at);
  const next = transition(picked.call, event);
  return to(next.call, [...picked.effects, ...next.effects]);
}

/**
 * A refused dial has no leg. One that was not answered may have one, which its webhooks would name: the call waits for
 * them as long as it would ring.
 */
function dialFailed(call: Call, reason: string, at: number): Transition {
  return reason === 'unavailable' || call.state.kind === 'ringing' ? stay(call) : fail(call, reason, at);
}

function onLongRinging(call: Call, at: number): Transition {
  if (at < ringsUntil(call)) return stay(call);
  // Before it rings, not a word of a leg has come: there is none to hang up.
  return call.state.kind === 'ringing'
    ? hangUp(call, 'no_answer', 'failed')
    : fail(call, 'dial-unconfirmed', at);
}

function connect(call: Call, at: number): Call {
  return { ...call, answeredAt: at, state: { kind: 'active', stream: { kind: 'expected', since: at } } };
}

function isSettling(call: Call): boolean {
  if (call.state.kind !== 'ending') return false;
  return call.state.phase.kind === 'settling' || call.state.phase.kind === 'maybe-unanswered';
}
