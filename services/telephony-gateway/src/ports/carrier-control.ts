import type { Personal } from '@wardline/personal-data';

/**
 * What we tell the carrier about one leg of a call. Every method settles within its deadline and never rejects: what
 * can go wrong is a value. Repeating a command with the same `commandId` has no second effect at the carrier.
 * Its fake over the real wire is `startFakeCarrier`; every adapter passes `describeCarrierControl` (both in testing/).
 */
export interface CarrierControl {
  answer(
    leg: string,
    o: { commandId: string; streamUrl: string; clientState: string },
  ): Promise<CommandResult>;
  /** Refuses a call that reaches no clinic. */
  reject(leg: string, o: { commandId: string }): Promise<CommandResult>;
  startStream(leg: string, o: { commandId: string; streamUrl: string }): Promise<CommandResult>;
  stopStream(leg: string, o: { commandId: string }): Promise<CommandResult>;
  transfer(leg: string, o: { commandId: string; to: string; ringSecs: number }): Promise<CommandResult>;
  hangUp(leg: string, o: { commandId: string }): Promise<CommandResult>;
  /**
   * Calls somebody. No stream yet: there is nobody to talk with before they pick up. The carrier says who picked up, and
   * quotes `callId` in every word about the leg.
   */
  dial(o: DialOrder): Promise<DialResult>;
  status(leg: string): Promise<LegStatus>;
}

export type CommandResult =
  | { readonly kind: 'accepted' }
  /** The leg has ended, so there is nothing left to command. */
  | { readonly kind: 'gone' }
  /** The carrier understood and will not do it; repeating does not help. */
  | { readonly kind: 'refused'; readonly code: string }
  /** No answer, or none that counts. It may have acted: repeat with the same `commandId`. */
  | { readonly kind: 'unavailable'; readonly code: string };

export interface DialOrder {
  readonly commandId: string;
  readonly callId: string;
  /** E.164. */
  readonly from: string;
  readonly to: Personal;
  readonly ringSecs: number;
  /** After which the carrier ends the call by itself. */
  readonly callSecsMax: number;
}

/** `invalid-number` is the code of a refusal because of whom it was to call. */
export type DialResult =
  | { readonly kind: 'accepted'; readonly callControlId: string; readonly callSessionId: string | undefined }
  | Exclude<CommandResult, { readonly kind: 'accepted' | 'gone' }>;

export type LegStatus =
  | { readonly kind: 'alive' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown'; readonly code: string };
