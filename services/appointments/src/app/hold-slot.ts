import { claimForHold } from '../domain/occupancy.ts';
import type { HoldFacts } from '../ports/appointment-book.ts';
import { otherContent, type WriteDeps } from './book-appointment.ts';
import { checkSlot, slotMsMax } from './check-slot.ts';
import { BookUnsettled, looksMax, type Refusal } from './outcome.ts';

export interface HoldWish {
  readonly clinicId: string;
  readonly doctorId: string;
  readonly startMs: number;
  readonly ttlMs: number;
  readonly holder: string;
  /** Empty: none. A hold repeated without a key replaces the first one. */
  readonly idempotencyKey: string;
}

export type HoldResult = { readonly kind: 'held'; readonly facts: HoldFacts } | Refusal;

/**
 * Keeps a slot for a short while. A holder has one hold: a new one replaces the old one, and where the new slot is taken
 * the old one stays.
 *
 * @throws TransactionContention or BookUnsettled: nothing was held, the same request may be repeated
 */
export async function holdSlot(deps: WriteDeps, tenantId: string, wish: HoldWish): Promise<HoldResult> {
  const contentHash = deps.cipher.blindIndex(
    tenantId,
    JSON.stringify([wish.clinicId, wish.doctorId, wish.startMs, wish.ttlMs, wish.holder]),
    'appointments.idempotency/hold',
  );
  for (let look = 1; look <= looksMax; look++) {
    const seen = await deps.book.look(tenantId, {
      clinicId: wish.clinicId,
      doctorId: wish.doctorId,
      startMs: wish.startMs,
      endMs: wish.startMs + slotMsMax,
      operation: 'hold',
      key: wish.idempotencyKey,
      holder: wish.holder,
    });
    if (seen.earlier) {
      if (seen.earlier.contentHash !== contentHash) return otherContent;
      return { kind: 'held', facts: seen.earlier.answer as HoldFacts };
    }
    const nowMs = deps.now();
    const slot = checkSlot(seen, { doctorId: wish.doctorId, startMs: wish.startMs, nowMs, leadTime: true });
    if (slot.kind !== 'slot') return slot;

    const elsewhere = seen.ownHolds.filter((o) => !slot.doctor.occupancy.some((p) => p.id === o.id));
    const claim = claimForHold(
      [...slot.doctor.occupancy, ...elsewhere],
      { doctorId: wish.doctorId, range: slot.range, holder: wish.holder },
      nowMs,
    );
    if (claim.kind !== 'insert') return { kind: 'taken' };

    const facts: HoldFacts = {
      holdId: deps.newId(),
      expiresAtMs: nowMs + wish.ttlMs,
      slot: {
        doctorId: wish.doctorId,
        doctorName: slot.doctor.name,
        department: slot.doctor.department,
        serviceId: slot.doctor.service.serviceId,
        ...slot.range,
      },
    };
    const result = await deps.book.hold(tenantId, {
      clinicId: wish.clinicId,
      facts,
      holder: wish.holder,
      claim: { clear: claim.clear },
      idempotency: wish.idempotencyKey ? { key: wish.idempotencyKey, contentHash } : undefined,
    });
    if (result === 'done') return { kind: 'held', facts };
    if (result === 'taken') return { kind: 'taken' };
  }
  throw new BookUnsettled();
}
