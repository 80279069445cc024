import * as oauth from 'oauth4webapi';
import type { Auth } from './auth.ts';

/**
 * Staff sign in at the provider beside the API: OpenID Connect, code with PKCE. Tokens live in this page's memory and nowhere
 * else; a reload goes through the provider again, whose own session makes that silent.
 */
const client: oauth.Client = { client_id: 'console' };
const callbackPath = '/signed-in';
const scope = 'openid profile offline_access';
const memo = 'wardline.sign-in';

/** A token is renewed this long before it runs out: longer than a request takes. */
const renewBeforeMs = 60_000;

interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly id: string | undefined;
  readonly renewAtMs: number;
}

/** What has to be known when the provider sends the browser back: no token, and useless without the provider's code. */
interface Begun {
  readonly state: string;
  readonly verifier: string;
  readonly returnTo: string;
}

// Our own servers run without TLS on a workstation; the browser allows PKCE there on loopback addresses alone.
const transport = location.protocol === 'http:' ? { [oauth.allowInsecureRequests]: true } : {};

async function discover(): Promise<oauth.AuthorizationServer> {
  const issuer = new URL('/oidc', location.origin);
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...transport });
  if (!answer.ok) throw new Error('The sign-in does not answer. Please try again in a moment.');
  const { issuer: named } = (await answer.clone().json()) as { issuer: string };
  if (new URL(named).origin !== location.origin) {
    // The same server by another name, such as localhost: the provider knows itself by one only.
    location.replace(new URL(named).origin + location.pathname + location.search);
    return await new Promise(() => undefined);
  }
  return oauth.processDiscoveryResponse(issuer, answer);
}

export class SignInFailed extends Error {}

export const createTokenAuth = async (): Promise<Auth> => new TokenAuth(await discover());

class TokenAuth implements Auth {
  readonly #server: oauth.AuthorizationServer;
  readonly #redirectUri = `${location.origin}${callbackPath}`;
  #tokens: Tokens | undefined;
  #renewing: Promise<boolean> | undefined;

  constructor(server: oauth.AuthorizationServer) {
    this.#server = server;
  }

  async start(): Promise<void> {
    if (location.pathname === callbackPath) await this.#finish();
    else await this.#begin();
  }

  async accessToken(): Promise<string | undefined> {
    if (this.#tokens && Date.now() >= this.#tokens.renewAtMs) await this.renew();
    return this.#tokens?.access;
  }

  renew(): Promise<boolean> {
    // A refresh token is good for one use: however many requests find out at once, it is used once.
    this.#renewing ??= this.#refresh().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  lost(): void {
    void this.#begin();
  }

  async signOut(): Promise<void> {
    const id = this.#tokens?.id;
    this.#tokens = undefined;
    const end = this.#server.end_session_endpoint;
    if (!end) return location.assign('/');
    const url = new URL(end);
    url.searchParams.set('client_id', client.client_id);
    if (id) url.searchParams.set('id_token_hint', id);
    url.searchParams.set('post_logout_redirect_uri', `${location.origin}/`);
    location.assign(url);
    await new Promise(() => undefined);
  }

  /** Leaves for the provider, to come back to the page that one is on. */
  async #begin(): Promise<never> {
    const verifier = oauth.generateRandomCodeVerifier();
    const begun: Begun = {
      state: oauth.generateRandomState(),
      verifier,
      returnTo: location.pathname === callbackPath ? '/' : location.pathname + location.search,
    };
    sessionStorage.setItem(memo, JSON.stringify(begun));
    const url = new URL(this.#server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: this.#redirectUri,
      response_type: 'code',
      scope,
      state: begun.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    location.replace(url);
    // The browser leaves; whoever waits for this has nothing left to do.
    return await new Promise<never>(() => undefined);
  }

  async #finish(): Promise<void> {
    const stored = sessionStorage.getItem(memo);
    sessionStorage.removeItem(memo);
    // Opened anew, from a bookmark or by going back: a used code is worth nothing, a new one is silent.
    if (!stored) return this.#begin();
    const { state, verifier, returnTo } = JSON.parse(stored) as Begun;
    try {
      const parameters = oauth.validateAuthResponse(this.#server, client, new URL(location.href), state);
      const answer = await oauth.authorizationCodeGrantRequest(
        this.#server,
        client,
        oauth.None(),
        parameters,
        this.#redirectUri,
        verifier,
        transport,
      );
      this.#keep(await oauth.processAuthorizationCodeResponse(this.#server, client, answer));
    } catch (error) {
      throw new SignInFailed('The sign-in was not completed.', { cause: error });
    }
    history.replaceState(null, '', returnTo);
  }

  async #refresh(): Promise<boolean> {
    const { refresh, id } = this.#tokens ?? {};
    if (!refresh) return false;
    try {
      const answer = await oauth.refreshTokenGrantRequest(
        this.#server,
        client,
        oauth.None(),
        refresh,
        transport,
      );
      const renewed = await oauth.processRefreshTokenResponse(this.#server, client, answer);
      this.#keep({ ...(id ? { id_token: id } : {}), ...renewed });
      return true;
    } catch (error) {
      // The provider's "no" is final; a network that failed is not, and the token that is there may still do.
      if (error instanceof oauth.ResponseBodyError) this.#tokens = undefined;
      return false;
    }
  }

  #keep(answer: oauth.TokenEndpointResponse): void {
    const lifeMs = (answer.expires_in ?? 300) * 1_000;
    this.#tokens = {
      access: answer.access_token,
      refresh: answer.refresh_token,
      id: answer.id_token,
      renewAtMs: Date.now() + Math.max(lifeMs - renewBeforeMs, lifeMs / 2),
    };
  }
}
