import type { Message } from './types.ts';

export interface SentMessage extends Message {
  readonly clinic: string;
  readonly failureReason: string | null;
}

export interface MessageFilter {
  readonly clinic: string;
  /** "queued", "sent", "failed"; empty: any. */
  readonly status: string;
  /** E.164; empty: any. */
  readonly to: string;
}
