export type InfrastructureErrorCode =
  'infrastructure-unavailable' | 'infrastructure-fetch-failed' | 'infrastructure-start-failed';

/** A server cannot be had here. The message says what to install or shows the end of the server's own log. */
export class InfrastructureError extends Error {
  readonly code: InfrastructureErrorCode;
  readonly retryable = false;

  constructor(code: InfrastructureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InfrastructureError';
    this.code = code;
  }
}
