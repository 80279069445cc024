import { demo } from '@wardline/contracts';
import { signIn, SignInRefused } from '@wardline/staff-sign-in';
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { createHash } from 'node:crypto';
import { startGateway, type TestGateway } from './testing/gateway-process.ts';
import { browser, codeFor, exchange } from './testing/oidc-browser.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const [riverside] = demo.clinics;
const { staff: robin } = riverside;
const enter = (login = robin.login, password = robin.password) =>
  signIn({ baseUrl: gateway.url, login, password });
const me = (headers: Record<string, string>) => fetch(`${gateway.url}/api/v1/me`, { headers });
const withToken = (token: string) => me({ authorization: `Bearer ${token}` });
const jwks = async () =>
  (await (await fetch(`${gateway.url}/oidc/jwks`)).json()) as { keys: (JWK & { kid: string })[] };

/** The claims of a token that is good, to be spoiled one by one. */
async function goodClaims(): Promise<JWTPayload> {
  const token = await (await enter()).accessToken();
  const { payload } = await jwtVerify(token, createLocalJWKSet(await jwks()));
  return payload;
}

describe('an access token', () => {
  it('says who, of which hospital and in which role, and is for the API alone', async () => {
    const token = await (await enter()).accessToken();
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(await goodClaims()).toMatchObject({
      ...{ sub: robin.userId, tid: riverside.tenantId, role: 'admin', name: robin.displayName, gen: 1 },
      ...{ iss: `${gateway.url}/oidc`, aud: `${gateway.url}/api`, client_id: 'wardline-tools' },
    });
    const { exp = 0, iat = 0 } = await goodClaims();
    expect(exp - iat).toBe(600);
    const answer = await withToken(token);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ hospital: { id: riverside.tenantId } }),
    ]);
  });

  it('is worth nothing unsigned, signed with the public key as a secret, or signed by somebody else', async () => {
    const claims = await goodClaims();
    const [jwk] = (await jwks()).keys;
    if (!jwk) throw new Error('no key');
    const publicKey = await importJWK(jwk, 'RS256', { extractable: true });
    const pem = new TextEncoder().encode(await exportSPKI(publicKey as Parameters<typeof exportSPKI>[0]));
    const stranger = await generateKeyPair('RS256');
    const header = { kid: jwk.kid, typ: 'at+jwt' };
    const forged = {
      'alg none': new UnsecuredJWT(claims).encode(),
      'HS256 with the public key': await new SignJWT(claims)
        .setProtectedHeader({ ...header, alg: 'HS256' })
        .sign(pem),
      'another key under the known id': await new SignJWT(claims)
        .setProtectedHeader({ ...header, alg: 'RS256' })
        .sign(stranger.privateKey),
      'an unknown id': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'other' })
        .sign(stranger.privateKey),
      'no token at all': 'x.y.z',
    };
    for (const [how, token] of Object.entries(forged))
      expect([how, (await withToken(token)).status]).toEqual([how, 401]);
  });

  it('is worth nothing for another audience, issuer or type, expired, or without an end', async () => {
    const claims = await goodClaims();
    const privateKey = await gateway.signingKey();
    const { kid = '' } = privateKey;
    const key = await importJWK(privateKey, 'RS256');
    const spoiled = (change: JWTPayload, typ = 'at+jwt') =>
      new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'RS256', typ, kid }).sign(key);
    // The way of forging is right: only what is spoiled makes the difference.
    expect((await withToken(await spoiled({}))).status).toBe(200);
    const past = Math.floor(Date.now() / 1_000) - 1;
    const bad = {
      'another audience': await spoiled({ aud: 'https://elsewhere.example/api' }),
      'another issuer': await spoiled({ iss: 'https://elsewhere.example/oidc' }),
      expired: await spoiled({ exp: past }),
      'no end': await spoiled({ exp: undefined } as unknown as JWTPayload),
      'the type of an ID token': await spoiled({}, 'JWT'),
      'no tenant': await spoiled({ tid: undefined }),
      'another generation': await spoiled({ gen: 2 }),
    };
    for (const [how, token] of Object.entries(bad))
      expect([how, (await withToken(token)).status]).toEqual([how, 401]);
    const refused = await withToken(bad.expired);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect(await refused.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('names the tenant, and nothing else in a request does', async () => {
    const [, other] = demo.clinics;
    const { authorization } = await (await enter()).headers();
    const answer = await fetch(`${gateway.url}/api/v1/me?tenantId=${other.tenantId}&tid=${other.tenantId}`, {
      headers: { authorization, 'x-tenant-id': other.tenantId, cookie: `tenant=${other.tenantId}` },
    });
    expect(await answer.json()).toMatchObject({ hospital: { id: riverside.tenantId } });
  });

  it('is not taken from an address or a cookie', async () => {
    const token = await (await enter()).accessToken();
    expect((await fetch(`${gateway.url}/api/v1/me?access_token=${token}`)).status).toBe(401);
    expect((await me({ cookie: `access_token=${token}` })).status).toBe(401);
  });
});

describe('who was deactivated or got another role', () => {
  it('is out within ten seconds, with their tokens and their session', async () => {
    const member = gateway.member('casey@riverside.example');
    const signedIn = await enter(member.login, member.password);
    const headers = await signedIn.headers();
    const page = browser(gateway.url);
    const { tokens } = await exchange(page, await codeFor(page, member));
    expect((await me(headers)).status).toBe(200);

    member.role = 'supervisor';
    member.generation += 1;
    await gateway.until(async () => (await me(headers)).status === 401, 10_000);
    const refreshed = await page.refresh(String(tokens['refresh_token']));
    expect([refreshed.status, refreshed.body['error']]).toEqual([400, 'invalid_grant']);
    // The browser's session is one of who they were: the page asks for the password again.
    expect((await page.authorize()).form).toBe(true);

    const again = await me(await (await enter(member.login, member.password)).headers());
    expect(await again.json()).toMatchObject({ user: { role: 'supervisor' } });
    member.active = false;
    member.generation += 1;
    await expect(enter(member.login, member.password)).rejects.toThrow(SignInRefused);
  }, 30_000);
});

describe('keys', () => {
  it('are rotated: the new one signs, the old one verifies, and one that is rotated out at once does not', async () => {
    const before = await (await enter()).headers();
    const { kid: first } = decodeProtectedHeader(before.authorization.slice(7));
    const second = await gateway.gateway.rotateSigningKeys();
    const between = await (await enter()).headers();
    expect(decodeProtectedHeader(between.authorization.slice(7)).kid).toBe(second);
    expect((await me(before)).status).toBe(200);
    expect((await jwks()).keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([first, second]));

    const third = await gateway.gateway.rotateSigningKeys({ atOnce: true });
    expect([(await me(before)).status, (await me(between)).status]).toEqual([401, 401]);
    expect((await jwks()).keys.map(({ kid }) => kid)).toEqual([third]);
    expect((await me(await (await enter()).headers())).status).toBe(200);
  });

  it('are the same for another instance, also those that came after its start', async () => {
    const other = await gateway.start({ WARDLINE_PUBLIC_URL: gateway.url });
    await gateway.gateway.rotateSigningKeys();
    const headers = await (await enter()).headers();
    await gateway.until(
      async () => (await fetch(`${other.url}/api/v1/me`, { headers })).status === 200,
      5_000,
    );
  });

  it('lie sealed in the database, as do sessions and tokens; ids are hashes', async () => {
    const page = browser(gateway.url);
    const { tokens } = await exchange(page, await codeFor(page, robin));
    const { rows } = await gateway.admin.query(
      'SELECT sealed, key_id AS id FROM gateway.oidc_keys UNION ALL SELECT sealed, id_hash FROM gateway.oidc_records',
    );
    const text = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(4);
    for (const secret of [String(tokens['refresh_token']), '"kty"', robin.userId, page.cookie('_session')])
      expect(text).not.toContain(secret);
  });
});

describe('the code flow', () => {
  it('takes no code without its proof, with another one, or twice', async () => {
    const page = browser(gateway.url);
    expect((await page.authorize({ code_challenge: undefined })).error).toContain('invalid_request');
    expect((await page.authorize({ code_challenge_method: 'plain' })).error).toContain('invalid_request');

    const code = await codeFor(page, robin);
    const wrong = await exchange(page, { ...code, verifier: 'x'.repeat(43) });
    expect([wrong.status, wrong.tokens['error']]).toEqual([400, 'invalid_grant']);

    const good = await codeFor(page, robin);
    expect((await exchange(page, good)).status).toBe(200);
    expect((await exchange(page, good)).status).toBe(400);
  });

  it('leads nowhere else than to the addresses of its clients', async () => {
    const page = browser(gateway.url);
    for (const redirect_uri of ['https://evil.example/signed-in', `${gateway.url}/elsewhere`]) {
      const { location, status } = await page.authorize({ redirect_uri });
      expect([status, location]).toEqual([400, null]);
    }
    const implicit = await page.authorize({ response_type: 'token' });
    expect(implicit.location).toContain('error=unsupported_response_type');
  });

  it('rotates refresh tokens; one that is used again ends all that came of the same sign-in', async () => {
    const page = browser(gateway.url);
    const { tokens } = await exchange(page, await codeFor(page, robin));
    const first = String(tokens['refresh_token']);
    const second = await page.refresh(first);
    expect(second.status).toBe(200);
    expect(second.body['refresh_token']).not.toBe(first);
    expect((await page.refresh(first)).body['error']).toBe('invalid_grant');
    expect((await page.refresh(String(second.body['refresh_token']))).body['error']).toBe('invalid_grant');
  });

  it('gives a refresh token to one of two who use it at the same moment at most', async () => {
    const page = browser(gateway.url);
    const { tokens } = await exchange(page, await codeFor(page, robin));
    const both = await Promise.all([1, 2].map(() => page.refresh(String(tokens['refresh_token']))));
    expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it('asks for no password while the session lasts, and again after signing out', async () => {
    const page = browser(gateway.url);
    const { tokens } = await exchange(page, await codeFor(page, robin));
    expect((await page.authorize()).code).toBeDefined();
    await page.signOut(String(tokens['id_token']));
    expect((await page.authorize()).form).toBe(true);
    expect((await page.refresh(String(tokens['refresh_token']))).body['error']).toBe('invalid_grant');
  });

  it('lets somebody else sign in where somebody was signed in', async () => {
    const page = browser(gateway.url);
    await exchange(page, await codeFor(page, robin));
    const jordan = gateway.member('jordan@riverside.example');
    const { tokens } = await exchange(page, await codeFor(page, jordan, { prompt: 'login' }));
    const answer = await withToken(String(tokens['access_token']));
    expect(await answer.json()).toMatchObject({ user: { id: jordan.userId, phone: jordan.phone } });
  });
});

describe('the sign-in page', () => {
  it('has a form that works without script, and names nothing of ours to others', async () => {
    const page = browser(gateway.url);
    const { text, headers } = await page.authorize();
    expect(text).toMatch(/<label>E-mail<input/);
    expect(text).toMatch(/<label>Password<input/);
    expect(text).toContain('<button type="submit">Sign in</button>');
    expect(text).not.toMatch(/<script|https?:\/\//);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toContain('no-store');
  });

  it('is worth nothing in another browser', async () => {
    const page = browser(gateway.url);
    const { url } = await page.authorize();
    const elsewhere = await fetch(url);
    expect(elsewhere.status).toBe(410);
    const body = new URLSearchParams({ login: robin.login, password: robin.password });
    expect((await fetch(url, { method: 'POST', body, redirect: 'manual' })).status).toBe(410);
  });

  it('shows what was entered as text, and never the password', async () => {
    const page = browser(gateway.url);
    const { url } = await page.authorize();
    const answer = await page.enter(url, { login: '"><script>alert(1)</script>', password: 'Sesame' });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('role="alert"');
    expect(answer.text).not.toMatch(/<script|Sesame/);
  });

  it('lets nobody guess on: ten attempts, also at once, then not even the right password', async () => {
    const login = 'morgan@riverside.example';
    const member = gateway.member(login);
    const page = browser(gateway.url);
    const { url } = await page.authorize();
    const guesses = Array.from({ length: 14 }, (_, n) => page.enter(url, { login, password: `guess-${n}` }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBe(10);
    expect(statuses.filter((status) => status === 429).length).toBe(4);
    const right = await page.enter(url, { login: login.toUpperCase(), password: member.password });
    expect([right.status, right.headers.get('retry-after')]).toEqual([429, '600']);
    // Others at the same address come in all the same.
    await expect(enter()).resolves.toBeDefined();
    const [key] = [createHash('sha256').update(login).digest('base64url').slice(0, 22)];
    expect(await gateway.keyValue.get(`sign-in:login:${key}`)).toBe('15');
  });
});
