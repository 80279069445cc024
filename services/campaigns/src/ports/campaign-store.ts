import type { Campaign, CampaignChange, CampaignSettings } from '../domain/campaign.ts';
import type { RecipientResult } from '../domain/results.ts';

export interface Progress {
  readonly recipients: number;
  readonly waiting: number;
  readonly queued: number;
  readonly live: number;
  readonly settled: number;
  readonly results: readonly { readonly result: RecipientResult; readonly count: number }[];
  readonly calls: number;
}

export interface CampaignView extends Campaign {
  readonly progress: Progress;
  /** Why nobody is called right now, as a word; empty when calls are made. */
  readonly holdingBack: string;
}

export interface ImportRecord {
  readonly importId: string;
  readonly fileName: string;
  readonly state: 'done' | 'refused';
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  readonly repeatedRows: number;
  readonly atMs: number;
}

/** The script that a campaign follows from its start on. */
export interface PinnedFlow {
  readonly version: number;
  readonly leavesVoicemail: boolean;
}

export interface ListPosition {
  readonly atMs: number;
  readonly id: string;
}

export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly campaign: CampaignView }
  | { readonly kind: 'not-found' }
  /** Its state does not allow it; `problem` says why. */
  | { readonly kind: 'not-now'; readonly problem: string };

export interface CampaignStore {
  /** With the same idempotency key: the campaign that was made then. */
  create(
    tenantId: string,
    o: { campaignId: string; settings: CampaignSettings; idempotencyKey: string; nowMs: number },
  ): Promise<CampaignView | 'clinic-unknown'>;
  update(
    tenantId: string,
    o: { campaignId: string; settings: CampaignSettings; revision: number; nowMs: number },
  ): Promise<ChangeOutcome | { readonly kind: 'revision-stale' } | { readonly kind: 'clinic-unknown' }>;
  get(tenantId: string, campaignId: string, nowMs: number): Promise<CampaignView | undefined>;
  /** Newest first. */
  list(
    tenantId: string,
    o: { clinicId: string | undefined; limit: number; after: ListPosition | undefined; nowMs: number },
  ): Promise<CampaignView[]>;
  /** `flow` is needed to start. In force for every call that is not dialled yet once this has returned. */
  change(
    tenantId: string,
    o: { campaignId: string; change: CampaignChange; flow: PinnedFlow | undefined; nowMs: number },
  ): Promise<ChangeOutcome>;
  /** Newest first, at most 100. */
  imports(tenantId: string, campaignId: string): Promise<ImportRecord[]>;
}
