import type { Personal } from '@wardline/personal-data';

export interface ListedCallBack {
  readonly callBackId: string;
  readonly callId: string;
  readonly clinicId: string;
  readonly reason: string;
  readonly note: Personal;
  readonly callerNumber: Personal;
  readonly requestedAt: number;
  /** Null while it is open. */
  readonly completedAt: number | null;
  readonly completedByName: string | null;
}

/** People whom the clinic calls back. */
export interface CallBackList {
  /** Newest first. */
  list(
    tenantId: string,
    o: { clinicId: string | undefined; openOnly: boolean; limit: number },
  ): Promise<ListedCallBack[]>;
  /**
   * Once per call and reason; the id of the first one is returned for all. Undefined when there is no such call.
   * `authorise` is told the call's owner epoch and may throw to store nothing.
   */
  add(
    tenantId: string,
    o: { callBackId: string; callId: string; reason: string; note: Personal; at: number },
    authorise: (ownerEpoch: number) => void,
  ): Promise<string | undefined>;
  /** The first completion stays. Undefined when there is no such entry. */
  complete(
    tenantId: string,
    o: { callBackId: string; userId: string; name: string; at: number },
  ): Promise<ListedCallBack | undefined>;
}
