import type { Personal } from '@wardline/personal-data';
import type { ConsentChange } from '../domain/consent-ledger.ts';

export interface ConsentRequest {
  /** At least one of person and number. */
  readonly patientId: string | undefined;
  /** E.164. */
  readonly number: Personal | undefined;
  readonly change: ConsentChange;
  readonly source: string;
  readonly callId: string;
  readonly userId: string;
  readonly note: Personal | undefined;
  readonly idempotencyKey: string;
}

export type ConsentOutcome =
  | { readonly kind: 'recorded'; readonly entryId: string }
  | { readonly kind: 'unknown-patient' }
  /** The key was used for another request. */
  | { readonly kind: 'key-reused' };

export interface RecordedConsent {
  readonly entryId: string;
  readonly change: ConsentChange;
  readonly source: string;
  readonly callId: string;
  readonly userId: string;
  readonly note: Personal | undefined;
  readonly recordedAt: Date;
}

export interface Callee {
  readonly patientId: string | undefined;
  /** E.164. */
  readonly number: Personal;
}

/** What people agreed to, as an append-only ledger, always seen through one tenant. */
export interface ConsentLedger {
  /** Appends the entry and, in the same transaction, `patients.changed` of everybody whose state it concerns. */
  record(tenantId: string, request: ConsentRequest): Promise<ConsentOutcome>;
  /** Of one person, oldest first. */
  entriesOf(tenantId: string, patientId: string): Promise<RecordedConsent[]>;
  /** Whether each may be called, in the order asked. */
  mayCall(tenantId: string, callees: readonly Callee[]): Promise<boolean[]>;
}
