export type FieldEncryptionErrorCode =
  | 'master-key-invalid'
  | 'master-key-wrong'
  | 'key-unknown'
  | 'key-file-invalid'
  | 'sealed-malformed'
  | 'sealed-unreadable';

/** Sealing or opening failed. Messages name tenants, key ids and files, never values or keys. */
export class FieldEncryptionError extends Error {
  readonly code: FieldEncryptionErrorCode;
  readonly retryable = false;

  constructor(code: FieldEncryptionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FieldEncryptionError';
    this.code = code;
  }
}
