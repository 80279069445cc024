import type { Personal } from '@wardline/personal-data';
import { isTerminal, type CallEvent, type CallOutcome } from '../domain/call.ts';
import type { CallBackList } from '../ports/call-back-list.ts';
import type { CallKey, StoredCall } from '../ports/call-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { CallChanges } from './change-call.ts';

export type RefusalCode = 'unknown-call' | 'stale-owner' | 'call-over' | 'call-ending';

/** Why a command of a conversation's owner was not taken. Repeating it does not help. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly retryable = false;
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(`command refused: ${code}`);
    this.code = code;
  }
}

/** A call, and the epoch in whose name its owner commands it. */
export interface OwnedCall extends CallKey {
  readonly ownerEpoch: number;
}

/** What the owner of a conversation may do with its call. All reject with `CommandRefused`. */
export interface CallCommands {
  transferCall(owned: OwnedCall, reason: string): Promise<void>;
  hangUp(owned: OwnedCall, outcome: CallOutcome | null): Promise<void>;
  recordOutcome(owned: OwnedCall, outcome: CallOutcome): Promise<void>;
  /**
   * Unlike the others it is taken after the call has ended too: a caller who hangs up on the promise of a call back
   * must get one.
   */
  requestCallBack(owned: OwnedCall, o: { reason: string; note: Personal }): Promise<{ callBackId: string }>;
}

export function createCallCommands(deps: {
  changes: CallChanges;
  callBacks: CallBackList;
  clock: Clock;
  newId: () => string;
}): CallCommands {
  const { clock } = deps;

  async function asOwner(
    owned: OwnedCall,
    decide: (stored: StoredCall, at: number) => readonly CallEvent[],
  ): Promise<void> {
    const at = clock.now();
    const result = await deps.changes.change(owned, {
      at,
      decide: (stored) => {
        assertOwner(owned, stored.call.ownerEpoch);
        if (isTerminal(stored.call)) throw new CommandRefused('call-over');
        return decide(stored, at);
      },
    });
    if (result.kind === 'unknown-call') throw new CommandRefused('unknown-call');
  }

  return {
    transferCall: (owned, reason) =>
      asOwner(owned, ({ call }, at) => {
        // A repeated request finds its own effect; any other way of ending is too late to change.
        if (endingPhaseOf(call) === 'transferring' || endingPhaseOf(call) === 'connected') return [];
        if (endingPhaseOf(call) !== null) throw new CommandRefused('call-ending');
        return [{ type: 'transfer-asked', at, reason }];
      }),
    hangUp: (owned, outcome) =>
      asOwner(owned, ({ call }, at) => {
        if (endingPhaseOf(call) === 'hanging-up')
          return outcome === null ? [] : [{ type: 'outcome-recorded', outcome }];
        if (endingPhaseOf(call) !== null) throw new CommandRefused('call-ending');
        return [{ type: 'hang-up-asked', at, outcome }];
      }),
    recordOutcome: (owned, outcome) => asOwner(owned, () => [{ type: 'outcome-recorded', outcome }]),
    requestCallBack: async (owned, { reason, note }) => {
      const request = { callBackId: deps.newId(), callId: owned.callId, reason, note, at: clock.now() };
      const callBackId = await deps.callBacks.add(owned.tenantId, request, (epoch) =>
        assertOwner(owned, epoch),
      );
      if (callBackId === undefined) throw new CommandRefused('unknown-call');
      return { callBackId };
    },
  };
}

/** @throws CommandRefused when another has taken the call over */
export function assertOwner(owned: OwnedCall, ownerEpoch: number): void {
  if (owned.ownerEpoch !== ownerEpoch) throw new CommandRefused('stale-owner');
}

function endingPhaseOf(call: StoredCall['call']) {
  return call.state.kind === 'ending' ? call.state.phase.kind : null;
}
