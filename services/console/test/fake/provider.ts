// What a page needs of an OpenID provider: a sign-in page, a cookie that makes the second time silent, codes with PKCE, and
// refresh tokens that are good for one use. Signs nothing: the page is given its tokens over the same connection it asks on.
import { createHash, randomUUID } from 'node:crypto';
import type http from 'node:http';

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Grant {
  readonly challenge: string;
}

export class FakeProvider {
  /** How long an access token lives. */
  lifeSeconds = 600;
  /** How often somebody filled in the sign-in page; how often a token was refreshed. */
  readonly counts = { signIns: 0, codes: 0, refreshes: 0 };
  readonly #codes = new Map<string, Grant>();
  readonly #refresh = new Set<string>();
  readonly #access = new Map<string, number>();
  readonly #sessions = new Set<string>();

  knows(authorization: string | undefined): boolean {
    const expires = this.#access.get(authorization?.replace(/^Bearer /, '') ?? '');
    return expires !== undefined && Date.now() < expires;
  }

  /** Every access token that was given is refused from now on; refresh tokens go on. */
  forgetAccess(): void {
    this.#access.clear();
  }

  /** Nobody is signed in any more, nowhere. */
  forgetEverything(): void {
    this.forgetAccess();
    this.#refresh.clear();
    this.#sessions.clear();
  }

  handle(req: http.IncomingMessage, res: http.ServerResponse, url: URL, text: string): void {
    const json = (status: number, body: object) => {
      res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      res.end(JSON.stringify(body));
    };
    // As the browser names it, so that it works behind a development server, too.
    const issuer = `http://${req.headers.host}/oidc`;
    const at = url.pathname.slice('/oidc'.length);
    if (at === '/.well-known/openid-configuration')
      return json(200, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        end_session_endpoint: `${issuer}/session/end`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    if (at === '/auth') return this.#authorize(req, res, url.searchParams, issuer);
    if (at === '/sign-in') {
      const form = new URLSearchParams(text);
      if (form.get('password') === 'wrong')
        return this.#page(res, url.search, 'The login or the password is not right.');
      this.counts.signIns += 1;
      const session = randomUUID();
      this.#sessions.add(session);
      res.writeHead(303, {
        'set-cookie': `op=${session}; Path=/oidc; HttpOnly; SameSite=Lax`,
        location: `/oidc/auth${url.search}`,
      });
      return void res.end();
    }
    if (at === '/token') return this.#token(new URLSearchParams(text), issuer, json);
    if (at === '/session/end') {
      this.#sessions.clear();
      res.writeHead(303, { location: url.searchParams.get('post_logout_redirect_uri') ?? '/' });
      return void res.end();
    }
    json(404, {});
  }

  #authorize(
    req: http.IncomingMessage,
    res: http.ServerResponse,
    query: URLSearchParams,
    issuer: string,
  ): void {
    const session = /(?:^|; )op=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
    if (!session || !this.#sessions.has(session)) return this.#page(res, `?${query}`, '');
    const code = randomUUID();
    this.#codes.set(code, { challenge: query.get('code_challenge') ?? '' });
    const back = new URL(query.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({
      code,
      state: query.get('state') ?? '',
      iss: issuer,
    }).toString();
    res.writeHead(303, { location: back.href });
    res.end();
  }

  #page(res: http.ServerResponse, query: string, wrong: string): void {
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end(`<!doctype html><title>Sign in</title><form method="post" action="/oidc/sign-in${query.replaceAll('&', '&amp;')}">
      ${wrong && `<p role="alert">${wrong}</p>`}
      <label>E-mail <input name="login" autofocus></label><label>Password <input name="password" type="password"></label>
      <button>Sign in</button></form>`);
  }

  #token(form: URLSearchParams, issuer: string, json: (status: number, body: object) => void): void {
    if (form.get('grant_type') === 'refresh_token') {
      if (!this.#refresh.delete(form.get('refresh_token') ?? ''))
        return json(400, { error: 'invalid_grant' });
      this.counts.refreshes += 1;
    } else {
      const grant = this.#codes.get(form.get('code') ?? '');
      this.#codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (!grant || grant.challenge !== challenge) return json(400, { error: 'invalid_grant' });
      this.counts.codes += 1;
    }
    const [access, refresh] = [randomUUID(), randomUUID()];
    this.#access.set(access, Date.now() + this.lifeSeconds * 1_000);
    this.#refresh.add(refresh);
    const now = Math.floor(Date.now() / 1_000);
    const id = { iss: issuer, aud: 'console', sub: 'user', iat: now, exp: now + 600 };
    json(200, {
      access_token: access,
      refresh_token: refresh,
      id_token: `${encoded({ alg: 'RS256' })}.${encoded(id)}.${encoded({})}`,
      token_type: 'Bearer',
      expires_in: this.lifeSeconds,
    });
  }
}
