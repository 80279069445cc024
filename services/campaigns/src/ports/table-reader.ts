/** Reads a table out of a file, a row at a time. */
export interface TableReader {
  /** Larger files are refused. */
  readonly fileBytesMax: number;
  /** The first lines of a file and how it is written. @throws FileUnreadable */
  inspect(beginning: Uint8Array): Promise<TableBeginning>;
  /** @throws FileUnreadable, also in the middle */
  read(chunks: AsyncIterable<Uint8Array>): AsyncIterable<TableRow>;
}

export interface TableBeginning {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly encoding: string;
  readonly delimiter: string;
}

/** The first one is the header. */
export interface TableRow {
  /** Of its first line in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type FileProblem =
  | 'file-empty'
  | 'file-not-text'
  | 'file-encoding'
  | 'file-cut-off'
  | 'file-too-large'
  | 'file-malformed'
  | 'too-many-columns'
  | 'too-many-rows'
  | 'columns-unknown';

/** The file itself cannot be read. The message says what to do, and holds nothing of the file but a line number. */
export class FileUnreadable extends Error {
  readonly code: FileProblem;
  readonly retryable = false;

  constructor(code: FileProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FileUnreadable';
    this.code = code;
  }
}

export const fileTooLarge = (bytesMax: number) =>
  new FileUnreadable(
    'file-too-large',
    `the file is larger than ${Math.floor(bytesMax / 1024 / 1024)} MB: split it`,
  );
