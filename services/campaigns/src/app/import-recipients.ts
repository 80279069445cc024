import { setTimeout as pause } from 'node:timers/promises';
import { Personal } from '@wardline/personal-data';
import { placesOf, suggestMapping, type ColumnMapping, type ColumnRole } from '../domain/columns.ts';
import { languageTag, problemOfRow, type RowCells, type RowProblem } from '../domain/import-row.ts';
import { zoneOfRecipient } from '../domain/zone-of-number.ts';
import type { ImportRecord } from '../ports/campaign-store.ts';
import type { PhoneNumbers } from '../ports/phone-numbers.ts';
import type {
  NewRecipient,
  OpenImport,
  OpenOutcome,
  RecipientImport,
  RefusedRow,
} from '../ports/recipient-import.ts';
import { fileTooLarge, FileUnreadable, type TableReader, type TableRow } from '../ports/table-reader.ts';

export interface ImportDeps {
  readonly imports: RecipientImport;
  readonly tables: TableReader;
  readonly phones: PhoneNumbers;
  readonly newId: () => string;
  readonly now: () => number;
  /** How long an upload may stand still. Default a minute. */
  readonly stillMsMax?: number;
}

export interface UploadedFile {
  readonly campaignId: string;
  /** Empty: as the headers suggest. */
  readonly mapping: ColumnMapping;
  readonly fileName: string;
  /** Length that was announced; undefined when it is not known. */
  readonly bytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export type ImportOutcome =
  | { readonly kind: 'imported'; readonly import: ImportRecord }
  | Exclude<OpenOutcome, { readonly kind: 'open' }>;

/** Rows read, and then handed to the database, at a time. */
const BATCH_ROWS = 500;
/**
 * After a batch, as long as it took belongs to others, and calls are among them: here and in the database. At most this
 * much, so that a large file does not take for ever where the machine is busy anyway.
 */
const PAUSE_MS_MAX = 25;
/** Before the database gives up its transaction. */
const STILL_MS_MAX = 60_000;
/** Refused rows that are kept to be looked at; all are counted. */
export const REFUSED_KEPT_MAX = 10_000;

/**
 * Reads a file into a draft: all of its good rows, or nothing.
 * @throws FileUnreadable when the file itself is not what it should be
 */
export async function importRecipients(
  deps: ImportDeps,
  tenantId: string,
  file: UploadedFile,
): Promise<ImportOutcome> {
  const { fileBytesMax } = deps.tables;
  if (file.bytes !== undefined && file.bytes > fileBytesMax) throw fileTooLarge(fileBytesMax);
  const importId = deps.newId();
  const opened = await deps.imports.open(tenantId, file.campaignId, importId);
  if (opened.kind !== 'open') return opened;
  try {
    const counts = await readInto(opened.import, deps, file);
    const nowMs = deps.now();
    const { fileName } = file;
    if (!(await opened.import.commit({ importId, fileName, ...counts, nowMs }))) return { kind: 'not-draft' };
    const state = counts.accepted + counts.repeatedRows > 0 ? 'done' : 'refused';
    return { kind: 'imported', import: { importId, fileName, state, ...counts, atMs: nowMs } };
  } catch (error) {
    await opened.import.abandon();
    throw error;
  }
}

async function readInto(
  target: OpenImport,
  deps: ImportDeps,
  file: UploadedFile,
): Promise<{ rows: number; accepted: number; refused: number; repeatedRows: number }> {
  const counts = { rows: 0, accepted: 0, refused: 0, repeatedRows: 0 };
  let places: Partial<Record<ColumnRole, number>> | undefined;
  let columns = 0;
  let good: NewRecipient[] = [];
  let bad: RefusedRow[] = [];
  let began = performance.now();
  // Nothing is read while a batch is stored: of two processors, an import never takes both.
  const flush = async (): Promise<void> => {
    const added = await target.add(good);
    counts.accepted += added;
    counts.repeatedRows += good.length - added;
    await target.refuse(bad);
    if (good.length + bad.length === 0) await target.goOn();
    good = [];
    bad = [];
    await pause(Math.min(performance.now() - began, PAUSE_MS_MAX));
    began = performance.now();
  };
  await readRows();
  await flush();
  return counts;

  async function readRows(): Promise<void> {
    for await (const row of deps.tables.read(counted(file, deps.stillMsMax ?? STILL_MS_MAX))) {
      if (!places) {
        places = placesIn(row.cells, file.mapping);
        columns = row.cells.length;
        continue;
      }
      if (row.cells.every((cell) => cell.trim() === '')) continue;
      counts.rows += 1;
      const read = recipientOf(row, { places, columns, campaign: target.campaign, phones: deps.phones });
      if ('problem' in read) {
        counts.refused += 1;
        if (counts.refused <= REFUSED_KEPT_MAX) bad.push(refusedRow(row, read));
      } else good.push(read);
      if (counts.rows % BATCH_ROWS === 0) await flush();
    }
    if (!places) throw new FileUnreadable('file-empty', 'the file is empty: it needs a header line and rows');
    if (counts.rows === 0) throw new FileUnreadable('file-empty', 'the file has a header line and no rows');
  }
}

function placesIn(headers: readonly string[], mapping: ColumnMapping): Partial<Record<ColumnRole, number>> {
  const wanted = Object.keys(mapping).length > 0 ? mapping : suggestMapping(headers);
  const found = placesOf(headers, wanted);
  if ('problems' in found)
    throw new FileUnreadable('columns-unknown', `the columns do not fit: ${found.problems.join('; ')}`);
  return found.places;
}

/**
 * The bytes of a file, which must be as many as were announced: what ends early was cut off. What stands still is given up:
 * it would keep others from importing.
 */
async function* counted(file: UploadedFile, stillMsMax: number): AsyncGenerator<Uint8Array> {
  const source = file.chunks[Symbol.asyncIterator]();
  let bytes = 0;
  let waiting = false;
  try {
    for (;;) {
      waiting = true;
      const next = await within(stillMsMax, source.next());
      waiting = false;
      if (next.done) break;
      bytes += next.value.length;
      yield next.value;
    }
  } finally {
    // One that stands still would not even end.
    if (!waiting) await source.return?.();
  }
  if (file.bytes !== undefined && file.bytes !== bytes)
    throw new FileUnreadable(
      'file-cut-off',
      `the upload has ${bytes} of ${file.bytes} bytes: nothing was stored; upload the file again`,
    );
}

/** @throws FileUnreadable when it takes longer */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const seconds = Math.round(ms / 1_000);
    late.reject(
      new FileUnreadable(
        'file-cut-off',
        `nothing of the upload came for ${seconds} seconds: nothing was stored; upload the file again`,
      ),
    );
  }, ms);
  // What comes of it later is nobody's matter any more.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function recipientOf(
  row: TableRow,
  o: {
    places: Partial<Record<ColumnRole, number>>;
    columns: number;
    campaign: OpenImport['campaign'];
    phones: PhoneNumbers;
  },
): NewRecipient | RowProblem {
  if (row.cells.length > o.columns)
    return {
      code: 'too-many-cells',
      problem: `The row has ${row.cells.length} cells, the header ${o.columns}: put a cell with a separator in it in quotes.`,
    };
  const cells = cellsOf(row, o.places);
  const problem = problemOfRow(cells);
  if (problem) return problem;
  const { name = '', phone = '', externalId, timeZone, appointmentId, language } = cells;
  const number = o.phones.parse(phone, o.campaign.defaultRegion);
  if (number.kind === 'invalid')
    return { code: 'phone-invalid', problem: `The phone number cannot be used: ${number.problem}.` };
  const zone = zoneOfRecipient({
    inFile: timeZone,
    e164: number.e164,
    country: number.country,
    clinicZone: o.campaign.clinicZone,
  });
  return {
    line: row.line,
    name: Personal.of(name),
    number: Personal.of(number.e164),
    country: number.country ?? '',
    externalId: externalId === undefined ? undefined : Personal.of(externalId),
    timeZone: zone.timeZone,
    zones: zone.zones,
    language: language === undefined ? '' : (languageTag(language) ?? ''),
    appointmentId: appointmentId?.toLowerCase(),
  };
}

function cellsOf(row: TableRow, places: Partial<Record<ColumnRole, number>>): RowCells {
  const cells: Partial<Record<ColumnRole, string>> = {};
  for (const [role, place] of Object.entries(places) as [ColumnRole, number][]) {
    const text = row.cells[place]?.trim() ?? '';
    if (text !== '') cells[role] = text;
  }
  return cells;
}

const ROW_SHOWN_CHARACTERS = 1_000;

function refusedRow(row: TableRow, { code, problem }: RowProblem): RefusedRow {
  const text = row.cells.join(', ').slice(0, ROW_SHOWN_CHARACTERS);
  return { line: row.line, code, problem, row: Personal.of(text) };
}
