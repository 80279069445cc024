import type { Logger } from '@wardline/observability';
import Provider, { interactionPolicy, type Configuration } from 'oidc-provider';
import type { StaffDirectory } from '../../app/staff-directory.ts';
import type { KeySet, SigningKeys } from '../../app/signing-keys.ts';
import {
  ACCESS_TOKEN_SECONDS,
  accountIdOf,
  accountOf,
  audienceOf,
  issuerOf,
  type Account,
} from '../../domain/sign-in.ts';
import type { IdentityProvider, ProviderPages } from '../../ports/identity-provider.ts';
import type { OidcRecords } from '../../ports/oidc-store.ts';
import { adapterOn } from './provider-adapter.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Claims of our access tokens beyond those that every JWT access token has (RFC 9068). */
export interface StaffClaims {
  /** Tenant. */
  readonly tid: string;
  readonly role: string;
  readonly name: string;
  /** Generation of the user as whom they signed in. */
  readonly gen: number;
}

/** Console of the installation. */
export const CONSOLE_CLIENT = 'console';
/** Command lines and tests: nobody listens at the redirect, they read the Location header. */
export const TOOLS_CLIENT = 'wardline-tools';

export interface IdentityProviderOptions {
  /** Where browsers reach this installation, without a slash at the end. */
  readonly publicUrl: string;
  readonly records: OidcRecords;
  readonly keys: Pick<SigningKeys, 'current'>;
  readonly staff: StaffDirectory;
  /** How long somebody stays signed in without entering the password again. */
  readonly sessionHours: number;
  readonly pages: ProviderPages;
  readonly logger: Logger;
}

/**
 * The OpenID Connect provider of the installation, at `<publicUrl>/oidc`: code with PKCE (S256) for two public clients of our
 * own, JWT access tokens for the API, refresh tokens that are used once; one that is used again ends everything that came
 * of the same sign-in.
 */
export function createIdentityProvider(o: IdentityProviderOptions): IdentityProvider {
  let built: { version: string; provider: Provider } | undefined;
  /** Keys are part of the library's fixed configuration: another set of keys is another provider on the same records. */
  function current(): Provider {
    const keys = o.keys.current();
    if (built?.version !== keys.version) built = { version: keys.version, provider: buildProvider(o, keys) };
    return built.provider;
  }
  const { host, protocol } = new URL(o.publicUrl);

  return {
    handle(req: IncomingMessage, res: ServerResponse): void {
      asReachedFromOutside(req);
      void current().callback()(req, res);
    },
    async signInOf(req: IncomingMessage, res: ServerResponse): Promise<{ uid: string } | undefined> {
      asReachedFromOutside(req);
      try {
        const { uid } = await current().interactionDetails(req, res);
        return { uid };
      } catch (err) {
        if (err instanceof Error && err.name === 'SessionNotFound') return undefined;
        throw err;
      }
    },
    async finishSignIn(req: IncomingMessage, res: ServerResponse, account: Account): Promise<void> {
      const provider = current();
      const login = { accountId: accountIdOf(account), remember: true, amr: ['pwd'] };
      const { session: before } = await provider.interactionDetails(req, res);
      const goesOnAt = await provider.interactionResult(
        req,
        res,
        { login },
        { mergeWithLastSubmission: false },
      );
      if (before?.accountId && before.accountId !== login.accountId) {
        // Somebody else was signed in here, or the same person as who they were before: that ends without being asked.
        const session = await provider.Session.findByUid(before.uid);
        if (session) {
          delete session.accountId;
          session.authorizations = {};
          await session.persist();
        }
      }
      res.writeHead(303, { location: goesOnAt, 'content-length': '0' }).end();
    },
  };

  /** Where we are reached is configured, not told by whoever asks: links and cookies are made for that address. */
  function asReachedFromOutside(req: IncomingMessage): void {
    req.headers['x-forwarded-host'] = host;
    req.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  }
}

/** Signing in is asked of those who have not, and of those who are not any more what they were when they did. */
function promptsOf() {
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  policy
    .get('login')
    ?.checks.add(
      new Check('account_changed', 'the account is not what it was', (ctx) =>
        ctx.oidc.session?.accountId !== undefined && ctx.oidc.account === undefined
          ? Check.REQUEST_PROMPT
          : Check.NO_NEED_TO_PROMPT,
      ),
    );
  // Both clients are the installation's own: nothing is to be consented to.
  policy.get('consent')?.checks.remove('native_client_prompt');
  return policy;
}

function buildProvider(o: IdentityProviderOptions, keys: KeySet): Provider {
  const { publicUrl, staff } = o;
  const audience = audienceOf(publicUrl);
  const sessionSeconds = Math.round(o.sessionHours * 3_600);
  const shared = {
    token_endpoint_auth_method: 'none' as const,
    response_types: ['code' as const],
    grant_types: ['authorization_code', 'refresh_token'],
  };
  const configuration: Configuration = {
    adapter: adapterOn(o.records),
    clients: [
      {
        ...shared,
        client_id: CONSOLE_CLIENT,
        client_name: 'Wardline',
        application_type: 'web',
        redirect_uris: [`${publicUrl}/signed-in`],
        post_logout_redirect_uris: [`${publicUrl}/`],
      },
      {
        ...shared,
        client_id: TOOLS_CLIENT,
        client_name: 'Wardline command line',
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/signed-in'],
      },
    ],
    jwks: { keys: [...keys.private] as never },
    cookies: { keys: [...keys.cookies] },
    scopes: ['openid', 'profile', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'] },
    // What of a person is in an ID token is decided by the scope alone.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    // A browser names its origin on the console's own requests as well, and the provider asks here about every origin that is
    // named. No other page is let in.
    clientBasedCORS: (_ctx, origin) => origin === new URL(publicUrl).origin,
    interactions: { policy: promptsOf(), url: (_ctx, { uid }) => `/oidc/sign-in/${uid}` },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => void (ctx.body = o.pages.logout(form)),
        postLogoutSuccessSource: (ctx) => void (ctx.body = o.pages.loggedOut()),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== audience) throw new UnknownResource();
          return {
            audience,
            scope: 'openid profile offline_access',
            accessTokenFormat: 'jwt',
            accessTokenTTL: ACCESS_TOKEN_SECONDS,
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: 1_800,
      Session: sessionSeconds,
      Grant: sessionSeconds,
      RefreshToken: sessionSeconds,
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = o.pages.error({ code: out.error, detail: out.error_description ?? '' });
    },
    async findAccount(_ctx, accountId) {
      const account = accountOf(accountId);
      const found = account && (await staff.admitted(account));
      if (!account || found === undefined) return undefined;
      return { accountId, claims: () => ({ sub: account.userId, name: found.name }) };
    },
    async extraTokenClaims(_ctx, token) {
      const account = 'accountId' in token ? accountOf(token.accountId ?? '') : undefined;
      const found = account && (await staff.admitted(account));
      if (!account || !found) return undefined;
      return {
        tid: account.tenantId,
        role: found.role,
        name: found.name,
        gen: account.generation,
      } satisfies StaffClaims;
    },
    formats: {
      customizers: {
        jwt: (_ctx, token, jwt) => {
          const account = 'accountId' in token ? accountOf(token.accountId ?? '') : undefined;
          if (account) jwt.payload['sub'] = account.userId;
        },
      },
    },
    async loadExistingGrant(ctx) {
      const { client, session, provider, account } = ctx.oidc;
      if (!client || !session?.accountId || !account) return undefined;
      const known = session.grantIdFor(client.clientId);
      const grant =
        (known && (await provider.Grant.find(known))) ||
        new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile offline_access');
      grant.addResourceScope(audience, 'openid profile offline_access');
      await grant.save();
      return grant;
    },
  };
  const provider = new Provider(issuerOf(publicUrl), configuration);
  provider.proxy = true;
  provider.on('server_error', (_ctx, err) => o.logger.error('the identity provider failed', { err }));
  provider.on('grant.error', (_ctx, err) => o.logger.info('tokens were refused', { reason: err.message }));
  return provider;
}

class UnknownResource extends Error {
  readonly error = 'invalid_target';
  readonly status = 400;
  readonly statusCode = 400;
  readonly expose = true;
}
