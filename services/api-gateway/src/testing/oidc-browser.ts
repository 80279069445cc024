import { createHash, randomBytes } from 'node:crypto';

const clientId = 'wardline-tools';
const redirectUri = 'http://127.0.0.1/signed-in';

interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string | null;
  /** Where it came to. */
  readonly url: string;
  /** The page is the form of the sign-in. */
  readonly form: boolean;
  /** Handed to the client. */
  readonly code: string | undefined;
  readonly error: string;
}

export interface Code {
  readonly code: string;
  readonly verifier: string;
}

/** A browser as far as signing in goes: cookies, and redirects of one server; it shows every step. */
export function browser(origin: string) {
  const cookies = new Map<string, string>();

  async function fetched(url: string, form?: Record<string, string>): Promise<Response> {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }

  async function go(url: string, form?: Record<string, string>): Promise<Seen> {
    let at = url;
    let answer = await fetched(at, form);
    let location = answer.headers.get('location');
    for (let step = 0; location !== null && step < 8; step++) {
      const to = new URL(location, at);
      if (to.origin !== origin || to.pathname === '/signed-in') break;
      at = to.href;
      answer = await fetched(at);
      location = answer.headers.get('location');
    }
    const text = await answer.text();
    const back = location === null ? undefined : new URL(location, at).searchParams;
    return {
      ...{ status: answer.status, headers: answer.headers, text, location, url: at },
      form: text.includes('name="password"'),
      code: back?.get('code') ?? undefined,
      error: back?.get('error') ?? (answer.status >= 400 ? text : ''),
    };
  }

  async function token(form: Record<string, string>) {
    const answer = await fetch(`${origin}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, ...form }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  let verifier = '';
  return {
    cookie: (name: string) => cookies.get(name) ?? 'no such cookie',
    /** Begins a sign-in; parameters may be changed, and taken away with undefined. */
    authorize(change: Record<string, string | undefined> = {}): Promise<Seen> {
      verifier = randomBytes(32).toString('base64url');
      const parameters = {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid profile',
        state: 'some-state',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...change,
      };
      const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
      return go(`${origin}/oidc/auth?${new URLSearchParams(given as [string, string][])}`);
    },
    verifier: () => verifier,
    enter: (url: string, form: { login: string; password: string }) => go(url, form),
    exchange: ({ code, verifier: proof }: Code) =>
      token({ grant_type: 'authorization_code', code, code_verifier: proof, redirect_uri: redirectUri }),
    refresh: (refreshToken: string) => token({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    async signOut(idToken: string): Promise<Seen> {
      const page = await go(`${origin}/oidc/session/end?id_token_hint=${idToken}`);
      const [, action = ''] = /action="([^"]+)"/.exec(page.text) ?? [];
      const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? [];
      return go(action, { xsrf, logout: 'yes' });
    },
  };
}

export type Browser = ReturnType<typeof browser>;

/** Signs in on the page, up to the code. */
export async function codeFor(
  page: Browser,
  user: { readonly login: string; readonly password: string },
  change: Record<string, string> = {},
): Promise<Code> {
  const begun = await page.authorize(change);
  const { login, password } = user;
  const done = begun.form ? await page.enter(begun.url, { login, password }) : begun;
  if (done.code === undefined) throw new Error(`no code: ${done.status} ${done.location} ${done.text}`);
  return { code: done.code, verifier: page.verifier() };
}

export async function exchange(page: Browser, code: Code) {
  const { status, body } = await page.exchange(code);
  return { status, tokens: body };
}
