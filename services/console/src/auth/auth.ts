import { createTokenAuth } from './token-auth.ts';

/** Who is signed in here, and what proves it to the API. */
export interface Auth {
  /** Finds out whether somebody is signed in. May leave the page for the sign-in, and then never returns. */
  start(): Promise<'signed-in' | 'signed-out'>;
  /** The present access token, renewed when it is about to run out; undefined where a cookie proves it. */
  accessToken(): Promise<string | undefined>;
  /** A new token after one was refused. @returns whether there is one */
  renew(): Promise<boolean>;
  /** The API does not know us any more. */
  lost(): void;
  signOut(): Promise<void>;
}

/** The provider at this address, when there is one; otherwise the session cookie. */
async function chosen(): Promise<Auth> {
  return (await createTokenAuth()) ?? cookieAuth;
}

const cookieAuth: Auth = {
  start: () => Promise.resolve('signed-in'),
  accessToken: () => Promise.resolve(undefined),
  renew: () => Promise.resolve(false),
  lost: () => undefined,
  async signOut() {
    await fetch('/api/v1/session', { method: 'DELETE' });
    location.assign('/');
  },
};

const ready = chosen();

export const auth: Auth = {
  start: async () => (await ready).start(),
  accessToken: async () => (await ready).accessToken(),
  renew: async () => (await ready).renew(),
  lost: () => void ready.then((way) => way.lost()),
  signOut: async () => (await ready).signOut(),
};
