import { Personal } from '@wardline/personal-data';
import type { FieldCipher } from './field-cipher.ts';

/** Rows of a service that hold sealed values. */
export interface SealedRows {
  /** Tenants that have anything here. */
  tenants(): Promise<string[]>;
  /** Re-seals those of the next `limit` rows after `afterId` that need it; rows changed meanwhile are left for later. */
  resealBatch(
    tenantId: string,
    o: { afterId: string | undefined; limit: number },
  ): Promise<{ resealed: number; examined: number; lastId: string | undefined }>;
}

export const resealBatchRows = 100;

/**
 * Moves every row of a tenant to its current key, in small transactions between which other work goes on. Rows written while
 * it runs are sealed with the current key already, so one pass after a rotation is enough.
 *
 * @returns how many rows were sealed anew
 */
export async function resealTenant(
  store: SealedRows,
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
  store: SealedRows,
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
      const probe = cipher.seal(tenantId, Personal.of('probe'), 'reseal/probe');
      resealed += await resealTenant(store, tenantId, signal);
      if (!signal?.aborted) probes.set(tenantId, probe);
    }
    return resealed;
  };
}
