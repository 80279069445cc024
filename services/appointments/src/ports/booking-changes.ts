import type { Channel, SlotClaim, SlotFacts } from './appointment-book.ts';
import type { Booking } from './bookings.ts';

/** Who or what changes it; the booking keeps how it was made. */
export interface ChangeOrigin {
  readonly channel: Channel;
  readonly callId: string;
}

export interface MoveCommand extends ChangeOrigin {
  /** As it was read: a booking that has changed since is left alone. */
  readonly booking: Booking;
  readonly slot: SlotFacts;
  readonly occupancyId: string;
  readonly claim: SlotClaim;
  readonly idempotency: { readonly key: string; readonly contentHash: string };
}

export type StatusChange = 'cancelled' | 'confirmed';

/** Changing what was booked, each with its event in one transaction. */
export interface BookingChanges {
  /**
   * The old slot is free when, and only when, the new one is taken. `taken` and `changed` as with a booking: nothing was
   * written.
   *
   * @throws TransactionContention when concurrent transactions won every time
   */
  move(
    tenantId: string,
    command: MoveCommand,
  ): Promise<{ kind: 'done'; booking: Booking } | { kind: 'taken' } | { kind: 'changed' }>;
  /** `changed`: the booking is not what was read any more; nothing was written. */
  setStatus(
    tenantId: string,
    command: ChangeOrigin & { booking: Booking; change: StatusChange; atMs: number },
  ): Promise<{ kind: 'done'; booking: Booking } | { kind: 'changed' }>;
}
