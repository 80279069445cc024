import type { CallKey, ChangedCall } from '../ports/call-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { HandOffStore } from '../ports/hand-off-store.ts';
import type { LiveNotes } from '../ports/live-notes.ts';
import type { CallChanges } from './change-call.ts';
import type { HandOffWaits } from './hand-off-waits.ts';

/** After the commit: tells consoles, wakes whoever waits for this call, and plans the end of an offer. */
export function createHandOffFollower(deps: {
  live: LiveNotes;
  waits: Pick<HandOffWaits, 'wake'>;
  clock: Clock;
  expire: (key: CallKey) => Promise<void>;
  inBackground: (name: string, work: () => Promise<unknown>) => void;
}): (changed: ChangedCall) => void {
  const { clock } = deps;
  return ({ stored, handOff }) => {
    const { tenantId, callId } = stored;
    deps.waits.wake(callId);
    if (!handOff) return;
    const { before, after } = handOff;
    const isNews =
      before?.state !== after.state || before.fallback !== after.fallback || before.endedAt !== after.endedAt;
    if (!isNews) return;
    deps.live.handOff(tenantId, { handOffId: after.handOffId, callId, state: after.state });
    if (after.state !== 'offered' || before?.state === 'offered' || after.expiresAt === null) return;
    const delayMs = Math.max(0, after.expiresAt - clock.now());
    clock.after(delayMs, () => deps.inBackground('end an offer', () => deps.expire({ tenantId, callId })));
  };
}

/** Offers that nobody took in time. Doing it twice, or on two instances at once, does it once. */
export function createExpireHandOffs(deps: {
  store: Pick<HandOffStore, 'due'>;
  changes: () => CallChanges;
  clock: Clock;
}): { expire(key: CallKey): Promise<void>; expireDue(limit: number): Promise<void> } {
  async function expire(key: CallKey): Promise<void> {
    const at = deps.clock.now();
    await deps.changes().change(key, {
      at,
      decide: () => [],
      handOff: { decide: () => [{ type: 'expire', at }] },
    });
  }
  return {
    expire,
    async expireDue(limit) {
      for (const key of await deps.store.due(deps.clock.now(), limit)) await expire(key);
    },
  };
}
