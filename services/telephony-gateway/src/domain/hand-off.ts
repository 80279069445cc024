/**
 * Asking for a person, as a value: requested → offered → accepted → connected | declined | timed-out | abandoned. Times
 * are milliseconds of the UTC clock.
 *
 * Two questions are kept apart: whether a supervisor takes the caller (`state`, whose last four words are final), and
 * what becomes of the caller when none does (`fallback`).
 */
export type HandOffStateName =
  'requested' | 'offered' | 'accepted' | 'connected' | 'declined' | 'timed-out' | 'abandoned';

export type Fallback =
  /** Not needed, or not yet. */
  | 'none'
  /** The clinic's own number rings. */
  | 'reception'
  /** Somebody picked up there. */
  | 'reached'
  /** On the list of people to call back, and told so by a message. Final. */
  | 'call-back'
  /** The caller hung up while it rang. Final. */
  | 'left';

export interface Supervisor {
  readonly userId: string;
  readonly name: string;
}

export interface HandOff {
  readonly handOffId: string;
  readonly state: HandOffStateName;
  readonly fallback: Fallback;
  /** Whether the clinic has a number of its own to try. */
  readonly hasReception: boolean;
  readonly requestedAt: number;
  readonly offeredAt: number | null;
  /** Until when it can be accepted. */
  readonly expiresAt: number | null;
  readonly acceptedBy: Supervisor | null;
  readonly acceptedAt: number | null;
  readonly connectedAt: number | null;
  readonly endedAt: number | null;
}

export type HandOffEvent =
  // From the desk.
  | { readonly type: 'offer'; readonly at: number; readonly expiresAt: number }
  | { readonly type: 'nobody-present'; readonly at: number }
  | { readonly type: 'accept'; readonly at: number; readonly by: Supervisor }
  /** `othersLeft`: somebody is present who has not declined. */
  | {
      readonly type: 'decline';
      readonly at: number;
      readonly userId: string;
      readonly othersLeft: boolean;
    }
  | { readonly type: 'expire'; readonly at: number }
  // What followed on the telephone, see `observedEvent`.
  | { readonly type: 'person-connected'; readonly at: number }
  | { readonly type: 'person-unreached'; readonly at: number }
  | { readonly type: 'reception-connected'; readonly at: number }
  | { readonly type: 'reception-unreached'; readonly at: number }
  /** The caller's call is over, or goes another way. */
  | { readonly type: 'caller-left'; readonly at: number };

export type HandOffEffect =
  | { readonly kind: 'transfer'; readonly to: 'supervisor' | 'reception' }
  /** One entry on the call-back list and one message. Decided once in a hand-off's life. */
  | { readonly kind: 'call-back' };

export interface HandOffStep {
  readonly handOff: HandOff;
  readonly effects: readonly HandOffEffect[];
}

export function createHandOff(o: { handOffId: string; requestedAt: number; hasReception: boolean }): HandOff {
  return {
    ...o,
    state: 'requested',
    fallback: 'none',
    offeredAt: null,
    expiresAt: null,
    acceptedBy: null,
    acceptedAt: null,
    connectedAt: null,
    endedAt: null,
  };
}

/** No supervisor can take it any more. */
export function isFinal({ state }: HandOff): boolean {
  return state !== 'requested' && state !== 'offered' && state !== 'accepted';
}

/** Every state accepts every event; what brings nothing new returns the same object. */
export function stepHandOff(handOff: HandOff, event: HandOffEvent): HandOffStep {
  const { state, fallback } = handOff;
  switch (event.type) {
    case 'offer':
      return state === 'requested'
        ? to({ ...handOff, state: 'offered', offeredAt: event.at, expiresAt: event.expiresAt })
        : to(handOff);
    case 'nobody-present':
      return isWaiting(handOff) ? fallBack(handOff, 'timed-out', event.at) : to(handOff);
    case 'accept':
      return canBeAccepted(handOff, event.at)
        ? to({ ...handOff, state: 'accepted', acceptedBy: event.by, acceptedAt: event.at }, [
            { kind: 'transfer', to: 'supervisor' },
          ])
        : to(handOff);
    case 'decline':
      return state === 'offered' && !event.othersLeft ? fallBack(handOff, 'declined', event.at) : to(handOff);
    case 'expire':
      return state === 'offered' && !canBeAccepted(handOff, event.at)
        ? fallBack(handOff, 'timed-out', event.at)
        : to(handOff);
    case 'person-connected':
      return state === 'accepted'
        ? to({ ...handOff, state: 'connected', connectedAt: event.at })
        : to(handOff);
    case 'person-unreached':
      return state === 'accepted' ? fallBack(handOff, 'timed-out', event.at) : to(handOff);
    case 'reception-connected':
      return fallback === 'reception' ? to({ ...handOff, fallback: 'reached' }) : to(handOff);
    case 'reception-unreached':
      return fallback === 'reception' ? callBack(handOff) : to(handOff);
    case 'caller-left':
      return leave(handOff, event.at);
    default:
      return event satisfies never;
  }
}

export function canBeAccepted({ state, expiresAt }: HandOff, at: number): boolean {
  return state === 'offered' && expiresAt !== null && at < expiresAt;
}

function isWaiting({ state }: HandOff): boolean {
  return state === 'requested' || state === 'offered';
}

function leave(handOff: HandOff, at: number): HandOffStep {
  if (!isFinal(handOff)) return to({ ...handOff, state: 'abandoned', endedAt: at });
  if (handOff.fallback === 'reception') return to({ ...handOff, fallback: 'left' });
  if (handOff.state === 'connected' && handOff.endedAt === null) return to({ ...handOff, endedAt: at });
  return to(handOff);
}

function fallBack(handOff: HandOff, state: 'declined' | 'timed-out', endedAt: number): HandOffStep {
  const ended = { ...handOff, state, endedAt };
  if (!handOff.hasReception) return callBack(ended);
  return to({ ...ended, fallback: 'reception' }, [{ kind: 'transfer', to: 'reception' }]);
}

function callBack(handOff: HandOff): HandOffStep {
  return to({ ...handOff, fallback: 'call-back' }, [{ kind: 'call-back' }]);
}

function to(handOff: HandOff, effects: readonly HandOffEffect[] = []): HandOffStep {
  return { handOff, effects };
}
