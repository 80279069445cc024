import { randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import type { StreamLinks } from '../ports/stream-links.ts';

/** The carrier opens the socket within seconds of the command; a link found later opens nothing. */
const LIFETIME_SECS = 60;

/**
 * Links that carry a short-lived HS256 JWT bound to one call, one owner epoch and one use (`jti`, which voice-media
 * takes once).
 */
export function createSignedStreamLinks(o: {
  /** http(s) or ws(s) URL at which the carrier reaches voice-media; its path is kept. */
  mediaPublicUrl: string;
  /** Base64, at least 32 bytes; shared with voice-media. */
  streamKey: string;
  now: () => number;
}): StreamLinks {
  const key = Buffer.from(o.streamKey, 'base64');
  const base = socketUrl(o.mediaPublicUrl);
  return {
    async create(grant) {
      const issuedAt = Math.floor(o.now() / 1000);
      const token = await new SignJWT({
        tid: grant.tenantId,
        cid: grant.clinicId,
        epc: grant.epoch,
        lng: grant.language,
        res: grant.resumed,
        tp: grant.traceparent,
        ccid: grant.callControlId,
        mch: grant.machine,
        ...(grant.attemptId === undefined ? {} : { att: grant.attemptId }),
      })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(grant.callId)
        .setIssuer('telephony-gateway')
        .setAudience('wardline-media')
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + LIFETIME_SECS)
        .sign(key);
      return `${base}/media/telnyx?token=${token}`;
    },
    epochOf(link) {
      const token = link === undefined ? null : tokenOf(link);
      if (token === null) return null;
      try {
        // Only compared with what we know, and quoted in a webhook whose signature was checked: no need to verify.
        const { epc } = decodeJwt(token);
        return typeof epc === 'number' && Number.isInteger(epc) ? epc : null;
      } catch {
        return null; // Not a token of ours: then the carrier has not said which stream it means.
      }
    },
  };
}

function tokenOf(link: string): string | null {
  return URL.canParse(link) ? new URL(link).searchParams.get('token') : null;
}

/** `https://host/path/` → `wss://host/path`. */
export function socketUrl(publicUrl: string): string {
  return publicUrl.replace(/^http/, 'ws').replace(/\/+$/, '');
}
