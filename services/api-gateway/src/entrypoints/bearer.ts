import type { Request } from 'express';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import type { SigningKeys } from '../app/signing-keys.ts';
import type { StaffDirectory } from '../app/staff-directory.ts';
import { permissionsOf } from '../domain/permissions.ts';
import { audienceOf, issuerOf } from '../domain/sign-in.ts';
import type { Authenticate } from './kernel/serve-endpoints.ts';

const claims = z.object({
  sub: z.uuid(),
  tid: z.uuid(),
  role: z.string().min(1),
  name: z.string(),
  gen: z.int(),
  exp: z.int(),
});

/**
 * Whoever shows an access token of ours: RS256 by a key that is not rotated out, of our issuer, for our API, of the type
 * `at+jwt`, not expired, of somebody who is still what they were when they signed in. Everything else is nobody.
 */
export function authenticateByToken(o: {
  readonly publicUrl: () => string;
  readonly keys: Pick<SigningKeys, 'find'>;
  readonly staff: StaffDirectory;
  readonly now?: () => Date;
}): Authenticate {
  return async (req) => {
    const token = tokenOf(req);
    if (token === undefined) return undefined;
    const payload = await verified(token, o);
    const parsed = claims.safeParse(payload);
    if (!parsed.success) return undefined;
    const { sub: userId, tid: tenantId, gen: generation, exp, name } = parsed.data;
    const member = await o.staff.admitted({ tenantId, userId, generation });
    if (!member) return undefined;
    const { role, phone } = member;
    return {
      ...{ tenantId, userId, role, name: member.name || name, phone },
      permissions: permissionsOf(role),
      expiresAt: new Date(exp * 1_000),
    };
  };
}

function tokenOf(req: Request): string | undefined {
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(req.headers.authorization ?? '') ?? [];
  return token !== undefined && token.length <= 8_192 ? token : undefined;
}

async function verified(
  token: string,
  o: Parameters<typeof authenticateByToken>[0],
): Promise<JWTPayload | undefined> {
  const publicUrl = o.publicUrl();
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await o.keys.find(kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: ['RS256'],
        issuer: issuerOf(publicUrl),
        audience: audienceOf(publicUrl),
        typ: 'at+jwt',
        requiredClaims: ['exp', 'sub'],
        ...(o.now ? { currentDate: o.now() } : {}),
      },
    );
    return payload;
  } catch (err) {
    // What is wrong with a token is nobody's business; that the keys cannot be looked up is ours.
    if (err instanceof errors.JOSEError) return undefined;
    throw err;
  }
}
