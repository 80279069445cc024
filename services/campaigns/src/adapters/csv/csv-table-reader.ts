import { Readable } from 'node:stream';
import { CsvError, parse, type Options, type Parser } from 'csv-parse';
import { parse as parseText } from 'csv-parse/sync';
import { fileTooLarge, FileUnreadable, type TableReader, type TableRow } from '../../ports/table-reader.ts';
import { createTextDecoding, encodingOf, type TextDecoding } from './text-decoding.ts';

const COLUMNS_MAX = 100;
const ROWS_MAX = 1_000_000;
/** A row that is longer has a quote that nobody closes, or is no row. */
const ROW_CHARACTERS_MAX = 64 * 1024;
const FILE_BYTES_MAX = 200 * 1024 * 1024;
/** Looked at before the first row is read. */
const LOOK_BYTES = 64 * 1024;
const SAMPLE_ROWS = 5;

export function createCsvTableReader(o: { fileBytesMax?: number } = {}): TableReader {
  const fileBytesMax = o.fileBytesMax ?? FILE_BYTES_MAX;
  return {
    fileBytesMax,

    async inspect(beginning) {
      if (beginning.length === 0) throw empty();
      const decoding = createTextDecoding(encodingOf(beginning));
      const text = decoding.write(beginning);
      const delimiter = delimiterOf(text);
      const rows = firstRows(text, delimiter);
      const [header, ...sample] = rows;
      if (!header) throw empty();
      return {
        columns: header,
        rows: sample,
        encoding: decoding.encoding,
        delimiter,
      };
    },

    async *read(chunks) {
      const source = limited(chunks, fileBytesMax)[Symbol.asyncIterator]();
      const parts: Uint8Array[] = [];
      let looked = 0;
      let done = false;
      while (looked < LOOK_BYTES && !done) {
        const next = await source.next();
        if (next.done) done = true;
        else {
          parts.push(next.value);
          looked += next.value.length;
        }
      }
      const beginning = Buffer.concat(parts);
      if (beginning.length === 0) throw empty();
      const decoding = createTextDecoding(encodingOf(beginning));
      const text = decoding.write(beginning);
      yield* rowsOf(texts(text, source, decoding), delimiterOf(text));
    },
  };
}

const empty = () => new FileUnreadable('file-empty', 'the file is empty: it needs a header line and rows');

async function* limited(chunks: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw fileTooLarge(bytesMax);
    if (chunk.length > 0) yield chunk;
  }
}

async function* texts(
  first: string,
  rest: AsyncIterator<Uint8Array>,
  decoding: TextDecoding,
): AsyncGenerator<string> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield decoding.write(next.value);
  yield decoding.end();
}

/** The character that the header has most of, outside quotes. */
export function delimiterOf(text: string): ',' | ';' | '\t' {
  const counts = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (const character of text.slice(0, ROW_CHARACTERS_MAX)) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n' || character === '\r') {
      if (counts[','] + counts[';'] + counts['\t'] > 0) break;
    } else if (character in counts) counts[character as keyof typeof counts] += 1;
  }
  if (counts[';'] > counts[','] && counts[';'] >= counts['\t']) return ';';
  return counts['\t'] > counts[','] ? '\t' : ',';
}

const optionsOf = (delimiter: string): Options => ({
  delimiter,
  // Rows of another length are judged one by one, with their line.
  relax_column_count: true,
  // A quote inside a cell (Robert "Bob" Hall) is part of it; one at its beginning opens a quoted cell.
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: ROW_CHARACTERS_MAX,
});

/** The first rows of a beginning. What it is cut off in is not a broken file; the rows before that are shown. */
function firstRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  const keep = (row: string[]): string[] => {
    rows.push(row);
    return row;
  };
  try {
    parseText(text, { ...optionsOf(delimiter), to: SAMPLE_ROWS + 1, on_record: keep });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (rows.length === 0) throw unreadable(error, 1);
  }
  return rows;
}

async function* rowsOf(
  source: Iterable<string> | AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<TableRow> {
  const parser = parse({ ...optionsOf(delimiter), info: true });
  const input = Readable.from(source);
  // Not `pipeline`, which would report a broken source as a premature end: the source's own error says more.
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  let rows = 0;
  let lastLine = 0;
  let countedTwice = 0;
  try {
    for await (const { record, info } of parser as Parser & AsyncIterable<Parsed>) {
      rows += 1;
      if (rows === 1 && record.length > COLUMNS_MAX)
        throw new FileUnreadable(
          'too-many-columns',
          `the file has ${record.length} columns, and at most ${COLUMNS_MAX} are read: leave out what is not needed`,
        );
      if (rows > ROWS_MAX + 1)
        throw new FileUnreadable('too-many-rows', `the file has more than ${ROWS_MAX} rows: split it`);
      const breaks = lineBreaksIn(record);
      countedTwice += breaks.pairs;
      // `info.lines` is the line that the row ends on, save that it counts CR LF inside quotes as two (csv-parse 7.0.3).
      lastLine = info.lines - countedTwice;
      yield { line: lastLine - breaks.lines, cells: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error, lastLine + 1) : error;
  } finally {
    input.destroy();
    parser.destroy();
  }
}

function lineBreaksIn(cells: readonly string[]): { lines: number; pairs: number } {
  const found = { lines: 0, pairs: 0 };
  for (const cell of cells) {
    if (!/[\r\n]/.test(cell)) continue;
    found.lines += cell.split(/\r\n|\r|\n/).length - 1;
    found.pairs += cell.split('\r\n').length - 1;
  }
  return found;
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** In our own words: the library's quote the file. */
function unreadable(error: CsvError, line: number): FileUnreadable {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new FileUnreadable(
        'file-cut-off',
        `a quote that is opened in line ${line} is not closed: the file is cut off, or a quote is missing there`,
      );
    case 'CSV_MAX_RECORD_SIZE':
      return new FileUnreadable(
        'file-malformed',
        `the row in line ${line} is longer than any row can be: is a quote not closed there?`,
      );
    default:
      return new FileUnreadable('file-malformed', `line ${line} cannot be read as CSV: check its quotes`);
  }
}
