import type { Line } from '../domain/effects.ts';
import type { EndedConversation } from '../domain/ended.ts';

export interface OpenedConversation {
  /** Number of this stream within the call, from 1; later streams replace earlier ones. */
  readonly stream: number;
  /** The last snapshot (JSON of the state), if there is one. */
  readonly state: string | undefined;
}

/** Where conversations outlive the process that holds them. Fake: `MemoryConversationStore`. */
export interface ConversationStore {
  /** Makes the caller the newest stream of the call. Undefined when the call has an owner of a newer epoch. */
  open(
    tenantId: string,
    o: { callId: string; clinicId: string; epoch: number },
  ): Promise<OpenedConversation | undefined>;
  /**
   * Snapshot and lines together; with `ended` also the news that the conversation is over, which goes out once per call,
   * however often it is written. `replaced`: a newer stream owns the call, nothing was written.
   */
  save(
    tenantId: string,
    o: {
      callId: string;
      stream: number;
      state: string;
      lines: readonly Line[];
      ended?: EndedConversation | undefined;
    },
  ): Promise<'saved' | 'replaced'>;
  /** Lines of a call, oldest first. */
  lines(tenantId: string, callId: string): Promise<Line[]>;
}
