import type { HandOffStateName } from '../domain/hand-off.ts';

/** Tells consoles that are open right now that something is to be looked at. Nothing depends on its arrival. */
export interface LiveNotes {
  handOff(tenantId: string, note: { handOffId: string; callId: string; state: HandOffStateName }): void;
}
