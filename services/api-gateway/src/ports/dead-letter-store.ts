import type { DeadLetter, FailureFilter, ParkedKeySummary, Released, ReleaseHow } from '@wardline/event-bus';

export type DeadLetterFilter = Pick<FailureFilter, 'group' | 'topic' | 'key' | 'withinMs' | 'limit'>;

/** What failed of one hospital's events. Nothing of another one exists through it. Fake: `MemoryDeadLetterStore`. */
export interface DeadLetterStore {
  deadLetters(filter: DeadLetterFilter): Promise<DeadLetter[]>;
  deadLetter(id: string): Promise<DeadLetter | undefined>;
  parkedKeys(filter: DeadLetterFilter): Promise<ParkedKeySummary[]>;
  /** Undefined: there is no such dead letter. */
  release(id: string, how: ReleaseHow): Promise<Released | undefined>;
}

export type DeadLetterStoreOf = (tenantId: string) => DeadLetterStore;
