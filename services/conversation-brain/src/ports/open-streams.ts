/** Tells others which calls are listened to. */
export interface OpenStreams {
  /** Says that the media stream of this owner epoch is open, until what is returned is called. Idempotent. */
  hold(tenantId: string, callId: string, epoch: number): () => void;
}
