import type { AttemptResult } from '../domain/results.ts';

/** What telephony knows of a call whose end we did not hear of. Fake: `startFakeTelephony`. */
export interface CallLookup {
  find(
    tenantId: string,
    callId: string,
  ): Promise<
    | { readonly kind: 'live' }
    | { readonly kind: 'ended'; readonly result: AttemptResult; readonly endedMs: number }
    | { readonly kind: 'unknown' }
  >;
}
