import type { Logger } from '@wardline/observability';
import type { Personal } from '@wardline/personal-data';
import { isTerminal } from '../domain/call.ts';
import { answerOf, isJoined, type HandOffAnswer } from '../domain/hand-off-answer.ts';
import { callBackText } from '../domain/hand-off-call-back-text.ts';
import type { HandOffEvent } from '../domain/hand-off.ts';
import type { ClinicLines, Lines } from '../ports/clinic-lines.ts';
import type { Clock } from '../ports/clock.ts';
import type { HandOffStore } from '../ports/hand-off-store.ts';
import type { CallChanges } from './change-call.ts';
import { assertOwner, CommandRefused, type OwnedCall } from './command-call.ts';
import type { HandOffWaits } from './hand-off-waits.ts';

export type RequestedHandOff = {
  readonly result: Exclude<HandOffAnswer, 'waiting' | 'stale-owner'>;
  /** Null when the call ended, or went to a person, without one. */
  readonly handOffId: string | null;
};

/**
 * Asks for a person and waits until it is known whether one comes. The request itself is stored at once; the waiting may
 * be cut off and begun again, here or elsewhere, and changes nothing.
 *
 * Rejects with `CommandRefused` for unknown calls and for owners that have been replaced, also while they wait; with
 * `WaitEnded` when this process ends.
 */
export type RequestHandOff = (
  owned: OwnedCall,
  request: { reason: string; briefing: Personal },
  signal: AbortSignal,
) => Promise<RequestedHandOff>;

export function createRequestHandOff(deps: {
  store: HandOffStore;
  changes: CallChanges;
  clinics: Pick<ClinicLines, 'linesOf'>;
  waits: HandOffWaits;
  clock: Clock;
  newId: () => string;
  /** How long supervisors have to accept. */
  offerMs: number;
  logger: Logger;
}): RequestHandOff {
  const { store, clock } = deps;

  /** What is needed of the clinic when nobody comes. When the directory is silent, the caller is called back. */
  async function linesOf(tenantId: string, clinicId: string): Promise<Lines> {
    return deps.clinics.linesOf(tenantId, clinicId).catch((error: unknown) => {
      deps.logger.warn('directory did not answer a hand-off', { clinicId, err: error });
      return { name: '', language: 'en', transferNumber: undefined, emergencyNumber: undefined };
    });
  }

  return async (owned, { reason, briefing }, signal) => {
    const seen = await store.view(owned);
    if (!seen) throw new CommandRefused('unknown-call');
    const lines = await linesOf(owned.tenantId, seen.stored.clinicId);
    const handOffId = deps.newId();
    const at = clock.now();
    const result = await deps.changes.change(owned, {
      at,
      decide: ({ call }, handOff) => {
        assertOwner(owned, call.ownerEpoch);
        if (isTerminal(call) || call.state.kind === 'ending' || isJoined(handOff)) return [];
        return [{ type: 'hand-off-opened', at, handOffId, reason }];
      },
      handOff: {
        open: {
          handOffId,
          hasReception: lines.transferNumber !== undefined,
          callBackText: callBackText(lines.name, seen.stored.language ?? lines.language),
          briefing,
        },
        decide: (handOff, candidates): HandOffEvent[] => {
          if (handOff.state !== 'requested') return [];
          return candidates.length > 0
            ? [{ type: 'offer', at, expiresAt: at + deps.offerMs }]
            : [{ type: 'nobody-present', at }];
        },
      },
    });
    if (result.kind !== 'changed') throw new CommandRefused('unknown-call');

    return deps.waits.until(
      owned.callId,
      async () => {
        const now = await store.view(owned);
        if (!now) throw new CommandRefused('unknown-call');
        const { call } = now.stored;
        const answer = answerOf(call, now.handOff, owned.ownerEpoch);
        if (answer === 'waiting') return undefined;
        if (answer === 'stale-owner') throw new CommandRefused('stale-owner');
        return { result: answer, handOffId: call.handOff?.handOffId ?? null };
      },
      signal,
    );
  };
}
