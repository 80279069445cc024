import { createTokenAuth } from './token-auth.ts';

/** Who is signed in here, and what proves it to the API. */
export interface Auth {
  /** Resolves when somebody is signed in. Otherwise it leaves the page for the sign-in, and never returns. */
  start(): Promise<void>;
  /** The present access token, renewed when it is about to run out. */
  accessToken(): Promise<string | undefined>;
  /** A new token after one was refused. @returns whether there is one */
  renew(): Promise<boolean>;
  /** The API does not know us any more: off to the sign-in, and back to this page. */
  lost(): void;
  signOut(): Promise<void>;
}

let ready: Promise<Auth> | undefined;

/** Asked for once; a provider that did not answer is asked again. */
function way(): Promise<Auth> {
  ready ??= createTokenAuth().catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  return ready;
}

export const auth: Auth = {
  start: async () => (await way()).start(),
  accessToken: async () => (await way()).accessToken(),
  renew: async () => (await way()).renew(),
  lost: () => void way().then((found) => found.lost()),
  signOut: async () => (await way()).signOut(),
};
