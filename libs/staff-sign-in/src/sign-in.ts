import * as oauth from 'oauth4webapi';
import { Cookies } from './cookies.ts';

export interface SignInOptions {
  /** Where the installation is reached, such as `http://127.0.0.1:8080`; a path behind it does not matter. */
  readonly baseUrl: string;
  readonly login: string;
  readonly password: string;
  /** Default: `wardline-tools`, the client for command lines and tests. */
  readonly clientId?: string;
}

export interface SignedIn {
  /** For `Authorization: Bearer`. Fetches a new one by itself shortly before the present one is over. */
  accessToken(): Promise<string>;
  /** The same as headers of a request. */
  headers(): Promise<{ authorization: string }>;
}

/** The installation does not let this user in; `status` is that of its answer. */
export class SignInRefused extends Error {
  readonly code = 'sign-in-refused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Nobody listens there: the code is read from the address that a browser would be sent to. */
const redirectUri = 'http://127.0.0.1/signed-in';
/** So long before its end a token is not used any more. */
const marginMs = 30_000;
const redirectsMax = 8;

/**
 * Signs in as a member of staff, the way a browser does: authorization code with PKCE, over plain HTTP requests.
 *
 * @throws SignInRefused when the login or the password is not right, or there were too many attempts
 */
export async function signIn(o: SignInOptions): Promise<SignedIn> {
  const client: oauth.Client = { client_id: o.clientId ?? 'wardline-tools' };
  const server = await discover(o.baseUrl);
  let tokens = await firstTokens(server, client, o);
  let refreshing: Promise<Tokens> | undefined;

  async function refreshed(): Promise<Tokens> {
    const answer = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      tokens.refreshToken,
      insecure,
    );
    return tokensOf(await oauth.processRefreshTokenResponse(server, client, answer));
  }

  async function accessToken(): Promise<string> {
    if (Date.now() < tokens.expiresAt - marginMs) return tokens.accessToken;
    // A refresh token works once: those who ask at the same time wait for the same refresh.
    refreshing ??= refreshed()
      // Sessions end, and the tokens that came of them; we still have the password.
      .catch(() => firstTokens(server, client, o))
      .finally(() => (refreshing = undefined));
    tokens = await refreshing;
    return tokens.accessToken;
  }
  return { accessToken, headers: async () => ({ authorization: `Bearer ${await accessToken()}` }) };
}

/** Installations on one machine speak plain HTTP. */
const insecure = { [oauth.allowInsecureRequests]: true };

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
}

/** The provider's own addresses may name another host than the one that we use; ours is the one that we can reach. */
async function discover(baseUrl: string): Promise<oauth.AuthorizationServer> {
  const { origin } = new URL(baseUrl);
  const answer = await fetch(`${origin}/oidc/.well-known/openid-configuration`);
  if (!answer.ok) throw new SignInRefused(answer.status, `${origin} has no sign-in: ${answer.status}`);
  const found = (await answer.json()) as oauth.AuthorizationServer;
  const here = (url: string | undefined): string => origin + new URL(url ?? '/', origin).pathname;
  return {
    ...found,
    authorization_endpoint: here(found.authorization_endpoint),
    token_endpoint: here(found.token_endpoint),
  };
}

async function firstTokens(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  o: SignInOptions,
): Promise<Tokens> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const start = new URL(server.authorization_endpoint ?? '');
  start.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  }).toString();
  const back = await throughSignInPage(start, o);
  const parameters = oauth.validateAuthResponse(server, client, back, state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    insecure,
  );
  return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, answer));
}

/** Follows the redirects, fills in the form on the way, and stops before the one that leads to the client. */
async function throughSignInPage(start: URL, o: SignInOptions): Promise<URL> {
  const cookies = new Cookies();
  let next: { url: URL; form?: URLSearchParams } = { url: start };
  for (let step = 0; step < redirectsMax; step++) {
    const answer = await fetch(next.url, {
      redirect: 'manual',
      headers: cookies.header(),
      ...(next.form ? { method: 'POST', body: next.form } : {}),
    });
    cookies.take(answer);
    const text = await answer.text();
    const location = answer.headers.get('location');
    if (location !== null) {
      const to = new URL(location, next.url);
      if (to.href.startsWith(redirectUri)) return to;
      // Where the installation calls itself by another name, we stay at the one that we can reach.
      next = { url: new URL(to.pathname + to.search, start.origin) };
    } else if (answer.ok && !next.form) {
      next = { url: next.url, form: new URLSearchParams({ login: o.login, password: o.password }) };
    } else {
      const [, problem] = /role="alert">([^<]*)</.exec(text) ?? [];
      throw new SignInRefused(answer.status, `${o.login} cannot sign in: ${problem ?? answer.status}`);
    }
  }
  throw new SignInRefused(508, `${o.login} cannot sign in: too many redirects`);
}

function tokensOf(answer: oauth.TokenEndpointResponse): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? '',
    expiresAt: Date.now() + (answer.expires_in ?? 60) * 1_000,
  };
}
