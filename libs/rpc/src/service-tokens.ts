import { createSecretKey, randomUUID } from 'node:crypto';
import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';

/** Who calls, from the verified token. */
export interface Caller {
  /** `undefined` when the caller acts for no single tenant. */
  tenantId: string | undefined;
  service: string;
}

/** Mints tokens in this service's name and verifies those of others. */
export interface ServiceTokens {
  /** The service in whose name tokens are minted. */
  readonly service: string;
  /** A token for one callee, valid for a few minutes; cached until near its expiry. */
  mint(callee: string, tenantId?: string): Promise<string>;
  /** @throws TokenRefused for anything but a valid, current token whose audience is `callee` */
  verify(token: string, callee: string): Promise<Caller>;
}

export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly code = 'token-refused';
  readonly retryable = false;
}

export interface ServiceTokensOptions {
  /** Base64 of at least 32 bytes; one shared secret per installation. */
  key: string;
  service: string;
  /** Milliseconds since the epoch; another clock only in tests. */
  now?: () => number;
}

const LIFETIME_MS = 5 * 60_000;
/** A cached token is renewed when it has less than this left, far above any RPC's deadline and clock skew. */
const REMAINING_MS_MIN = 60_000;
const CLOCK_SKEW_S = 5;
const KEY_BYTES_MIN = 32;
const CACHED_MAX = 2_000;

interface Minted {
  token: Promise<string>;
  expiresAt: number;
}
interface Verified {
  caller: Caller;
  expiresAt: number;
}

/**
 * Service tokens: JWTs signed with HS256 (RFC 7519, RFC 7518 §3.2); `iss` is the calling service, `aud` the called one,
 * `tid` the tenant it acts for.
 *
 * @throws RangeError when the key has fewer than 32 bytes
 */
export function createServiceTokens(options: ServiceTokensOptions): ServiceTokens {
  const bytes = Buffer.from(options.key, 'base64');
  if (bytes.length < KEY_BYTES_MIN)
    throw new RangeError('the service key needs at least 32 bytes, in base64');
  const key = createSecretKey(bytes);
  const now = options.now ?? Date.now;
  const minted = new Map<string, Minted>();
  const verified = new Map<string, Verified>();

  async function sign(callee: string, tenantId: string | undefined, issuedAt: number): Promise<string> {
    return new SignJWT(tenantId === undefined ? {} : { tid: tenantId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(options.service)
      .setAudience(callee)
      .setJti(randomUUID())
      .setIssuedAt(Math.floor(issuedAt / 1000))
      .setExpirationTime(Math.floor((issuedAt + LIFETIME_MS) / 1000))
      .sign(key);
  }

  async function check(token: string, callee: string): Promise<Verified> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        audience: callee,
        requiredClaims: ['iss', 'exp', 'aud'],
        clockTolerance: CLOCK_SKEW_S,
        currentDate: new Date(now()),
      });
      const tenantId = typeof payload['tid'] === 'string' ? payload['tid'] : undefined;
      return { caller: { tenantId, service: payload.iss ?? '' }, expiresAt: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      if (error instanceof joseErrors.JOSEError) throw new TokenRefused(error.code, { cause: error });
      throw error;
    }
  }

  return {
    service: options.service,
    mint(callee, tenantId) {
      const cacheKey = `${callee} ${tenantId ?? ''}`;
      const cached = minted.get(cacheKey);
      const at = now();
      if (cached && cached.expiresAt - at > REMAINING_MS_MIN) return cached.token;
      const token = sign(callee, tenantId, at);
      remember(minted, cacheKey, { token, expiresAt: at + LIFETIME_MS });
      return token;
    },
    async verify(token, callee) {
      const cacheKey = `${callee} ${token}`;
      const cached = verified.get(cacheKey);
      if (cached && cached.expiresAt > now()) return cached.caller;
      const result = await check(token, callee);
      remember(verified, cacheKey, result);
      return result.caller;
    },
  };
}

/** Keeps a bounded number of entries and forgets the oldest first. */
function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size <= CACHED_MAX) return;
  const oldest = cache.keys().next();
  if (!oldest.done) cache.delete(oldest.value);
}
