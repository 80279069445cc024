import type { Personal } from '@wardline/personal-data';

export interface OutgoingSms {
  /** The provider sends once per id, however often it is handed the same one. */
  readonly messageId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  /** E.164. */
  readonly to: Personal;
  readonly text: Personal;
}

/**
 * - `accepted`: the provider will deliver it; `reference` is its own name for the message.
 * - `rejected`: it never will (a number that does not exist, an opt-out at the carrier).
 * - `unavailable`: nobody knows yet; handing it over again is safe because of the message id.
 * Reasons are constants without personal data.
 */
export type SmsResult =
  | { readonly kind: 'accepted'; readonly reference: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Whoever sends texts. Every adapter passes `describeSmsProvider` in testing/. @see FakeSmsProvider */
export interface SmsProvider {
  readonly name: string;
  send(sms: OutgoingSms, signal: AbortSignal): Promise<SmsResult>;
}
