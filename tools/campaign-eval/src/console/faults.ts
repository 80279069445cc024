/** Something that went wrong in a page, or between it and the server. Instants are milliseconds since the epoch. */
export type Fault =
  | { readonly kind: 'page-error'; readonly atMs: number; readonly text: string }
  | {
      readonly kind: 'answer';
      readonly atMs: number;
      readonly method: string;
      readonly path: string;
      readonly status: number;
    }
  | {
      readonly kind: 'no-answer';
      readonly atMs: number;
      readonly method: string;
      readonly path: string;
      readonly error: string;
    };

/** Answers that a page asks for knowing that they may be a refusal, and shows as such. */
const expected: readonly (readonly [method: string, path: RegExp, status: number])[] = [
  // Not counted yet.
  ['GET', /^\/api\/v1\/(campaigns|calls)\/[^/]+\/insight$/, 404],
  // Somebody else was quicker, or the caller has gone.
  ['POST', /^\/api\/v1\/escalations\/[^/]+\/(accept|decline)$/, 409],
];
/** A page that is left gives up what it has asked for. */
const givenUp = 'net::ERR_ABORTED';
/** Connections that broke with a killed process are noticed for so long. */
const echoMs = 10_000;

/** What nobody could expect, each said once. Pure. */
export function faultsIn(
  faults: readonly Fault[],
  outages: readonly { readonly atMs: number; readonly backMs: number }[],
): string[] {
  const found = faults.filter((fault) => !isExpected(fault, outages)).map(inWords);
  return [...new Set(found)];
}

function isExpected(fault: Fault, outages: readonly { atMs: number; backMs: number }[]): boolean {
  if (fault.kind === 'page-error') return false;
  const away = outages.some(({ atMs, backMs }) => fault.atMs >= atMs && fault.atMs <= backMs + echoMs);
  if (fault.kind === 'no-answer') return away || fault.error === givenUp;
  if (away && fault.status >= 502 && fault.status <= 504) return true;
  return expected.some(
    ([method, path, status]) => fault.method === method && fault.status === status && path.test(fault.path),
  );
}

function inWords(fault: Fault): string {
  switch (fault.kind) {
    case 'page-error':
      return `the console had an error: ${fault.text}`;
    case 'answer':
      return `the console was answered ${fault.status} to ${fault.method} ${fault.path}`;
    case 'no-answer':
      return `the console had no answer to ${fault.method} ${fault.path}: ${fault.error}`;
    default:
      return fault satisfies never;
  }
}
