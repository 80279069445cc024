import type { Personal } from '@wardline/personal-data';

/** Who decides, at the instant of dialling, whether a call may be made. Fake: `createFakeDialAuthority` in testing/. */
export interface DialAuthority {
  /**
   * Yes holds for this second, and is repeated for an attempt that got it before. Rejects when nobody answers, and then
   * nobody is called.
   */
  ask(tenantId: string, attemptId: string): Promise<DialAnswer>;
}

export type DialAnswer =
  | { readonly kind: 'allowed'; readonly call: AllowedCall }
  | { readonly kind: 'refused'; readonly reason: string };

export interface AllowedCall {
  /** The same for an attempt whenever it is asked. */
  readonly callId: string;
  readonly to: Personal;
  readonly clinicId: string;
  readonly campaignId: string;
  readonly ringMs: number;
  /** BCP 47; null: the clinic's. */
  readonly language: string | null;
  readonly leavesVoicemail: boolean;
}
