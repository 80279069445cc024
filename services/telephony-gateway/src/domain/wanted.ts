import type { Call, Effect, TransferVia } from './call.ts';

/**
 * Whether a stored command is still worth telling the carrier. Between decision and execution the call may have moved
 * on: a stream for an older owner, or an answer to a call that has ended, must not be sent.
 */
export function isStillWanted(call: Call, effect: Effect): boolean {
  const { state } = call;
  switch (effect.kind) {
    case 'answer':
      return state.kind === 'initiating';
    case 'dial':
      return state.kind === 'initiating';
    case 'stop-stream':
      return state.kind === 'active' && state.stream.kind === 'held';
    case 'start-stream':
      return state.kind === 'active' && state.stream.kind === 'expected' && call.ownerEpoch === effect.epoch;
    case 'transfer':
      return (
        state.kind === 'ending' && state.phase.kind === 'transferring' && sameVia(effect.via, state.phase.via)
      );
    case 'hang-up':
      return (
        state.kind === 'ending' && (state.phase.kind === 'hanging-up' || state.phase.kind === 'person-left')
      );
    default:
      return effect satisfies never;
  }
}

/** Whether it is one transfer: a hand-off may have gone on from the supervisor's number to the clinic's. */
export function sameVia(a: TransferVia | undefined, b: TransferVia | undefined): boolean {
  return a?.handOffId === b?.handOffId && a?.to === b?.to;
}
