import type { Personal } from '@wardline/personal-data';
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
}

export interface ListedCallBack {
  readonly callBackId: string;
  readonly callId: string;
  readonly clinicId: string;
  readonly reason: string;
  readonly note: Personal;
  readonly callerNumber: Personal;
  readonly requestedAt: number;
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
      limit: number;
      after: ListPosition | undefined;
    },
  ): Promise<ListedCall[]>;
  listCallBacks(
    tenantId: string,
    o: { clinicId: string | undefined; limit: number },
  ): Promise<ListedCallBack[]>;
  /**
   * Once per call and reason; the id of the first one is returned for all. Undefined when there is no such call.
   * `authorise` is told the call's owner epoch and may throw to store nothing.
   */
  addCallBack(
    tenantId: string,
    o: { callBackId: string; callId: string; reason: string; note: Personal; at: number },
    authorise: (ownerEpoch: number) => void,
  ): Promise<string | undefined>;
}
