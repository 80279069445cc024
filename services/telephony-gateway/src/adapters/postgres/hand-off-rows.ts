import type { HandOffRow } from '../../../generated/prisma/client.ts';
import type { Fallback, HandOff, HandOffStateName } from '../../domain/hand-off.ts';

export function handOffOf(row: HandOffRow): HandOff {
  return {
    handOffId: row.id,
    state: row.state as HandOffStateName,
    fallback: row.fallback as Fallback,
    hasReception: row.hasReception,
    requestedAt: row.requestedAt.getTime(),
    offeredAt: timeOf(row.offeredAt),
    expiresAt: timeOf(row.expiresAt),
    acceptedBy:
      row.acceptedByUserId === null ? null : { userId: row.acceptedByUserId, name: row.acceptedByName ?? '' },
    acceptedAt: timeOf(row.acceptedAt),
    connectedAt: timeOf(row.connectedAt),
    endedAt: timeOf(row.endedAt),
  };
}

/** What of a hand-off changes in its life. */
export function handOffColumns(handOff: HandOff) {
  return {
    state: handOff.state,
    fallback: handOff.fallback,
    offeredAt: dateOf(handOff.offeredAt),
    expiresAt: dateOf(handOff.expiresAt),
    acceptedByUserId: handOff.acceptedBy?.userId ?? null,
    acceptedByName: handOff.acceptedBy?.name ?? null,
    acceptedAt: dateOf(handOff.acceptedAt),
    connectedAt: dateOf(handOff.connectedAt),
    endedAt: dateOf(handOff.endedAt),
  };
}

function timeOf(date: Date | null): number | null {
  return date?.getTime() ?? null;
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
