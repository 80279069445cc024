import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { CallFacts } from '../ports/dialogue.ts';

const issuer = 'telephony-gateway';
const audience = 'wardline-media';
/** Issued for one connection that follows at once; anything longer was not made by telephony-gateway. */
const lifetimeMsMax = 65_000;
const rememberedMax = 100_000;

const claimsSchema = z.object({
  sub: z.string().min(1).max(128),
  tid: z.uuid(),
  cid: z.uuid(),
  epc: z.number().int().min(0),
  lng: z.string().min(2).max(35),
  res: z.boolean(),
  /** Of a call that we made: the campaign's attempt. */
  att: z.string().max(64).optional(),
  /** An answering machine is on the line and has finished its greeting. */
  mch: z.boolean().optional(),
  tp: z.string().max(64).optional(),
  ccid: z.string().min(1).max(512),
  jti: z.string().min(1).max(64),
  exp: z.number(),
});

export interface StreamPermit {
  readonly facts: CallFacts;
  readonly callControlId: string;
  readonly traceparent: string | undefined;
}

export type PermitRefusal = 'missing' | 'invalid' | 'used' | 'too-many';

/**
 * Checks the token of a stream URL: signature, issuer, audience, expiry, claims, and that it has not been used before.
 * Used tokens are remembered in this process until they expire: the URL names this process's own port.
 */
export function createStreamGate(o: { key: Uint8Array; wall: () => number }) {
  const usedUntil = new Map<string, number>();

  function forgetExpired(now: number): void {
    for (const [jti, until] of usedUntil) if (until <= now) usedUntil.delete(jti);
  }

  async function admit(token: string | undefined): Promise<StreamPermit | { refused: PermitRefusal }> {
    if (token === undefined || token === '') return { refused: 'missing' };
    const now = o.wall();
    let claims: z.infer<typeof claimsSchema>;
    try {
      const verified = await jwtVerify(token, o.key, {
        algorithms: ['HS256'],
        issuer,
        audience,
        currentDate: new Date(now),
      });
      claims = claimsSchema.parse(verified.payload);
    } catch {
      // Why it is invalid is of use to a forger only.
      return { refused: 'invalid' };
    }
    const until = claims.exp * 1_000;
    if (until - now > lifetimeMsMax) return { refused: 'invalid' };
    forgetExpired(now);
    if (usedUntil.has(claims.jti)) return { refused: 'used' };
    if (usedUntil.size >= rememberedMax) return { refused: 'too-many' };
    usedUntil.set(claims.jti, until);
    return {
      facts: {
        callId: claims.sub,
        tenantId: claims.tid,
        clinicId: claims.cid,
        ownerEpoch: claims.epc,
        language: claims.lng,
        resumed: claims.res,
        attemptId: claims.att === '' ? undefined : claims.att,
        machine: claims.mch ?? false,
      },
      callControlId: claims.ccid,
      traceparent: claims.tp,
    };
  }

  return { admit };
}

export type StreamGate = ReturnType<typeof createStreamGate>;
