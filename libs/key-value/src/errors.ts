/** The store did not answer in time, or cannot be reached. What was asked may or may not have been done. */
export class KeyValueUnavailable extends Error {
  override readonly name = 'KeyValueUnavailable';
  readonly code = 'key-value-unavailable';
  readonly retryable = true;
}

/** The store answered, and said no: a permission, a wrong type. Asking again does not help. */
export class KeyValueRefused extends Error {
  override readonly name = 'KeyValueRefused';
  readonly code = 'key-value-refused';
  readonly retryable = false;
}
