import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, problemText } from './problem.ts';

/** What Node cannot read as a request, by the code of its error; whatever is not here is malformed. */
const problems: Readonly<Record<string, () => Problem>> = {
  // The sender has ended its side in the middle of a request, most often of an upload.
  HPE_INVALID_EOF_STATE: () =>
    new Problem(400, 'upload-broken', 'The request broke off before its end; nothing of it was taken.'),
  HPE_HEADER_OVERFLOW: () => new Problem(431, 'headers-too-large', 'The headers are too large.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () =>
    new Problem(413, 'too-large', 'The chunk extensions of the body are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: () => new Problem(408, 'timeout', 'The request did not arrive in time.'),
};
const malformed = () => new Problem(400, 'malformed', 'This is not a request of HTTP/1.1.');

/**
 * Answers requests that never become one, or that break off in the middle, as all others are: with a problem. Such errors
 * reach no handler; without this, Node answers them in words of its own. The connection ends with the answer.
 */
export function answerBrokenRequests(server: Server): void {
  /** Requests of a connection that are not answered yet. */
  const open = new WeakMap<Duplex, Set<ServerResponse>>();
  server.on('request', (req, res) => {
    const responses = open.get(req.socket) ?? new Set();
    open.set(req.socket, responses.add(res));
    res.once('close', () => responses.delete(res));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const [response, ...behind] = open.get(socket) ?? [];
    // Whoever is being answered already must not find another answer in the middle of theirs.
    const answering = response?.headersSent === true || behind.length > 0;
    if (!socket.writable || answering || error.code === 'ECONNRESET') return void socket.destroy();
    socket.end(answerOf((problems[error.code ?? ''] ?? malformed)()), () => socket.destroy());
  });
}

function answerOf(problem: Problem): string {
  const body = problemText(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
