import { claimForBooking } from '../domain/occupancy.ts';
import type { Occupancy } from '../domain/occupancy.ts';
import type { BookingChanges, ChangeOrigin } from '../ports/booking-changes.ts';
import type { Booking, Bookings } from '../ports/bookings.ts';
import { otherContent, type WriteDeps } from './book-appointment.ts';
import { checkSlot, slotMsMax } from './check-slot.ts';
import { BookUnsettled, closedTo, looksMax, type Refusal } from './outcome.ts';

export interface MoveWish extends ChangeOrigin {
  readonly appointmentId: string;
  readonly doctorId: string;
  readonly startMs: number;
  readonly holdId: string | undefined;
  readonly idempotencyKey: string;
}

export type MoveResult =
  { readonly kind: 'moved'; readonly booking: Booking; readonly replayed: boolean } | Refusal;

export interface MoveDeps extends WriteDeps {
  readonly bookings: Bookings;
  readonly changes: BookingChanges;
}

/**
 * Moves an appointment once per idempotency key: looks, then claims, as a booking does. To the time that it has already it
 * is moved without a write.
 *
 * @throws TransactionContention or BookUnsettled: nothing was moved, the same request may be repeated
 */
export async function moveAppointment(deps: MoveDeps, tenantId: string, wish: MoveWish): Promise<MoveResult> {
  const contentHash = deps.cipher.blindIndex(tenantId, contentOf(wish), 'appointments.idempotency/move');
  for (let look = 1; look <= looksMax; look++) {
    const booking = await deps.bookings.find(tenantId, wish.appointmentId);
    if (!booking) return { kind: 'not-found', what: 'appointment' };
    const seen = await deps.book.look(tenantId, {
      clinicId: booking.clinicId,
      doctorId: wish.doctorId,
      startMs: wish.startMs,
      endMs: wish.startMs + slotMsMax,
      operation: 'move',
      key: wish.idempotencyKey,
      ...(wish.holdId ? { holdId: wish.holdId } : {}),
    });
    if (seen.earlier) {
      if (seen.earlier.contentHash !== contentHash) return otherContent;
      const answer = seen.earlier.answer as Omit<Booking, 'patient'>;
      return { kind: 'moved', booking: { ...answer, patient: booking.patient }, replayed: true };
    }
    const nowMs = deps.now();
    const closed = closedTo(booking, nowMs);
    if (closed) return closed;
    if (booking.doctorId === wish.doctorId && booking.startMs === wish.startMs)
      return { kind: 'moved', booking, replayed: false };

    const held = seen.ownHolds.some((o) => o.id === wish.holdId);
    const slot = checkSlot(seen, { doctorId: wish.doctorId, startMs: wish.startMs, nowMs, leadTime: !held });
    if (slot.kind !== 'slot') return slot;
    const claim = claimForBooking(
      others(booking, [
        ...slot.doctor.occupancy,
        ...seen.ownHolds.filter((o) => !slot.doctor.occupancy.some((p) => p.id === o.id)),
      ]),
      { doctorId: wish.doctorId, range: slot.range, holdId: wish.holdId },
      nowMs,
    );
    if (claim.kind === 'taken') return claim;
    if (claim.kind === 'other-hold')
      return { kind: 'invalid', problems: ['hold_id is a hold of another slot'] };

    const result = await deps.changes.move(tenantId, {
      booking,
      slot: {
        doctorId: wish.doctorId,
        doctorName: slot.doctor.name,
        department: slot.doctor.department,
        serviceId: slot.doctor.service.serviceId,
        ...slot.range,
      },
      occupancyId: deps.newId(),
      claim:
        claim.kind === 'convert' ? { clear: claim.clear, convert: claim.holdId } : { clear: claim.clear },
      idempotency: { key: wish.idempotencyKey, contentHash },
      channel: wish.channel,
      callId: wish.callId,
    });
    if (result.kind === 'done') return { kind: 'moved', booking: result.booking, replayed: false };
    if (result.kind === 'taken') return { kind: 'taken' };
  }
  throw new BookUnsettled();
}

/** All but the appointment's own place: a doctor has one booking at a time, so place and time name it. */
function others(booking: Booking, known: readonly Occupancy[]): Occupancy[] {
  return known.filter(
    (o) => o.kind === 'hold' || o.doctorId !== booking.doctorId || o.range.startMs !== booking.startMs,
  );
}

function contentOf(wish: MoveWish): string {
  return JSON.stringify([
    wish.appointmentId,
    wish.doctorId,
    wish.startMs,
    wish.holdId ?? '',
    wish.channel,
    wish.callId,
  ]);
}
