import { Code, ConnectError } from '@connectrpc/connect';

/** Errors of other libraries, recognised by their stable code so that those libraries need not be imported. */
const CODES: ReadonlyMap<unknown, { code: Code; message: string }> = new Map([
  ['transaction-contention', { code: Code.Aborted, message: 'contention, try again' }],
]);

export interface MappedError {
  error: ConnectError;
  /** Whether nobody foresaw it: it is logged, and the caller learns nothing of its text. */
  unexpected: boolean;
}

/** What a handler threw, as the caller may see it. */
export function mapHandlerError(thrown: unknown, signal: AbortSignal): MappedError {
  if (thrown instanceof ConnectError) return { error: withinTrailers(thrown), unexpected: false };
  const known = CODES.get(codeOf(thrown));
  if (known) return { error: new ConnectError(known.message, known.code), unexpected: false };
  if (signal.aborted) {
    const reason: unknown = signal.reason;
    const error =
      reason instanceof ConnectError ? reason : new ConnectError('the call was cancelled', Code.Canceled);
    return { error, unexpected: false };
  }
  return { error: new ConnectError('internal error', Code.Internal), unexpected: true };
}

/** Characters of an error's text. It travels percent-encoded in a trailer, and trailers of more than 64 kB end the call. */
const TEXT_LENGTH_MAX = 2_000;

/** The same with a text that arrives: a refusal that names five hundred problems must not look like a service that is away. */
function withinTrailers(error: ConnectError): ConnectError {
  if (error.rawMessage.length <= TEXT_LENGTH_MAX) return error;
  const text = `${error.rawMessage.slice(0, TEXT_LENGTH_MAX).toWellFormed()}…`;
  const shorter = new ConnectError(text, error.code, error.metadata, undefined, error.cause);
  shorter.details = error.details;
  return shorter;
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}

/**
 * A lost connection, however Node words it, is Unavailable: connect-node reports most of HTTP/2's errors as Internal
 * (`connectErrorFromNodeReason`), which reads as a bug of the called service.
 */
export function mapConnectionError(thrown: unknown): unknown {
  if (!(thrown instanceof ConnectError) || thrown.code !== Code.Internal) return thrown;
  const code = codeOf(thrown.cause);
  const lost = typeof code === 'string' && /^(ERR_HTTP2_|ECONN|EPIPE|ENETUNREACH|EHOSTUNREACH)/.test(code);
  return lost
    ? new ConnectError('connection lost', Code.Unavailable, undefined, undefined, thrown.cause)
    : thrown;
}
