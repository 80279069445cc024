/**
 * Names in the key-value store that one service writes and another reads.
 */
export const sharedKeys = {
  /** There while the media stream of that owner epoch is open: written by conversation-brain, read by telephony-gateway. */
  openStream: (tenantId: string, callId: string, epoch: number): string =>
    `open-stream:${tenantId}:${callId}:${epoch}`,
} as const;
