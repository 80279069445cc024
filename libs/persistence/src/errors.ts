export type PersistenceErrorCode =
  'transaction-contention' | 'commit-unknown' | 'tenant-invalid' | MigrationErrorCode;

export type MigrationErrorCode =
  'migration-edited' | 'migration-missing' | 'migration-failed' | 'migration-locked' | 'migration-invalid';

/**
 * The transaction lost against others on every attempt it had, or never got a connection in time. Nothing was written.
 * The caller may be told to try again: HTTP 409 or 503, RPC `ABORTED`; never 500.
 */
export class TransactionContention extends Error {
  readonly code = 'transaction-contention';
  readonly retryable = true;
  /** How often the work was tried. */
  readonly attempts: number;

  constructor(attempts: number, options?: ErrorOptions) {
    super('the transaction lost against concurrent ones on every attempt', options);
    this.name = 'TransactionContention';
    this.attempts = attempts;
  }
}

/**
 * The connection was lost while the transaction committed: it may be in the database or not. Repeat it only with an
 * idempotency key, or look first.
 */
export class CommitUnknown extends Error {
  readonly code = 'commit-unknown';
  readonly retryable = false;

  constructor(options?: ErrorOptions) {
    super('the connection was lost during commit; whether the transaction took effect is not known', options);
    this.name = 'CommitUnknown';
  }
}

/** A tenant id that is not a UUID; found before anything reached the database. */
export class TenantInvalid extends Error {
  readonly code = 'tenant-invalid';
  readonly retryable = false;

  constructor() {
    super('a tenant id must be a UUID');
    this.name = 'TenantInvalid';
  }
}

/** The schemas could not be brought up to date. The message says which file and what to do. */
export class MigrationError extends Error {
  readonly code: MigrationErrorCode;
  readonly retryable = false;

  constructor(code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
    this.code = code;
  }
}
