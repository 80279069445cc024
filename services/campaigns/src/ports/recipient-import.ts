import type { Personal } from '@wardline/personal-data';

export interface NewRecipient {
  readonly line: number;
  readonly name: Personal;
  readonly number: Personal;
  readonly country: string;
  readonly externalId: Personal | undefined;
  readonly timeZone: string;
  readonly zones: readonly string[];
  readonly language: string;
  readonly appointmentId: string | undefined;
}

export interface RefusedRow {
  readonly line: number;
  readonly code: string;
  readonly problem: string;
  /** The row as it was. */
  readonly row: Personal;
}

/** One import as one transaction: nothing of it is there before `commit`. */
export interface OpenImport {
  /** What imports need to know of their campaign. */
  readonly campaign: { readonly defaultRegion: string; readonly clinicZone: string };
  /** @returns how many the campaign did not have yet */
  add(recipients: readonly NewRecipient[]): Promise<number>;
  refuse(rows: readonly RefusedRow[]): Promise<void>;
  /** The file goes on, although there is nothing to store: one that stands still for two minutes is given up. */
  goOn(): Promise<void>;
  /** @returns false when the campaign has been started meanwhile; then nothing was stored */
  commit(summary: {
    importId: string;
    fileName: string;
    rows: number;
    accepted: number;
    refused: number;
    repeatedRows: number;
    nowMs: number;
  }): Promise<boolean>;
  /** Idempotent; after `commit` without effect. */
  abandon(): Promise<void>;
}

export type OpenOutcome =
  | { readonly kind: 'open'; readonly import: OpenImport }
  | { readonly kind: 'not-found' | 'not-draft' | 'clinic-unknown' | 'busy' };

export interface RecipientImport {
  open(tenantId: string, campaignId: string, importId: string): Promise<OpenOutcome>;
  refusedRows(
    tenantId: string,
    importId: string,
    o: { afterLine: number; limit: number },
  ): Promise<RefusedRow[] | undefined>;
}
