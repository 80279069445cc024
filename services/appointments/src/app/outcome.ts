/** The expected ways in which a write does not happen. */
export type Refusal =
  | { readonly kind: 'taken' }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'not-found'; readonly what: 'clinic' | 'doctor' };

/** The book kept changing under one write: the caller may repeat it. */
export class BookUnsettled extends Error {
  readonly code = 'book-unsettled';
  readonly retryable = true;

  constructor() {
    super('the slot changed hands on every attempt');
    this.name = 'BookUnsettled';
  }
}

/** As often as a write looks again after something changed between looking and writing. */
export const looksMax = 5;
