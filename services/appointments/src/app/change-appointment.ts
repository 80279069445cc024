import type { BookingChanges, ChangeOrigin, StatusChange } from '../ports/booking-changes.ts';
import type { Booking, Bookings } from '../ports/bookings.ts';
import { BookUnsettled, closedTo, looksMax, type Refusal } from './outcome.ts';

export interface ChangeDeps {
  readonly bookings: Bookings;
  readonly changes: BookingChanges;
  readonly now: () => number;
}

/**
 * Cancels an appointment, or notes that the patient will come. What is so already is left as it is and announced to nobody.
 *
 * @throws TransactionContention or BookUnsettled: nothing was changed, the same request may be repeated
 */
export async function changeAppointment(
  deps: ChangeDeps,
  tenantId: string,
  wish: ChangeOrigin & { readonly appointmentId: string; readonly change: StatusChange },
): Promise<{ readonly kind: 'changed'; readonly booking: Booking } | Refusal> {
  for (let look = 1; look <= looksMax; look++) {
    const booking = await deps.bookings.find(tenantId, wish.appointmentId);
    if (!booking) return { kind: 'not-found', what: 'appointment' };
    if (isSo(booking, wish.change)) return { kind: 'changed', booking };
    const atMs = deps.now();
    const closed = closedTo(booking, atMs);
    if (closed) return closed;
    const result = await deps.changes.setStatus(tenantId, { ...wish, booking, atMs });
    if (result.kind === 'done') return { kind: 'changed', booking: result.booking };
  }
  throw new BookUnsettled();
}

function isSo(booking: Booking, change: StatusChange): boolean {
  if (change === 'cancelled') return booking.status === 'cancelled';
  return booking.status === 'booked' && booking.confirmedAtMs !== undefined;
}
