import type { Call } from './call.ts';

/** The numbers of call control, in one place. All in milliseconds unless named otherwise. */
export const policy = {
  /**
   * Wait before the first, second and third restart of a stream. The first is short, but not zero: when a caller hangs
   * up, the carrier's word that the stream stopped often comes before its word that the call did. The later ones give
   * a restarting media process time to listen again (together 7.3 s, within the 10 s after which a caller has waited
   * too long).
   */
  streamRestartDelaysMs: [300, 2_000, 5_000],
  streamBreakWindowMs: 30_000,
  /** Longer than the carrier rings the person (`transferRingSecs`), so that it speaks first. */
  transferPatienceMs: 45_000,
  transferRingSecs: 30,
  transferFailuresMax: 2,
  settleMs: 5_000,
  quietCheckMs: 15_000,
  activeCheckMs: 10_000,
  /** A call that the carrier keeps alive but that was never connected is hung up after this long. */
  unansweredMs: 60_000,
  /** A dialled call may take so long to reach the other end, on top of the time that it rings. */
  dialPatienceMs: 15_000,
  /** A machine that greets for longer is left without a message. */
  greetingPatienceMs: 45_000,
  /**
   * Permission to dial is good for so long: a dial that was stored but never sent (the process was killed) is not made
   * later, when the campaign may have been paused.
   */
  dialFreshMs: 2_000,
  /** A dial whose answer was lost is repeated for so long, well within the minute for which the carrier knows its id. */
  dialRepeatMs: 8_000,
  /** The carrier ends a leg after this, should we have forgotten it. */
  outboundCallSecsMax: 1_800,
  unreachableMs: 10 * 60_000,
} as const;

/** When the call itself wants to be woken, whatever the carrier says. */
export function wakeAtOf(call: Call): number | null {
  const { state } = call;
  if (state.kind === 'active') {
    if (state.stream.kind === 'held') return state.stream.until;
    return state.stream.kind === 'broken' ? state.stream.restartAt : null;
  }
  if (isConnecting(call)) return call.outbound ? ringsUntil(call) : call.createdAt + policy.unansweredMs;
  if (state.kind !== 'ending') return null;
  if (state.phase.kind === 'transferring') return state.phase.since + policy.transferPatienceMs;
  return 'settleBy' in state.phase ? state.phase.settleBy : null;
}

/** When a call that we dialled should long have stopped ringing. */
export function ringsUntil(call: Call): number {
  return call.createdAt + (call.outbound?.ringMs ?? 0) + policy.dialPatienceMs;
}

function isConnecting({ state }: Call): boolean {
  return state.kind === 'queued' || state.kind === 'initiating' || state.kind === 'ringing';
}

/** How long a call may be quiet before the carrier is asked about it; `null` when it is over. */
export function checkAfterMs(call: Call): number | null {
  switch (call.state.kind) {
    case 'active':
      return policy.activeCheckMs;
    case 'queued':
    case 'initiating':
    case 'ringing':
    case 'ending':
      return policy.quietCheckMs;
    case 'completed':
    case 'escalated':
    case 'failed':
      return null;
    default:
      return call.state satisfies never;
  }
}

/** Wait before the carrier is asked again, when it did not answer `failures` times in a row. */
export function checkBackoffMs(failures: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(failures, 5));
}

/**
 * Hangup causes that say nobody had picked up (Telnyx `call.hangup`, `hangup_cause`). Every other word, also one we do
 * not know, leaves a conversation possible. Deciding by the hangup itself makes the end of a call independent of
 * whether `call.answered` came before it, after it, or never.
 */
const causesBeforeAnswer = new Set([
  'call_rejected',
  'originator_cancel',
  'timeout',
  'user_busy',
  'not_found',
  'no_answer',
]);

export function saysUnanswered(cause: string): boolean {
  return causesBeforeAnswer.has(cause);
}
