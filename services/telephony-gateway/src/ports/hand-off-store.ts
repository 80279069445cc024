import type { Personal } from '@wardline/personal-data';
import type { HandOff, HandOffEvent } from '../domain/hand-off.ts';
import type { CallKey, StoredCall } from './call-store.ts';

/** What is stored with a hand-off when it is opened. */
export interface NewHandOff {
  readonly handOffId: string;
  readonly hasReception: boolean;
  /** What the caller is written when nobody comes. */
  readonly callBackText: string;
  /** See `briefingToPersonal`. */
  readonly briefing: Personal;
}

/** The part of a call's change that concerns its hand-off. */
export interface HandOffChange {
  /** Stored when the change opens a hand-off (`hand-off-opened`). */
  readonly open?: NewHandOff;
  /**
   * Which events this brings, given the hand-off as it is now, its call locked; not asked when the call has none.
   * `candidates` are the users who are present and have not declined. May throw to change nothing.
   */
  readonly decide: (handOff: HandOff, candidates: readonly string[]) => readonly HandOffEvent[];
  /** Where the supervisor who accepts is called. */
  readonly number?: Personal;
}

export interface ChangedHandOff {
  /** Null when it was opened by this change. */
  readonly before: HandOff | null;
  readonly after: HandOff;
}

export interface ListedHandOff {
  readonly handOff: HandOff;
  readonly callId: string;
  readonly clinicId: string;
  readonly reason: string;
  /** Undefined once it is over. */
  readonly briefing: Personal | undefined;
  readonly callerNumber: Personal;
  readonly campaignId: string | null;
  readonly declinedByUserIds: readonly string[];
}

/** Hand-offs as they are read; they change with their call, through `CallStore.change`. */
export interface HandOffStore {
  /** The call of a hand-off. */
  callOf(tenantId: string, handOffId: string): Promise<CallKey | undefined>;
  /** A call with the hand-off that it had last. */
  view(key: CallKey): Promise<{ stored: StoredCall; handOff: HandOff | null } | undefined>;
  /** Newest first. */
  list(
    tenantId: string,
    o: {
      clinicId: string | undefined;
      callId: string | undefined;
      handOffId: string | undefined;
      openOnly: boolean;
      limit: number;
    },
  ): Promise<ListedHandOff[]>;
  /** Where the supervisor who took it is called. */
  supervisorNumber(tenantId: string, handOffId: string): Promise<Personal | undefined>;
  /** Calls whose offer has run out, across tenants. */
  due(now: number, limit: number): Promise<CallKey[]>;
}
