import iconv from 'iconv-lite';
import { FileUnreadable } from '../../ports/table-reader.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Enough to see how a file is written. */
const LOOK_BYTES = 4_096;

/** By the byte order mark, or, since spreadsheets leave it out, by the zero bytes that UTF-16 has in every Latin letter. */
export function encodingOf(beginning: Uint8Array): Encoding | 'unmarked' {
  const [a, b, c] = beginning;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0x50 && b === 0x4b)
    throw new FileUnreadable(
      'file-not-text',
      'this is a workbook or an archive, not a text file: save the sheet as CSV (UTF-8) and upload that',
    );
  const look = beginning.subarray(0, LOOK_BYTES);
  const zeros = [0, 0];
  look.forEach((byte, at) => void (byte === 0 && (zeros[at % 2] = zeros[at % 2]! + 1)));
  if (zeros[1]! > look.length / 6 && zeros[0]! < zeros[1]! / 4) return 'utf-16le';
  if (zeros[0]! > look.length / 6 && zeros[1]! < zeros[0]! / 4) return 'utf-16be';
  if (zeros[0]! + zeros[1]! > 0)
    throw new FileUnreadable(
      'file-not-text',
      'this is no text file: save the table as CSV (UTF-8) and upload that',
    );
  return 'unmarked';
}

export interface TextDecoding {
  write(bytes: Uint8Array): string;
  end(): string;
  readonly encoding: Encoding;
}

/**
 * Decodes a file chunk by chunk. Without a mark, ASCII is the same in UTF-8 and Windows-1252, so the first other bytes
 * decide: valid UTF-8 is hardly ever anything else. After that, bytes that are none are an error rather than a guess.
 */
export function createTextDecoding(marked: Encoding | 'unmarked'): TextDecoding {
  let decoder = marked === 'unmarked' ? undefined : decoderOf(marked);
  let encoding: Encoding = marked === 'unmarked' ? 'utf-8' : marked;
  /** Bytes of a character that the previous chunk ended in, while nothing is decided. */
  let held = new Uint8Array();
  return {
    get encoding() {
      return encoding;
    },
    write(bytes) {
      if (decoder) return decoder.write(bytes);
      const all = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
      held = new Uint8Array();
      const first = all.findIndex((byte) => byte >= 0x80);
      if (first < 0) return Buffer.from(all.buffer, all.byteOffset, all.byteLength).toString('latin1');
      const whole = wholeUtf8(all);
      if (whole.length <= first) {
        // The chunk ends inside its first such character: the next one tells.
        held = Uint8Array.from(all);
        return '';
      }
      encoding = isUtf8(whole) ? 'utf-8' : 'windows-1252';
      decoder = decoderOf(encoding);
      return decoder.write(all);
    },
    end() {
      if (held.length > 0 && !decoder) {
        encoding = 'windows-1252';
        return iconv.decode(Buffer.from(held), encoding);
      }
      return decoder?.end() ?? '';
    },
  };
}

function decoderOf(encoding: Encoding): Pick<TextDecoding, 'write' | 'end'> {
  if (encoding !== 'utf-8') {
    const decoder = iconv.getDecoder(encoding === 'utf-16be' ? 'utf16-be' : encoding, { stripBOM: true });
    return {
      write: (bytes) => decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      end: () => decoder.end() ?? '',
    };
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new FileUnreadable(
        'file-encoding',
        'the file begins as UTF-8 and goes on as something else: save it again as CSV (UTF-8)',
        { cause },
      );
    }
  };
  return { write: decode, end: () => decode(undefined) };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    // Its way of saying no.
    return false;
  }
}

/** Without a character at the end of which bytes are still to come: at most three. */
function wholeUtf8(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needs > back ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}
