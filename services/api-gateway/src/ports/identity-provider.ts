import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../domain/sign-in.ts';

/** What signs staff in towards clients, and hands out tokens. */
export interface IdentityProvider {
  /** Answers everything below `/oidc` that is not our sign-in page. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** The sign-in that a request of the sign-in page belongs to; undefined when it has run out. */
  signInOf(req: IncomingMessage, res: ServerResponse): Promise<{ readonly uid: string } | undefined>;
  /** Ends the sign-in: the browser goes on to the client. Answers the request. */
  finishSignIn(req: IncomingMessage, res: ServerResponse, account: Account): Promise<void>;
}

/** The pages that a provider leaves to us. */
export interface ProviderPages {
  readonly error: (error: { readonly code: string; readonly detail: string }) => string;
  /** `form` is an empty form with the id `op.logoutForm`; its buttons are up to the page. */
  readonly logout: (form: string) => string;
  readonly loggedOut: () => string;
}
