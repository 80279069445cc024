export type PostgresErrorCode =
  | 'postgres-binaries-missing'
  | 'postgres-cannot-run-as-root'
  | 'postgres-init-failed'
  | 'postgres-start-failed'
  | 'postgres-password-lost';

/** The embedded server cannot be had. The message says what to do, and shows the end of the server's own log if any. */
export class PostgresError extends Error {
  readonly code: PostgresErrorCode;
  readonly retryable = false;

  constructor(code: PostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresError';
    this.code = code;
  }
}
