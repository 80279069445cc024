import type { Personal } from '@wardline/personal-data';
import type { Call, CallDirection, CallEvent, Effect, Outbound } from '../domain/call.ts';
import type { HandOff } from '../domain/hand-off.ts';
import type { ChangedHandOff, HandOffChange } from './hand-off-store.ts';

export interface StoredCall {
  readonly callId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  /** The carrier's name for the leg; null while nobody has told it of a call that we make. */
  readonly callControlId: string | null;
  readonly traceparent: string;
  /** Of a call that a campaign asked for. */
  readonly campaign: CampaignCall | null;
  /** BCP 47, of the person who is called; null: the clinic's. */
  readonly language: string | null;
  readonly call: Call;
  /** Since when the carrier could not be asked about it. */
  readonly unreachableSince: number | null;
  readonly checkFailures: number;
}

export interface CampaignCall {
  readonly campaignId: string;
  /** There is one call for an attempt, or none. */
  readonly attemptId: string;
}

export interface NewCall {
  readonly callId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  readonly callControlId: string;
  readonly callSessionId: string | undefined;
  readonly direction: CallDirection;
  readonly callerNumber: Personal;
  readonly clinicNumber: string;
  readonly traceparent: string;
}

/** A call to be made: the carrier has no name for it yet. `callerNumber` is the patient's. */
export interface PlacedCall extends Omit<NewCall, 'callControlId' | 'callSessionId' | 'direction'> {
  readonly campaign: CampaignCall;
  readonly language: string | null;
  readonly plan: Pick<Outbound, 'leavesVoicemail' | 'ringMs'>;
}

export interface CallKey {
  readonly tenantId: string;
  readonly callId: string;
}

export interface CommandKey {
  readonly tenantId: string;
  readonly commandId: string;
}

export interface WebhookMark {
  readonly eventId: string;
  readonly eventType: string;
  readonly occurredAt: number;
}

export interface CallChange {
  readonly at: number;
  /**
   * Which events this brings, given the call as it is now, locked, and the hand-off that it had last. May throw to
   * change nothing.
   */
  readonly decide: (stored: StoredCall, handOff: HandOff | null) => readonly CallEvent[];
  /** Asked after `decide`, in the same transaction. */
  readonly handOff?: HandOffChange;
  /** The carrier's name for the call's leg, learned if it was not known. */
  readonly leg?: { readonly callControlId: string; readonly callSessionId: string | undefined };
  /** Marked in the same transaction; when it was before, nothing else happens. */
  readonly once?: WebhookMark;
  /** Settled in the same transaction. */
  readonly settles?: {
    readonly commandId: string;
    readonly status: 'done' | 'failed';
    readonly error?: string;
  };
  /** Look at the call again at this time at the latest, whatever its state says. */
  readonly checkBy?: number;
  /** The carrier could not be asked; counts until it can. */
  readonly carrierSilent?: boolean;
}

export interface ChangedCall {
  readonly kind: 'changed';
  readonly stored: StoredCall;
  /** Decided now; to be carried out after the commit, which is this function's return. */
  readonly commands: readonly CommandKey[];
  readonly wakeAt: number | null;
  /** Of a call that has one. */
  readonly handOff?: ChangedHandOff;
}

export type ChangeResult = ChangedCall | { readonly kind: 'duplicate' } | { readonly kind: 'unknown-call' };

export interface ClaimedCommand {
  readonly stored: StoredCall;
  readonly effect: Effect;
  readonly attempts: number;
  readonly createdAt: number;
  /** E.164; only for a dial. */
  readonly numbers?: { readonly patient: Personal; readonly clinic: string };
}

/** A leg of the carrier: the call's own, another one of its session, or a second one dialled for a call that has one. */
export type LocatedLeg = CallKey & { readonly leg: 'own' | 'session' | 'stray' };

/**
 * Calls with their commands and events. A change is one transaction: the state, the commands it decides, the facts for
 * others and the mark that a webhook was seen are stored together or not at all.
 */
export interface CallStore {
  /** Finds the tenant and the call of a leg; `callId` is what the carrier quotes of our dial. */
  locate(leg: {
    callControlId: string;
    callSessionId: string | undefined;
    callId: string | undefined;
  }): Promise<LocatedLeg | undefined>;
  change(key: CallKey, change: CallChange): Promise<ChangeResult>;
  /** As `change`, for a leg nobody knew: stores the call first, unless another webhook did at the same instant. */
  changeNew(call: NewCall, change: CallChange): Promise<ChangeResult>;
  /**
   * Stores a call to be made with the command to dial it, and takes its dial out of the queue, all or nothing. `lost` when
   * the dial is somebody else's by now, or over.
   */
  place(call: PlacedCall, o: { at: number; tries: number }): Promise<ChangeResult | { kind: 'lost' }>;
  read(key: CallKey): Promise<StoredCall | undefined>;
  /** Takes a command for `leaseMs`. Undefined when it is not due, is settled, or is not wanted any more. */
  claimCommand(key: CommandKey, o: { now: number; leaseMs: number }): Promise<ClaimedCommand | undefined>;
  postponeCommand(key: CommandKey, until: number, error: string): Promise<void>;
  /** The sweeper's work lists, across tenants. */
  dueCommands(now: number, limit: number): Promise<CommandKey[]>;
  dueWakes(now: number, limit: number): Promise<CallKey[]>;
  /** Calls to ask the carrier about, taken until `nextAt`; with `all`, also those that are not quiet yet. */
  claimChecks(o: { now: number; nextAt: number; all: boolean; limit: number }): Promise<CallKey[]>;
  purge(limit: number): Promise<void>;
}
