/** The JSON of /api/v1/operations as the console uses it. Instants are ISO 8601 in UTC. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface Attempt {
  readonly at: string;
  readonly reason: string;
  /** Not a failure: somebody let it be tried again. */
  readonly byHand: boolean;
}

export interface FailedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
  readonly occurredAt: string | null;
  readonly publishedAt: string | null;
  readonly traceId: string | null;
  /** Without anything personal. */
  readonly data: JsonValue;
}

interface Failure {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly attempts: number;
  readonly waiting: number;
  readonly history: readonly Attempt[];
  readonly event: FailedEvent;
}

export interface DeadLetter extends Failure {
  readonly id: string;
  readonly reason: string;
  readonly deadAt: string;
  readonly onFailure: 'park' | 'skip';
  readonly holdsKey: boolean;
  /** There may have been more attempts than are kept. */
  readonly attemptsAtLeast: boolean;
}

export interface DeadLetters {
  readonly items: readonly DeadLetter[];
  /** Whether who is signed in may replay and discard. */
  readonly mayRelease: boolean;
}

export interface ParkedKey extends Failure {
  readonly reason: string | null;
  readonly nextAttemptAt: string;
  readonly parkedSince: string;
}

export type ReleaseHow = 'replay' | 'discard';

export interface Released {
  readonly action: ReleaseHow;
  readonly id: string;
  readonly waiting: number;
  readonly heldKey: boolean;
}
