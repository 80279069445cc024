import type { Personal } from '@wardline/personal-data';
import type { CampaignCall } from './call-store.ts';
import type { CallDirection, CallOutcome, CallStateName } from '../domain/call.ts';

export interface ListedCall {
  readonly callId: string;
  readonly clinicId: string;
  readonly direction: CallDirection;
  readonly state: CallStateName;
  readonly outcome: CallOutcome | null;
  readonly callerNumber: Personal;
  readonly initiatedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly traceId: string;
  readonly clinicNumber: string;
  readonly campaign: CampaignCall | null;
}

/** Position in a list that runs from new to old. */
export interface ListPosition {
  readonly initiatedAt: number;
  readonly callId: string;
}

/** What staff see of calls. */
export interface CallList {
  listCalls(
    tenantId: string,
    o: {
      clinicId: string | undefined;
      callId: string | undefined;
      liveOnly: boolean;
      /** Exactly those of the patient with this number, E.164. */
      callerNumber: Personal | undefined;
      direction: CallDirection | undefined;
      outcome: CallOutcome | undefined;
      campaignId: string | undefined;
      /** Initiated not before, and before. */
      from: number | undefined;
      until: number | undefined;
      limit: number;
      after: ListPosition | undefined;
    },
  ): Promise<ListedCall[]>;
}
