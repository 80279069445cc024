import type { Request, Response } from 'express';
import { Problem } from './problem.ts';

/** One message of a stream of bytes; the services take no larger ones. */
const CHUNK_BYTES_MAX = 256 * 1024;
/** How long whoever is still sending after it was refused is listened to. */
const FINISH_MS_MAX = 30_000;

const tooLarge = (bytesMax: number) =>
  new Problem(
    413,
    'too-large',
    bytesMax < 1_048_576
      ? `It is larger than ${Math.floor(bytesMax / 1_024)} KB.`
      : `The file is larger than ${Math.floor(bytesMax / 1_048_576)} MB.`,
  );

const brokenOff = () =>
  new Problem(400, 'upload-broken', 'The upload broke off before its end; nothing of it was taken.');

/** Length that the sender announced; undefined when it did not. */
export function announcedBytes(req: Request): number | undefined {
  const length = req.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/**
 * The body piece by piece, never more of it in memory than a piece; a sender that is faster than the reader is held back.
 * The connection stays, so that the sender can be answered when the reader gives up.
 *
 * @throws Problem when it is larger than allowed, packed, or when the sender goes away in the middle
 */
export async function* piecesOf(req: Request, bytesMax: number): AsyncGenerator<Uint8Array> {
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Problem(415, 'unsupported-media-type', 'Send the file as it is, without a Content-Encoding.');
  if ((announcedBytes(req) ?? 0) > bytesMax) throw tooLarge(bytesMax);
  let bytes = 0;
  const pieces = req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  try {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > bytesMax) throw tooLarge(bytesMax);
      for (let at = 0; at < piece.length; at += CHUNK_BYTES_MAX)
        yield piece.subarray(at, at + CHUNK_BYTES_MAX);
    }
  } catch (error) {
    throw error instanceof Problem ? error : brokenOff();
  }
  if (!req.complete) throw brokenOff();
}

/** A small body whole. */
export async function smallBodyOf(req: Request, bytesMax: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of piecesOf(req, bytesMax)) pieces.push(piece);
  } finally {
    await letFinish(req);
  }
  return Buffer.concat(pieces);
}

/**
 * Streams the body to a service. `send` gets the pieces, and a signal that is aborted when the sender goes away, even
 * while the service takes its time.
 *
 * @throws Problem what was wrong with the body itself, rather than what the service then said
 */
export async function forwardBody<T>(
  o: { req: Request; res: Response; bytesMax: number },
  send: (pieces: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { req, res, bytesMax } = o;
  const gone = new AbortController();
  let broken: Problem | undefined;
  let answered = false;
  const onClose = () => {
    if (req.complete) return;
    broken ??= brokenOff();
    gone.abort();
  };
  res.once('close', onClose);
  const pieces = async function* () {
    try {
      // The transport may ask for one more piece after the service has answered; nobody reads then but `letFinish`.
      if (answered) return;
      for await (const piece of piecesOf(req, bytesMax)) {
        yield piece;
        if (answered) return;
      }
    } catch (error) {
      if (error instanceof Problem) broken ??= error;
      // Whatever the service has of it, it must never take for the whole.
      gone.abort();
      throw error;
    }
  };
  try {
    return await send(pieces(), gone.signal);
  } catch (error) {
    throw broken ?? error;
  } finally {
    answered = true;
    res.off('close', onClose);
    await letFinish(req);
  }
}

/**
 * Lets a sender finish whose upload was refused in the middle, for a while: whoever is still sending does not read the
 * answer. Where the connection ends with the answer, the answer has to wait for that: it would be lost with a connection
 * that is closed on unread bytes.
 */
async function letFinish(req: Request): Promise<void> {
  if (req.readableEnded || req.destroyed) return;
  const finished = new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      req.socket.destroy();
      resolve();
    }, FINISH_MS_MAX).unref();
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    req.once('end', done).once('close', done);
  });
  // An iterator that was given up in the middle of a wait would keep the stream from flowing.
  req.removeAllListeners('readable');
  req.resume();
  if (req.httpVersion === '1.0' || /\bclose\b/i.test(req.headers.connection ?? '')) await finished;
}
