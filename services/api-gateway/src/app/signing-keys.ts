import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { randomBytes } from 'node:crypto';
import type { OidcKey, OidcKeys } from '../ports/oidc-store.ts';

/** The keys of one moment. */
export interface KeySet {
  /** Changes when a key comes or goes. */
  readonly version: string;
  /** Private keys, the one that signs first. */
  readonly private: readonly JWK[];
  /** Public keys by id: what is not here verifies nothing. */
  readonly public: ReadonlyMap<string, CryptoKey>;
  /** Secrets of cookies, the one that signs first. */
  readonly cookies: readonly string[];
}

export interface SigningKeysOptions {
  readonly store: OidcKeys;
  /** How long a token is valid at most: so long a rotated-out key goes on verifying. */
  readonly tokenSeconds: number;
  readonly logger: Logger;
  readonly now?: () => Date;
  /** How often other instances' rotations are looked for. Default 10,000. */
  readonly everyMs?: number;
}

/** Another instance that has not looked yet still signs with the old key for so long. */
const graceMs = 60_000;

async function newTokenKey(now: Date): Promise<OidcKey> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const keyId = `${now.toISOString().slice(0, 10)}-${randomBytes(6).toString('base64url')}`;
  const jwk = { ...(await exportJWK(privateKey)), kid: keyId, alg: 'RS256', use: 'sig' };
  return { keyId, purpose: 'token', secret: JSON.stringify(jwk), createdAt: now, verifiesUntil: undefined };
}

const newCookieKey = (now: Date): OidcKey => ({
  keyId: `cookie-${randomBytes(6).toString('base64url')}`,
  purpose: 'cookie',
  secret: randomBytes(32).toString('base64url'),
  createdAt: now,
  verifiesUntil: undefined,
});

/**
 * Keys that sign tokens and cookies, the same for all instances. After a rotation the new key signs; the old one verifies
 * until the tokens that it has signed are over, then tokens of it are refused.
 */
export function createSigningKeys(o: SigningKeysOptions) {
  const now = o.now ?? (() => new Date());
  let loaded: { set: KeySet; keys: readonly OidcKey[] } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lookedAt = 0;

  async function load(): Promise<KeySet> {
    lookedAt = now().getTime();
    const keys = await o.store.list(now());
    const version = keys.map(({ keyId }) => keyId).join(' ');
    if (loaded?.set.version !== version) {
      const tokenKeys = keys
        .filter(({ purpose }) => purpose === 'token')
        // Those that are rotated out do not sign.
        .toSorted((a, b) => Number(a.verifiesUntil !== undefined) - Number(b.verifiesUntil !== undefined))
        .map(({ secret }) => JSON.parse(secret) as JWK);
      const set = {
        version,
        private: tokenKeys,
        public: new Map(await Promise.all(tokenKeys.map(publicOf))),
        cookies: keys.filter(({ purpose }) => purpose === 'cookie').map(({ secret }) => secret),
      };
      loaded = { set, keys };
    } else loaded = { set: loaded.set, keys };
    return loaded.set;
  }

  async function ensure(): Promise<void> {
    const known = await o.store.list(now());
    const lacks = (keys: readonly OidcKey[], purpose: OidcKey['purpose']) =>
      !keys.some((key) => key.purpose === purpose && key.verifiesUntil === undefined);
    if (!lacks(known, 'token') && !lacks(known, 'cookie')) return;
    const [token, cookie] = [await newTokenKey(now()), newCookieKey(now())];
    await o.store.change(now(), (keys) => ({
      add: [...(lacks(keys, 'token') ? [token] : []), ...(lacks(keys, 'cookie') ? [cookie] : [])],
      end: new Map(),
    }));
  }

  const component: Component = {
    name: 'signing keys',
    async start() {
      await ensure();
      await load();
      timer = setInterval(() => {
        load().catch((err: unknown) => o.logger.warn('signing keys could not be looked up', { err }));
      }, o.everyMs ?? 10_000);
      timer.unref();
    },
    async close() {
      clearInterval(timer);
    },
  };

  return {
    ...component,
    /** @throws Error before the start */
    current(): KeySet {
      if (!loaded) throw new Error('signing keys are there once they are started');
      return loaded.set;
    },
    /** The public key of an id, unless it is rotated out; looks again for one that is not known, at most once a second. */
    async find(keyId: string): Promise<CryptoKey | undefined> {
      if (!loaded?.set.public.has(keyId) && now().getTime() - lookedAt >= 1_000) await load();
      const key = loaded?.keys.find((one) => one.keyId === keyId);
      if (!key || (key.verifiesUntil !== undefined && key.verifiesUntil <= now())) return undefined;
      return loaded?.set.public.get(keyId);
    },
    /**
     * A new key signs from now on. Tokens of the old ones stay valid until they are over; with `atOnce` they are worth
     * nothing from now on, for when a key may have been seen by somebody.
     *
     * @returns the id of the new key
     */
    async rotate(how: { readonly atOnce?: boolean } = {}): Promise<string> {
      const at = now();
      const [token, cookie] = [await newTokenKey(at), newCookieKey(at)];
      const until = new Date(how.atOnce ? at.getTime() : at.getTime() + o.tokenSeconds * 1_000 + graceMs);
      await o.store.change(at, (keys) => ({
        add: [token, cookie],
        end: new Map(
          keys
            .filter(({ verifiesUntil }) => verifiesUntil === undefined || verifiesUntil > until)
            .map(({ keyId }) => [keyId, until]),
        ),
      }));
      await load();
      return token.keyId;
    },
  };
}

export type SigningKeys = ReturnType<typeof createSigningKeys>;

async function publicOf(jwk: JWK): Promise<[string, CryptoKey]> {
  const { kty, n, e, kid, alg } = jwk;
  const key = await importJWK({ kty, n, e, alg } as JWK, 'RS256');
  if (!('type' in key)) throw new Error('a signing key is not one of RSA');
  return [kid ?? '', key];
}
