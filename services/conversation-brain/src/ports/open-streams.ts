/** Who can be asked whether a call is still listened to. Fake: `FakeOpenStreams`. */
export interface OpenStreams {
  /** Says that the media stream of this owner epoch is open, until what is returned is called. Idempotent. */
  hold(tenantId: string, callId: string, epoch: number): () => void;
}
