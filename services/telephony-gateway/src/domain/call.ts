/**
 * A phone call as a value. It is what is stored, and all that `transition` needs; times are milliseconds of the UTC
 * clock. Absent is `null`, never `undefined`, so that the value survives JSON unchanged.
 */
export type CallDirection = 'inbound' | 'outbound';

export type CallOutcome =
  | 'booked'
  | 'call-back-requested'
  | 'transferred-to-person'
  | 'emergency-transferred'
  | 'no-input'
  | 'not-booked'
  | 'abandoned'
  | 'confirmed'
  | 'moved'
  | 'cancelled'
  | 'opted-out'
  | 'voicemail-left'
  | 'machine'
  | 'wrong-person';

/** The words of the contract, QUEUED to FAILED. */
export type CallStateName =
  'queued' | 'initiating' | 'ringing' | 'active' | 'ending' | 'completed' | 'escalated' | 'failed';

export type StreamState =
  /** The carrier was told to stream; it has not said otherwise. */
  | { readonly kind: 'expected'; readonly since: number }
  /** No stream until `restartAt`; `replacing` when an older one may still be open at the carrier. */
  | { readonly kind: 'broken'; readonly restartAt: number; readonly replacing: boolean }
  /** A machine picked up and is still greeting: no stream until it has finished, and no longer than `until`. */
  | { readonly kind: 'held'; readonly until: number };

/** A transfer that a hand-off asked for: its `to` says whose telephone rings. */
export interface TransferVia {
  readonly handOffId: string;
  readonly to: 'supervisor' | 'reception';
}

/** The hand-off of a call that it had last; `requestedAt` is when a person was first asked for. */
export interface CallHandOff {
  readonly handOffId: string;
  readonly reason: string;
  readonly requestedAt: number;
}

/** Without `via` a transfer goes to the clinic's number for its reason. */
export type EndingPhase =
  /** We told the carrier to hang up. `endsAs` is what its hangup will mean. */
  | { readonly kind: 'hanging-up'; readonly reason: string; readonly endsAs: 'completed' | 'failed' }
  /** The carrier calls the person; the caller hears it ring. */
  | {
      readonly kind: 'transferring';
      readonly reason: string;
      readonly since: number;
      readonly via?: TransferVia;
    }
  /** Caller and person talk. */
  | {
      readonly kind: 'connected';
      readonly reason: string;
      readonly transferredAt: number;
      readonly via?: TransferVia;
    }
  /** The person hung up first; the caller's leg is being hung up. */
  | {
      readonly kind: 'person-left';
      readonly reason: string;
      readonly transferredAt: number;
      readonly via?: TransferVia;
    }
  /**
   * A call that we made ended in a way that says nothing of whether somebody had picked up, and no word of that has come.
   * Webhooks are not ordered: wait for it until `settleBy`.
   */
  | {
      readonly kind: 'maybe-unanswered';
      readonly reason: string;
      readonly endedAt: number;
      readonly settleBy: number;
    }
  /**
   * The caller's leg ended during `transferring`. Whether a person had picked up may still be on its way, because
   * webhooks are not ordered: wait for it until `settleBy`.
   */
  | {
      readonly kind: 'settling';
      readonly reason: string;
      readonly endReason: string;
      readonly endedAt: number;
      readonly settleBy: number;
      readonly via?: TransferVia;
    };

export type CallState =
  /** The row exists, nothing has been asked of the carrier. */
  | { readonly kind: 'queued' }
  /** We asked the carrier to connect the call (inbound: to answer it; outbound: to dial it). */
  | { readonly kind: 'initiating' }
  /** The carrier took that; the call is not connected yet (outbound: nobody has picked up). */
  | { readonly kind: 'ringing' }
  | { readonly kind: 'active'; readonly stream: StreamState }
  | { readonly kind: 'ending'; readonly phase: EndingPhase }
  | { readonly kind: 'completed'; readonly endReason: string; readonly endedAt: number }
  | {
      readonly kind: 'escalated';
      readonly reason: string;
      readonly transferredAt: number;
      readonly endedAt: number;
      readonly via?: TransferVia;
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly failedAt: number };

/** What only a call has that we make. */
export interface Outbound {
  /** Whether a message is left on a machine; otherwise a machine is hung up on. */
  readonly leavesVoicemail: boolean;
  /** How long the carrier lets it ring. */
  readonly ringMs: number;
  /** As far as the carrier could tell. Whoever has not been told from a machine is taken for a person. */
  readonly pickedUpBy: 'unknown' | 'human' | 'machine';
  /** Of the first stream that a machine records; `null` before there is one. */
  readonly voicemailEpoch: number | null;
}

/** What the carrier makes of whoever picked up a call that we made. */
export type Detected = 'human' | 'machine' | 'not-sure';

export interface Call {
  readonly version: 1;
  readonly direction: CallDirection;
  readonly createdAt: number;
  readonly state: CallState;
  /** Grows with every stream we start; commands of an older owner are refused. */
  readonly ownerEpoch: number;
  readonly answeredAt: number | null;
  readonly outcome: CallOutcome | null;
  /** When streams broke, newest last; only the recent ones count. */
  readonly streamBreaks: readonly number[];
  readonly transferFailures: number;
  /** Legs of transfers that failed: what they still say belongs to no later transfer. */
  readonly failedLegIds: readonly string[];
  /** Absent for an inbound call. */
  readonly outbound?: Outbound;
  /** Absent until a person is asked for. */
  readonly handOff?: CallHandOff;
}

export type CallEvent =
  // From the carrier's webhooks.
  | { readonly type: 'incoming' }
  | { readonly type: 'answered'; readonly at: number }
  | { readonly type: 'hung-up'; readonly at: number; readonly cause: string }
  | { readonly type: 'machine-detected'; readonly at: number; readonly result: Detected }
  /** The machine's greeting is over, or its beep was heard: only machines have one. */
  | { readonly type: 'greeting-ended'; readonly at: number }
  /** `epoch` is the owner epoch of the stream that broke, `null` when the carrier did not say which. */
  | { readonly type: 'stream-broken'; readonly at: number; readonly epoch: number | null }
  | { readonly type: 'person-connected'; readonly at: number; readonly legId: string | null }
  | {
      readonly type: 'person-hung-up';
      readonly at: number;
      readonly legId: string | null;
      readonly cause: string;
    }
  // From the dispatcher, once it was allowed to.
  | { readonly type: 'dial-asked' }
  // From the owner of the conversation.
  | {
      readonly type: 'transfer-asked';
      readonly at: number;
      readonly reason: string;
      readonly via?: TransferVia;
    }
  | {
      readonly type: 'hand-off-opened';
      readonly at: number;
      readonly handOffId: string;
      readonly reason: string;
    }
  | { readonly type: 'hang-up-asked'; readonly at: number; readonly outcome: CallOutcome | null }
  | { readonly type: 'outcome-recorded'; readonly outcome: CallOutcome }
  // What became of a command.
  | { readonly type: 'answer-accepted' }
  /** By the carrier's answer, or by its first webhook of the leg. */
  | { readonly type: 'dial-accepted' }
  | {
      readonly type: 'command-failed';
      readonly at: number;
      readonly command: Effect;
      readonly reason: string;
    }
  // From the sweeper. `restartedAt` is when this service started: what has become of streams from before then, nobody has told us.
  | { readonly type: 'woken'; readonly at: number }
  | {
      readonly type: 'seen-alive';
      readonly at: number;
      readonly restartedAt: number;
      /** Asked of a stream in doubt (`isStreamInDoubt`): somebody listens on it. */
      readonly streamIsOpen?: boolean;
    }
  | { readonly type: 'seen-gone'; readonly at: number }
  | { readonly type: 'given-up'; readonly at: number };

/** What the carrier is to be told. Stored with the state that decided it. */
export type Effect =
  | { readonly kind: 'answer' }
  | { readonly kind: 'dial' }
  | { readonly kind: 'stop-stream' }
  | { readonly kind: 'start-stream'; readonly epoch: number; readonly replacing: boolean }
  | { readonly kind: 'transfer'; readonly reason: string; readonly via?: TransferVia }
  | { readonly kind: 'hang-up' };

export interface Transition {
  readonly call: Call;
  readonly effects: readonly Effect[];
}

export function createCall(
  direction: CallDirection,
  createdAt: number,
  plan?: Pick<Outbound, 'leavesVoicemail' | 'ringMs'>,
): Call {
  return {
    version: 1,
    direction,
    createdAt,
    state: { kind: 'queued' },
    ownerEpoch: 1,
    answeredAt: null,
    outcome: null,
    streamBreaks: [],
    transferFailures: 0,
    failedLegIds: [],
    ...(plan && { outbound: { ...plan, pickedUpBy: 'unknown', voicemailEpoch: null } }),
  };
}

/** What a stream of this epoch is to the conversation: its first, or one that comes back; with a person or a machine. */
export function streamRole(call: Call, epoch: number): { resumed: boolean; machine: boolean } {
  const voicemailEpoch = call.outbound?.voicemailEpoch ?? null;
  return { resumed: epoch > (voicemailEpoch ?? 1), machine: voicemailEpoch !== null };
}

export function isTerminal(call: Call): boolean {
  const { kind } = call.state;
  return kind === 'completed' || kind === 'escalated' || kind === 'failed';
}

/** How the call's end is reported: what was recorded, else what can be said without guessing. */
export function outcomeOf(call: Call): CallOutcome | null {
  if (call.outcome !== null) return call.outcome;
  if (call.state.kind !== 'completed') return null;
  return call.state.endReason.startsWith('we-') ? 'not-booked' : 'abandoned';
}
