/** A call that a campaign wants made, until somebody has tried. */
export interface QueuedDial {
  readonly tenantId: string;
  readonly attemptId: string;
  readonly campaignId: string;
  readonly clinicId: string;
  /** Not to be dialled after this. */
  readonly dialBy: number;
  readonly traceparent: string;
}

/** Taken until its lease ends; `tries` tells this lease from later ones. */
export interface ClaimedDial extends QueuedDial {
  readonly tries: number;
}

/** The calls that wait to be dialled. What a killed process had taken is due again when its lease ends. */
export interface DialQueue {
  /** Once per event. False when it was known. */
  add(dial: QueuedDial, o: { eventId: string; at: number }): Promise<boolean>;
  claim(o: { now: number; leaseMs: number; limit: number }): Promise<ClaimedDial[]>;
  /** Due again at `until`. Without effect when the lease is lost. */
  postpone(dial: ClaimedDial, until: number): Promise<void>;
  /** It will not be dialled. Without effect when the lease is lost. */
  end(dial: ClaimedDial, o: { state: 'refused' | 'too-late'; reason: string | null }): Promise<void>;
  /** Attempts whose calls are not over. */
  live(limit: number): Promise<{ tenantId: string; attemptId: string }[]>;
  purge(limit: number): Promise<void>;
}
