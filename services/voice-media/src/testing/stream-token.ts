import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

export const testKeys = {
  stream: Buffer.alloc(32, 1).toString('base64'),
  service: Buffer.alloc(32, 2).toString('base64'),
} as const;

export const testCall = {
  callId: '01930000-0000-7000-8000-00000000c001',
  tenantId: '01930000-0000-7000-8000-00000000a001',
  clinicId: '01930000-0000-7000-8000-00000000a011',
  callControlId: 'v3:test-call',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
} as const;

/** A token as telephony-gateway signs it; everything may be overridden to make a wrong one. */
export function signStreamToken(
  o: {
    claims?: Record<string, unknown>;
    key?: string;
    issuer?: string;
    audience?: string;
    expiresInS?: number;
    jti?: string;
  } = {},
): Promise<string> {
  return new SignJWT({
    tid: testCall.tenantId,
    cid: testCall.clinicId,
    epc: 1,
    lng: 'en-US',
    res: false,
    tp: testCall.traceparent,
    ccid: testCall.callControlId,
    ...o.claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(testCall.callId)
    .setIssuer(o.issuer ?? 'telephony-gateway')
    .setAudience(o.audience ?? 'wardline-media')
    .setJti(o.jti ?? randomUUID())
    .setExpirationTime(Math.floor(Date.now() / 1_000) + (o.expiresInS ?? 60))
    .sign(Buffer.from(o.key ?? testKeys.stream, 'base64'));
}
