import type { Request } from 'express';
import { Problem } from './problem.ts';

/** One message of a stream of bytes; the services take no larger ones. */
const CHUNK_BYTES_MAX = 256 * 1024;

const tooLarge = (bytesMax: number) =>
  new Problem(413, 'too-large', `The file is larger than ${Math.floor(bytesMax / 1_048_576)} MB.`);

/** Length that the sender announced; undefined when it did not. */
export function announcedBytes(req: Request): number | undefined {
  const length = req.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/**
 * The body piece by piece, never more of it in memory than a piece. Ends with a Problem when it is larger than allowed, and
 * with an error when the sender goes away in the middle.
 */
export async function* piecesOf(req: Request, bytesMax: number): AsyncGenerator<Uint8Array> {
  if ((announcedBytes(req) ?? 0) > bytesMax) throw tooLarge(bytesMax);
  let bytes = 0;
  for await (const piece of req as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    for (let at = 0; at < piece.length; at += CHUNK_BYTES_MAX) yield piece.subarray(at, at + CHUNK_BYTES_MAX);
  }
}

/** A small body whole. */
export async function smallBodyOf(req: Request, bytesMax: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(req, bytesMax)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/**
 * Lets a sender finish whose upload was refused in the middle: whoever is still sending does not read the answer. The
 * connection ends after it, and after ten seconds whatever is still coming.
 */
export function letFinish(req: Request): void {
  if (req.readableEnded || req.destroyed) return;
  req.res?.setHeader('connection', 'close');
  req.resume();
  setTimeout(() => req.destroy(), 10_000).unref();
}
