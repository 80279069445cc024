/** Where the carrier streams a call's audio to, with the proof that it may. */
export interface StreamLinks {
  create(o: StreamGrant): Promise<string>;
  /** The owner epoch inside a link that the carrier quotes back; `null` when there is none to be read. */
  epochOf(link: string | undefined): number | null;
}

export interface StreamGrant {
  readonly callId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  readonly callControlId: string;
  readonly epoch: number;
  /** The connection was lost and comes back within the same call. */
  readonly resumed: boolean;
  readonly language: string;
  readonly traceparent: string;
  /** The campaign's attempt that the call is. */
  readonly attemptId: string | undefined;
  /** A machine picked up: what is said is recorded, and nobody answers. */
  readonly machine: boolean;
}
