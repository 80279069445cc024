import type { Personal } from '@wardline/personal-data';
import { canBeAccepted, type HandOff, type HandOffEvent, type Supervisor } from '../domain/hand-off.ts';
import type { CallKey } from '../ports/call-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { HandOffStore } from '../ports/hand-off-store.ts';
import type { CallChanges } from './change-call.ts';

/** Why a supervisor cannot take a hand-off. */
export class HandOffRefused extends Error {
  override readonly name = 'HandOffRefused';
  readonly retryable = false;
  readonly code: 'unknown-hand-off' | 'over' | 'taken';
  /** Of a `taken` one: who has it. */
  readonly winner: Supervisor | undefined;

  constructor(code: HandOffRefused['code'], winner?: Supervisor) {
    super(`hand-off refused: ${code}`);
    this.code = code;
    this.winner = winner;
  }
}

/** What supervisors do with hand-offs; all of it rejects with `HandOffRefused`. */
export interface HandOffDesk {
  /** The first to accept wins, and the call is transferred to their number. Accepting again changes nothing. */
  accept(
    key: { tenantId: string; handOffId: string },
    o: { by: Supervisor; number: Personal },
  ): Promise<void>;
  /** Declining what is over, or was declined before, changes nothing. */
  decline(key: { tenantId: string; handOffId: string }, userId: string): Promise<void>;
}

export function createHandOffDesk(deps: {
  store: HandOffStore;
  changes: CallChanges;
  clock: Clock;
}): HandOffDesk {
  async function change(
    { tenantId, handOffId }: { tenantId: string; handOffId: string },
    decide: (handOff: HandOff, candidates: readonly string[], at: number) => HandOffEvent[],
    number?: Personal,
  ): Promise<void> {
    const call: CallKey | undefined = await deps.store.callOf(tenantId, handOffId);
    if (!call) throw new HandOffRefused('unknown-hand-off');
    const at = deps.clock.now();
    await deps.changes.change(call, {
      at,
      decide: () => [],
      handOff: {
        decide: (handOff, candidates) => decide(handOff, candidates, at),
        ...(number && { number }),
      },
    });
  }

  return {
    accept: (key, { by, number }) =>
      change(
        key,
        (handOff, _candidates, at) => {
          // The call may have a later one by now.
          if (handOff.handOffId !== key.handOffId) throw new HandOffRefused('over');
          const winner = handOff.acceptedBy;
          if (winner && winner.userId !== by.userId) throw new HandOffRefused('taken', winner);
          // Repeated by the winner, it finds its own effect; once that came to nothing, it is over.
          if (winner && (handOff.state === 'accepted' || handOff.state === 'connected')) return [];
          if (!canBeAccepted(handOff, at)) throw new HandOffRefused('over');
          return [{ type: 'accept', at, by }];
        },
        number,
      ),
    decline: (key, userId) =>
      change(key, (handOff, candidates, at) => {
        if (handOff.handOffId !== key.handOffId || handOff.state !== 'offered') return [];
        const othersLeft = candidates.some((candidate) => candidate !== userId);
        return [{ type: 'decline', at, userId, othersLeft }];
      }),
  };
}
