import { randomBytes, randomInt } from 'node:crypto';

/** A file as it is sent, and what a platform that is right makes of it. */
export interface NastyFile {
  readonly name: string;
  readonly bytes: number;
  readonly pieces: () => Iterable<Uint8Array>;
  /** Bytes that are sent of those announced; the connection's sending side then ends. Default: all. */
  readonly sent?: number;
  /** Status of the answer; undefined where there need not be any. */
  readonly status?: number;
  /** Recipients of the campaign afterwards. */
  readonly recipients: number;
}

const MB = 1_048_576;
const header = 'Name,Phone,MRN';

/** Area codes of the United States. In each, 555-0100 to 555-0199 are kept for fiction: nobody has these numbers. */
const areas = (
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 225 228 229 231 234 239 240 248 251 252 253 254 256 ' +
  '260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 330 334 ' +
  '336 337 352 360 361 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432 434 435 440 443 469 478 479'
).split(' ');

/** Rows of which every one is good: each patient is somebody else. There are only 9,000 numbers: in a large file, some share. */
export function goodFile(rows: number): Buffer {
  const lines = [header];
  for (let i = 0; i < rows; i += 1) {
    const line = String(100 + (Math.floor(i / areas.length) % 100)).padStart(4, '0');
    lines.push(`Patient Number ${i + 1},(${areas[i % areas.length]}) 555-${line},M${i + 1}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

/** Uploads that hospitals and those who wish them ill really send. */
export function nastyFiles(): NastyFile[] {
  const readable = goodFile(1_000);
  const wide = Buffer.from(
    [header, ...Array.from({ length: 100 }, (_, i) => `Ada Byron,+12025550143,M${i}`)]
      .map((line, row) =>
        [line, ...Array.from({ length: 197 }, (_, i) => `${row ? 'cell' : 'column'} ${i}`)].join(','),
      )
      .join('\n'),
  );
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(readable.toString(), 'utf16le')]);
  const changing = Buffer.concat([
    Buffer.from(`\uFEFF${header}\r\n`, 'utf16le'),
    Buffer.from('Ada Byron,+12025550143,M1\r\n'.repeat(40_000)),
  ]);
  const cut = goodFile(100_000);
  return [
    {
      ...{ name: '100 MB of random bytes', status: 422, recipients: 0 },
      ...{ bytes: 100 * MB, pieces: () => repeated(randomBytes(MB), 100) },
    },
    {
      ...{ name: '100 MB of random rows under a good header', status: 200, recipients: 0 },
      ...{ bytes: header.length + 1 + 100 * MB, pieces: garbageRows },
    },
    {
      // Only the sending side ends: whoever is cut off like this can still be told.
      ...{ name: 'cut off in the middle: 2 MB less than announced', status: 400, recipients: 0 },
      ...{ bytes: cut.length, sent: cut.length - 2 * MB, pieces: () => [cut] },
    },
    { name: '200 columns', status: 422, recipients: 0, bytes: wide.length, pieces: () => [wide] },
    {
      ...{ name: 'UTF-16 that goes on as UTF-8', status: 422, recipients: 0 },
      ...{ bytes: changing.length, pieces: () => [changing] },
    },
    {
      ...{ name: 'UTF-16, which is read', status: 200, recipients: 1_000 },
      ...{ bytes: utf16.length, pieces: () => [utf16] },
    },
  ];
}

function* repeated(piece: Uint8Array, times: number): Generator<Uint8Array> {
  for (let i = 0; i < times; i += 1) yield piece;
}

/** Lines of about 200 characters that are no patients. */
function* garbageRows(): Generator<Uint8Array> {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789,,;= +-@#';
  const piece = Buffer.alloc(MB);
  for (let at = 0; at < MB; at += 1)
    piece[at] = at % 200 === 199 ? 10 : letters.charCodeAt(randomInt(letters.length));
  yield Buffer.from(`${header}\n`);
  yield* repeated(piece, 100);
}
