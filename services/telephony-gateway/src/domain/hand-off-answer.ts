import { isTerminal, type Call } from './call.ts';
import type { HandOff } from './hand-off.ts';

/** What can be told to the conversation that asked for a person; `waiting` when that is not known yet. */
export type HandOffAnswer = 'transferring' | 'call-back' | 'call-over' | 'stale-owner' | 'waiting';

export function answerOf(call: Call, handOff: HandOff | null, ownerEpoch: number): HandOffAnswer {
  if (isTerminal(call)) return 'call-over';
  if (call.ownerEpoch !== ownerEpoch) return 'stale-owner';
  if (call.state.kind === 'ending') {
    const { kind } = call.state.phase;
    return kind === 'hanging-up' || kind === 'settling' || kind === 'maybe-unanswered'
      ? 'call-over'
      : 'transferring';
  }
  return handOff?.fallback === 'call-back' ? 'call-back' : 'waiting';
}

/** Whether a request for a person joins the hand-off that the call has. One that came to nothing is asked for anew. */
export function isJoined(handOff: HandOff | null): boolean {
  return handOff !== null && handOff.state !== 'abandoned';
}
