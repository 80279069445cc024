import { overlaps, sameRange, type TimeRange } from './time-range.ts';

interface Occupied {
  readonly id: string;
  readonly doctorId: string;
  readonly range: TimeRange;
}
export interface Hold extends Occupied {
  readonly kind: 'hold';
  readonly holder: string;
  readonly expiresAtMs: number;
}
export interface Booked extends Occupied {
  readonly kind: 'booking';
}
export type Occupancy = Hold | Booked;

/** What has to happen so that the slot is one's own; `clear` are holds to delete first. */
export type Claim =
  | { readonly kind: 'taken' }
  | { readonly kind: 'insert'; readonly clear: readonly string[] }
  | { readonly kind: 'convert'; readonly holdId: string; readonly clear: readonly string[] }
  /** The named hold is there, but for something else: the request contradicts itself. */
  | { readonly kind: 'other-hold' };

export interface Wanted {
  readonly doctorId: string;
  readonly range: TimeRange;
}

/** A hold is over at its expiry, not a millisecond later. */
export function isLive(occupancy: Occupancy, nowMs: number): boolean {
  return occupancy.kind === 'booking' || occupancy.expiresAtMs > nowMs;
}

/** Holding: expired holds in the way go, and so does the holder's own older hold, wherever it is. */
export function claimForHold(
  known: readonly Occupancy[],
  wanted: Wanted & { readonly holder: string },
  nowMs: number,
): Claim {
  const own = known.filter((o) => o.kind === 'hold' && o.holder === wanted.holder);
  const others = inTheWay(known, wanted).filter((o) => !own.includes(o));
  if (others.some((o) => isLive(o, nowMs))) return { kind: 'taken' };
  return { kind: 'insert', clear: ids([...own, ...others]) };
}

/**
 * Booking: expired holds in the way go. The hold that this booking fulfils is converted where it is, so that there is no
 * moment in which the slot is free. It may have run out: as long as nobody has taken its place it still serves.
 */
export function claimForBooking(
  known: readonly Occupancy[],
  wanted: Wanted & { readonly holdId: string | undefined },
  nowMs: number,
): Claim {
  const own = known.find((o) => o.kind === 'hold' && o.id === wanted.holdId);
  if (own && !(own.doctorId === wanted.doctorId && sameRange(own.range, wanted.range))) {
    return { kind: 'other-hold' };
  }
  const others = inTheWay(known, wanted).filter((o) => o !== own);
  if (others.some((o) => isLive(o, nowMs))) return { kind: 'taken' };
  return own
    ? { kind: 'convert', holdId: own.id, clear: ids(others) }
    : { kind: 'insert', clear: ids(others) };
}

function inTheWay(known: readonly Occupancy[], wanted: Wanted): Occupancy[] {
  return known.filter((o) => o.doctorId === wanted.doctorId && overlaps(o.range, wanted.range));
}

function ids(occupancies: readonly Occupancy[]): string[] {
  return occupancies.map((o) => o.id);
}
