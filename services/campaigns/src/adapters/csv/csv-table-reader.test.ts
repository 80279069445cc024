import fc from 'fast-check';
import { createCsvTableReader, delimiterOf } from './csv-table-reader.ts';
import { createTextDecoding, encodingOf } from './text-decoding.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function rowsOf(bytes: Uint8Array, size = 7, fileBytesMax?: number) {
  const rows: [number, readonly string[]][] = [];
  const reader = createCsvTableReader(fileBytesMax === undefined ? {} : { fileBytesMax });
  for await (const row of reader.read(inChunks(bytes, size))) rows.push([row.line, row.cells]);
  return rows;
}

describe('a table', () => {
  it('is the same however it is cut into chunks', async () => {
    const file = Buffer.from('näme,phone\r\n"a\r\nb",1\r\n\r\n"c ""d""",€2');
    const whole: [number, string[]][] = [
      [1, ['näme', 'phone']],
      [2, ['a\r\nb', '1']],
      [5, ['c "d"', '€2']],
    ];
    for (const size of [1, 2, 3, 5, 8, 100]) expect(await rowsOf(file, size)).toEqual(whole);
  });

  it('is read until it is too large', async () => {
    const file = Buffer.from(`name,phone\n${'a,1\n'.repeat(1_000)}`);
    expect(await rowsOf(file, 64, file.length)).toHaveLength(1_001);
    await expect(rowsOf(file, 64, file.length - 1)).rejects.toMatchObject({ code: 'file-too-large' });
  });

  it.each([
    ['a;b;"c,d,e,f"', ';'],
    ['a\tb\tc', '\t'],
    ['a', ','],
    ['\n\na;b', ';'],
    ['"x;y;z",b', ','],
  ])('of which the header is %j has cells between %j', (header, delimiter) => {
    expect(delimiterOf(header)).toBe(delimiter);
  });
});

describe('text', () => {
  it('in UTF-8 without a mark is read whole, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        (text, size) => {
          // A text of one half of a pair has no UTF-8, and NUL is in no text file.
          const clean = text
            .toWellFormed()
            .replaceAll('\0', '')
            .replace(/^\uFEFF/, '')
            .replace(/^PK/, '');
          const bytes = new TextEncoder().encode(`a${clean}`);
          const decoding = createTextDecoding(encodingOf(bytes));
          let read = '';
          for (let at = 0; at < bytes.length; at += size)
            read += decoding.write(bytes.subarray(at, at + size));
          expect(read + decoding.end()).toBe(`a${clean}`);
        },
      ),
    );
  });
});
