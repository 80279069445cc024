import type { KeyValue } from '@wardline/key-value';

export interface DialLimits {
  /** Calls that we made and that are not over. */
  readonly callsMax: number;
  readonly callsPerTenantMax: number;
  /** Calls begun within any second. */
  readonly callsPerSecondMax: number;
}

/** A place is held for so long without being heard of: what a killed process held is free again then. */
export const PLACE_TTL_MS = 30_000;
const SECOND_MS = 1_000;

export type NoPlace = 'tenant-busy' | 'all-busy' | 'too-fast';
export interface DialCall {
  readonly tenantId: string;
  readonly attemptId: string;
}

/**
 * The places that calls of ours take while they last, counted over all instances: of the hospital, of all hospitals, and
 * of the second in which they begin. All of it is asked of key-value, and rejects when that does not answer: who cannot
 * count does not call.
 */
export interface DialPlaces {
  /** A place in every pool, or in none. */
  take(call: DialCall): Promise<'taken' | NoPlace>;
  /** It was not dialled after all: the second has its place back, too. */
  giveBack(call: DialCall): Promise<void>;
  /** The call is over. Its second is not given back: the carrier counted it. */
  release(call: DialCall): Promise<void>;
  /** The call still lasts. */
  keep(call: DialCall): Promise<void>;
}

export function createDialPlaces(
  keyValue: Pick<KeyValue, 'acquirePermit' | 'releasePermit'>,
  limits: DialLimits,
): DialPlaces {
  const all = 'telephony:calls-out';
  const thisSecond = 'telephony:calls-out:begun';
  const ofTenant = (tenantId: string) => `${all}:${tenantId}`;
  const inTenant = { places: limits.callsPerTenantMax, ttlMs: PLACE_TTL_MS };
  const inAll = { places: limits.callsMax, ttlMs: PLACE_TTL_MS };
  // A place for a second in a pool of n: at most n begin in any second, however they fall.
  const inSecond = { places: limits.callsPerSecondMax, ttlMs: SECOND_MS };

  const release = async ({ tenantId, attemptId }: DialCall) => {
    await keyValue.releasePermit(all, attemptId);
    await keyValue.releasePermit(ofTenant(tenantId), attemptId);
  };
  return {
    async take(call) {
      const { tenantId, attemptId } = call;
      if (!(await keyValue.acquirePermit(ofTenant(tenantId), attemptId, inTenant))) return 'tenant-busy';
      if (!(await keyValue.acquirePermit(all, attemptId, inAll))) {
        await keyValue.releasePermit(ofTenant(tenantId), attemptId);
        return 'all-busy';
      }
      if (await keyValue.acquirePermit(thisSecond, attemptId, inSecond)) return 'taken';
      await release(call);
      return 'too-fast';
    },
    async giveBack(call) {
      await release(call);
      await keyValue.releasePermit(thisSecond, call.attemptId);
    },
    release,
    async keep({ tenantId, attemptId }) {
      await keyValue.acquirePermit(all, attemptId, inAll);
      await keyValue.acquirePermit(ofTenant(tenantId), attemptId, inTenant);
    },
  };
}
