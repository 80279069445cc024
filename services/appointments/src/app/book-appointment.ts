import type { FieldCipher } from '@wardline/field-encryption';
import { claimForBooking } from '../domain/occupancy.ts';
import type { Patient } from '../domain/patient.ts';
import type { AppointmentBook, AppointmentFacts, Channel } from '../ports/appointment-book.ts';
import { checkSlot, slotMsMax } from './check-slot.ts';
import { BookUnsettled, looksMax, type Refusal } from './outcome.ts';

export interface BookingWish {
  readonly clinicId: string;
  readonly doctorId: string;
  readonly startMs: number;
  readonly patient: Patient;
  readonly idempotencyKey: string;
  readonly holdId: string | undefined;
  readonly channel: Channel;
  readonly callId: string;
}

export type BookingResult =
  | {
      readonly kind: 'booked';
      readonly facts: AppointmentFacts;
      readonly patient: Patient;
      readonly replayed: boolean;
    }
  | Refusal;

export interface WriteDeps {
  readonly book: AppointmentBook;
  readonly cipher: Pick<FieldCipher, 'blindIndex'>;
  readonly newId: () => string;
  readonly now: () => number;
}

/**
 * Books a slot once per idempotency key.
 *
 * It looks first, in one cheap read, and writes only what then has a chance: of two hundred callers who want one slot,
 * nearly all are told by that read. The write claims the key before the slot, so that a twin with the same key waits
 * for it and then replays its answer instead of finding "its own" slot taken. The exclusion constraint has the last word.
 *
 * @throws TransactionContention or BookUnsettled: nothing was booked, the same request may be repeated
 */
export async function bookAppointment(
  deps: WriteDeps,
  tenantId: string,
  wish: BookingWish,
): Promise<BookingResult> {
  const contentHash = deps.cipher.blindIndex(tenantId, contentOf(wish), 'appointments.idempotency/book');
  for (let look = 1; look <= looksMax; look++) {
    const seen = await deps.book.look(tenantId, {
      clinicId: wish.clinicId,
      doctorId: wish.doctorId,
      startMs: wish.startMs,
      endMs: wish.startMs + slotMsMax,
      operation: 'book',
      key: wish.idempotencyKey,
      ...(wish.holdId ? { holdId: wish.holdId } : {}),
    });
    if (seen.earlier) {
      if (seen.earlier.contentHash !== contentHash) return otherContent;
      // The same content, so the patient of the request is the patient of the first answer.
      return {
        kind: 'booked',
        facts: seen.earlier.answer as AppointmentFacts,
        patient: wish.patient,
        replayed: true,
      };
    }
    const nowMs = deps.now();
    // Whoever holds the slot was in time when they took it; reading back and confirming may use up the lead.
    const held = seen.ownHolds.some((o) => o.id === wish.holdId);
    const slot = checkSlot(seen, { doctorId: wish.doctorId, startMs: wish.startMs, nowMs, leadTime: !held });
    if (slot.kind !== 'slot') return slot;

    const known = [
      ...slot.doctor.occupancy,
      ...seen.ownHolds.filter((o) => !slot.doctor.occupancy.some((p) => p.id === o.id)),
    ];
    const claim = claimForBooking(
      known,
      { doctorId: wish.doctorId, range: slot.range, holdId: wish.holdId },
      nowMs,
    );
    if (claim.kind === 'taken') return claim;
    if (claim.kind === 'other-hold')
      return { kind: 'invalid', problems: ['hold_id is a hold of another slot'] };

    const facts: AppointmentFacts = {
      appointmentId: deps.newId(),
      clinicId: wish.clinicId,
      clinicName: slot.clinic.name,
      doctorId: wish.doctorId,
      doctorName: slot.doctor.name,
      department: slot.doctor.department,
      serviceId: slot.doctor.service.serviceId,
      ...slot.range,
      timeZone: slot.clinic.timeZone,
      channel: wish.channel,
      callId: wish.callId,
      status: 'booked',
    };
    const result = await deps.book.book(tenantId, {
      facts,
      patient: wish.patient,
      occupancyId: deps.newId(),
      claim:
        claim.kind === 'convert' ? { clear: claim.clear, convert: claim.holdId } : { clear: claim.clear },
      idempotency: { key: wish.idempotencyKey, contentHash },
    });
    if (result === 'done') return { kind: 'booked', facts, patient: wish.patient, replayed: false };
    if (result === 'taken') return { kind: 'taken' };
  }
  throw new BookUnsettled();
}

export const otherContent: Refusal = {
  kind: 'invalid',
  problems: ['idempotency_key was used before with another content'],
};

function contentOf(wish: BookingWish): string {
  return JSON.stringify([
    wish.clinicId,
    wish.doctorId,
    wish.startMs,
    wish.patient.name.reveal(),
    wish.patient.phone.reveal(),
    wish.holdId ?? '',
    wish.channel,
    wish.callId,
  ]);
}
