/** The expected ways in which a write does not happen. */
export type Refusal =
  | { readonly kind: 'taken' }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'not-found'; readonly what: 'clinic' | 'doctor' | 'appointment' }
  /** The appointment cannot be changed any more. */
  | { readonly kind: 'closed'; readonly why: 'cancelled' | 'begun' };

/** Why a booking cannot be changed, if it cannot. */
export function closedTo(
  booking: { readonly status: 'booked' | 'cancelled'; readonly startMs: number },
  nowMs: number,
): Refusal | undefined {
  if (booking.status === 'cancelled') return { kind: 'closed', why: 'cancelled' };
  return booking.startMs <= nowMs ? { kind: 'closed', why: 'begun' } : undefined;
}

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
