import { isRaw, needsSignIn, permissionOf, type Endpoint } from './endpoint.ts';

const texts: Record<number, string> = {
  400: 'Not readable as a request: broken JSON, a malformed address.',
  401: 'Nobody is signed in, or not any more.',
  403: 'The role does not have the permission, which `permission` names.',
  404: 'There is no such thing in this hospital.',
  409: 'It conflicts with the present state: `code` says how; `contention` may simply be repeated.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not taken here.',
  422: 'Readable, but not acceptable; `problems` names fields.',
  429: 'Too many requests; `Retry-After` says how many seconds to wait.',
  500: 'Something went wrong on our side.',
  503: 'Something that is needed does not answer, or the audit cannot be written; `Retry-After` says when to try again.',
};

/** What an endpoint may refuse with, and why: what all have, and what it adds itself. */
export function problemsOf(one: Endpoint): Map<number, string> {
  const signedIn = needsSignIn(one.access);
  const found = new Map<number, string>();
  const add = (status: number, when = true) => {
    if (when) found.set(status, texts[status] ?? '');
  };
  add(400);
  add(401, signedIn);
  add(403, permissionOf(one.access) !== undefined);
  add(404, signedIn || one.params !== undefined);
  add(409, signedIn && one.method !== 'get');
  add(413, one.body !== undefined);
  add(415, one.body !== undefined);
  add(422, Boolean(one.params ?? one.query ?? one.body ?? one.idempotency));
  add(429);
  add(500);
  add(503);
  for (const [status, text] of Object.entries(one.problems ?? {})) found.set(Number(status), text);
  return found;
}

/** Every status that an endpoint may answer with. */
export function statusesOf(one: Endpoint): ReadonlySet<number> {
  return new Set([...Object.keys(one.responses).map(Number), ...problemsOf(one).keys()]);
}

export const hasRawAnswer = (one: Endpoint): boolean =>
  Object.values(one.responses).some((spec) => isRaw(spec));
