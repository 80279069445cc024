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

/** The same for every tenant. */
export async function resealAll(store: SealedBookings, signal?: AbortSignal): Promise<number> {
  let resealed = 0;
  for (const tenantId of await store.tenants()) resealed += await resealTenant(store, tenantId, signal);
  return resealed;
}
