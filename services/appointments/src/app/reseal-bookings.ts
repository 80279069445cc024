import type { FieldCipher } from '@wardline/field-encryption';
import { Personal } from '@wardline/personal-data';
import type { SealedBookings } from '../ports/bookings.ts';

export const resealBatchRows = 100;

/**
 * Moves every row of a tenant to its current key, in small transactions between which bookings go on. Rows written while
 * it runs are sealed with the current key already, so one pass after a rotation is enough.
 *
 * @returns how many rows were sealed anew
 */
export async function resealTenant(
  store: SealedBookings,
  tenantId: string,
  signal?: AbortSignal,
): Promise<number> {
  let resealed = 0;
  let afterId: string | undefined;
  while (!signal?.aborted) {
    const batch = await store.resealBatch(tenantId, { afterId, limit: resealBatchRows });
    resealed += batch.resealed;
    if (batch.examined < resealBatchRows) break;
    afterId = batch.lastId;
  }
  return resealed;
}

/**
 * Rounds over all tenants in which only those are passed over whose key has changed since their last pass; the first round
 * takes everybody, because a key may have been rotated while nobody was running.
 *
 * @returns how many rows a round sealed anew
 */
export function createResealRounds(
  store: SealedBookings,
  cipher: Pick<FieldCipher, 'seal' | 'needsReseal'>,
): (signal?: AbortSignal) => Promise<number> {
  /** Per tenant, a value that was sealed just before the last pass: once it needs sealing anew, so may the rows. */
  const probes = new Map<string, string>();
  return async (signal) => {
    let resealed = 0;
    for (const tenantId of await store.tenants()) {
      const last = probes.get(tenantId);
      if (last !== undefined && !cipher.needsReseal(tenantId, last)) continue;
      // Before the pass, so that a rotation in the middle of it is seen by the next round.
      const probe = cipher.seal(tenantId, Personal.of('probe'), 'appointments.reseal/probe');
      resealed += await resealTenant(store, tenantId, signal);
      if (!signal?.aborted) probes.set(tenantId, probe);
    }
    return resealed;
  };
}
