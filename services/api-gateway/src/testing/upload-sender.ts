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
  o: { readonly bytes?: number; readonly headers?: Record<string, string> } = {},
) {
  const request = http.request(url, {
    method: 'POST',
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

/**
 * Writes a request by hand, all of it before it reads a byte: what the answer is then, if any of it arrives. With `next`,
 * that is asked for on the same connection afterwards.
 */
export async function sendBlindly(
  url: string,
  user: TestUser,
  pieces: Iterable<Uint8Array>,
  o: { connection: 'close' | 'keep-alive'; next?: string },
): Promise<string> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = net.connect(Number(port), hostname);
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
      `Connection: ${o.connection}`,
      '\r\n',
    ].join('\r\n'),
  );
  for (const piece of pieces) {
    await write(`${piece.length.toString(16)}\r\n`);
    await write(piece);
    await write('\r\n');
  }
  await write('0\r\n\r\n');
  const read = async () => {
    let answer = '';
    const whole = Promise.withResolvers<void>();
    const onData = (chunk: Buffer) => {
      answer += chunk.toString();
      if (answer.endsWith('}')) whole.resolve();
    };
    socket.on('data', onData).on('close', () => whole.resolve());
    socket.resume();
    await whole.promise;
    socket.off('data', onData);
    return answer;
  };
  const answers = [await read()];
  if (o.next !== undefined) {
    await write(
      `GET ${o.next} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${bearer(user).authorization}\r\n\r\n`,
    );
    answers.push(await read());
  }
  socket.destroy();
  return answers.join('\n');
}

/** So many bytes of a file, in pieces. */
export function* fileOf(bytes: number, pieceBytes = 64 * 1_024): Generator<Uint8Array> {
  const piece = Buffer.alloc(pieceBytes, 'Ada Byron,+12025550143\n');
  for (let left = bytes; left > 0; left -= pieceBytes)
    yield left < pieceBytes ? piece.subarray(0, left) : piece;
}
