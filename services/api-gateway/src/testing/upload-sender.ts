import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { bearer, type TestUser } from './test-app.ts';

export interface Sent {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Sends pieces as a browser does that reads nothing before it has sent everything. Without `bytes`: chunked. */
export function sendUpload(
  url: string,
  user: TestUser,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  o: { readonly bytes?: number; readonly headers?: Record<string, string>; readonly agent?: http.Agent } = {},
) {
  const request = http.request(url, {
    method: 'POST',
    ...(o.agent ? { agent: o.agent } : {}),
    headers: {
      ...bearer(user),
      'content-type': 'text/csv',
      ...(o.bytes === undefined ? {} : { 'content-length': String(o.bytes) }),
      ...o.headers,
    },
  });
  const progress = { bytes: 0 };
  const answer = new Promise<Sent>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          body: (text ? JSON.parse(text) : {}) as Record<string, unknown>,
        });
      });
    });
  });
  const sending = (async () => {
    for await (const piece of pieces) {
      if (!request.write(piece)) await once(request, 'drain');
      progress.bytes += piece.length;
    }
    request.end();
  })();
  // A connection that breaks is told by `answer`.
  sending.catch(() => undefined);
  return { request, progress, answer, sending };
}

/** Writes a request by hand, all of it before it reads a byte: what the answer is then, if any of it arrives. */
export async function sendBlindly(
  url: string,
  user: TestUser,
  pieces: Iterable<Uint8Array>,
): Promise<string> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  let answer = '';
  socket.pause();
  await once(socket, 'connect');
  const write = async (data: string | Uint8Array) => {
    if (!socket.write(data)) await once(socket, 'drain');
  };
  await write(
    [
      `POST ${pathname}${search} HTTP/1.1`,
      `Host: ${hostname}`,
      `Authorization: ${bearer(user).authorization}`,
      'Content-Type: text/csv',
      'Transfer-Encoding: chunked',
      'Connection: close',
      '\r\n',
    ].join('\r\n'),
  );
  for (const piece of pieces) {
    await write(`${piece.length.toString(16)}\r\n`);
    await write(piece);
    await write('\r\n');
  }
  await write('0\r\n\r\n');
  socket.on('data', (chunk) => (answer += chunk.toString()));
  await once(socket, 'close');
  return answer;
}

/** So many bytes of a file, in pieces. */
export function* fileOf(bytes: number, pieceBytes = 64 * 1_024): Generator<Uint8Array> {
  const piece = Buffer.alloc(pieceBytes, 'Ada Byron,+12025550143\n');
  for (let left = bytes; left > 0; left -= pieceBytes)
    yield left < pieceBytes ? piece.subarray(0, left) : piece;
}
