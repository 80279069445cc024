import { isTerminal, type Call, type Effect, type TransferVia } from './call.ts';
import { stepHandOff, type HandOff, type HandOffEvent } from './hand-off.ts';
import { transition } from './transition.ts';

export interface HandOffOnCall {
  readonly call: Call;
  readonly handOff: HandOff;
}

export interface SettledHandOff extends HandOffOnCall {
  /** What the carrier is to be told. */
  readonly effects: readonly Effect[];
  /** The caller goes on the call-back list, once. */
  readonly callBack: boolean;
}

/** A hand-off has at most six steps before it; more would be a circle. */
const STEPS_MAX = 12;

/**
 * A call and its hand-off go on together until neither has anything to tell the other: what the hand-off decides moves
 * the call, and what became of the call moves the hand-off. Both are stored in one transaction, so there is no moment in
 * which one of them knows and the other does not.
 */
export function settleHandOff(
  pair: HandOffOnCall,
  events: readonly HandOffEvent[],
  at: number,
): SettledHandOff {
  let { call, handOff } = pair;
  const effects: Effect[] = [];
  let callBack = false;

  const take = (event: HandOffEvent): void => {
    const step = stepHandOff(handOff, event);
    handOff = step.handOff;
    for (const effect of step.effects) {
      if (effect.kind === 'call-back') {
        callBack = true;
        if (call.outcome === null) move({ type: 'outcome-recorded', outcome: 'call-back-requested' });
      } else {
        const via: TransferVia = { handOffId: handOff.handOffId, to: effect.to };
        move({ type: 'transfer-asked', at, reason: call.handOff?.reason ?? 'caller-asked', via });
      }
    }
  };
  const move = (event: Parameters<typeof transition>[1]): void => {
    const next = transition(call, event);
    call = next.call;
    effects.push(...next.effects);
  };
  const observe = (): void => {
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const event = observedEvent({ call, handOff }, at);
      if (!event) return;
      take(event);
    }
    throw new Error('a hand-off and its call do not come to rest');
  };

  observe();
  for (const event of events) {
    take(event);
    observe();
  }
  return { call, handOff, effects, callBack };
}

/**
 * What the state of the call means for its hand-off, if that is news. It compares what is, not what happened, so that a
 * step which was missed is made up for by the next look.
 */
export function observedEvent({ call, handOff }: HandOffOnCall, at: number): HandOffEvent | null {
  if (handOff.state === 'requested' || handOff.state === 'offered') {
    // It waits while the caller is with the agent; hung up, or transferred for another reason, nobody needs to come.
    return call.state.kind === 'ending' || isTerminal(call) ? { type: 'caller-left', at } : null;
  }
  if (handOff.state === 'accepted') return observedRinging(call, handOff, 'supervisor', at);
  if (handOff.fallback === 'reception') return observedRinging(call, handOff, 'reception', at);
  const isOpen = handOff.state === 'connected' && handOff.endedAt === null;
  return isOpen && isTerminal(call) ? { type: 'caller-left', at: endOf(call, at) } : null;
}

function observedRinging(
  call: Call,
  handOff: HandOff,
  to: TransferVia['to'],
  at: number,
): HandOffEvent | null {
  const connected = to === 'supervisor' ? 'person-connected' : 'reception-connected';
  const unreached = to === 'supervisor' ? 'person-unreached' : 'reception-unreached';
  const { state } = call;
  switch (state.kind) {
    case 'completed':
    case 'failed':
      return { type: 'caller-left', at: endOf(call, at) };
    case 'escalated':
      return isVia(state.via, handOff, to)
        ? { type: connected, at: state.transferredAt }
        : { type: 'caller-left', at };
    case 'ending': {
      const { phase } = state;
      // Given up on reaching anybody, the call is ended by us: the caller is called back all the same.
      if (phase.kind === 'hanging-up') return { type: unreached, at };
      if (!('via' in phase) || !isVia(phase.via, handOff, to)) return { type: unreached, at };
      return 'transferredAt' in phase ? { type: connected, at: phase.transferredAt } : null;
    }
    default:
      return { type: unreached, at };
  }
}

function isVia(via: TransferVia | undefined, { handOffId }: HandOff, to: TransferVia['to']): boolean {
  return via?.handOffId === handOffId && via.to === to;
}

function endOf({ state }: Call, at: number): number {
  if (state.kind === 'failed') return state.failedAt;
  return state.kind === 'completed' || state.kind === 'escalated' ? state.endedAt : at;
}
