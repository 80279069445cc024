import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import type { campaigns } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import { importRecipients, type ImportDeps, type ImportOutcome } from '../app/import-recipients.ts';
import { suggestMapping } from '../domain/columns.ts';
import { FileUnreadable } from '../ports/table-reader.ts';
import { importMessage, mappingOf } from './campaign-messages.ts';
import { invalid, limitOf, notFound, notNow, textOf, uuidOf } from './request-checks.ts';

const BEGINNING_BYTES_MAX = 256 * 1024;
const CHUNK_BYTES_MAX = 256 * 1024;

type Handlers = Pick<
  ServiceImpl<typeof campaigns.CampaignsService>,
  'inspectFile' | 'importRecipients' | 'listRefusedRows'
>;

/** Files of recipients. */
export function importHandlers(deps: ImportDeps): Handlers {
  return {
    async inspectFile({ beginning }) {
      if (beginning.length > BEGINNING_BYTES_MAX)
        throw invalid(`beginning must have at most ${BEGINNING_BYTES_MAX} bytes`);
      const table = await deps.tables.inspect(beginning).catch(asInvalid);
      return {
        columns: [...table.columns],
        suggested: suggestMapping(table.columns),
        encoding: table.encoding,
        delimiter: table.delimiter,
        sample: table.rows.map((cells) => ({ cells: [...cells] })),
      };
    },

    async importRecipients(messages, ctx) {
      const tenantId = tenantOf(ctx);
      const parts = messages[Symbol.asyncIterator]();
      const first = await parts.next();
      if (first.done || first.value.part.case !== 'header')
        throw invalid('the first message must be the header');
      const header = first.value.part.value;
      const outcome = await importRecipients(deps, tenantId, {
        campaignId: uuidOf('campaign_id', header.campaignId),
        mapping: mappingOf(header.mapping),
        fileName: textOf('file_name', header.fileName, 255) || 'file.csv',
        bytes: header.bytes > 0 ? header.bytes : undefined,
        chunks: chunksOf(parts, header.bytes > 0),
      }).catch(asInvalid);
      return { import: importMessage(imported(outcome)) };
    },

    async listRefusedRows({ importId, afterLine, limit }, ctx) {
      const rows = await deps.imports.refusedRows(tenantOf(ctx), uuidOf('import_id', importId), {
        afterLine,
        limit: limitOf(limit, 500, 100),
      });
      if (!rows) throw notFound('import');
      return { rows: rows.map((row) => ({ ...row, row: row.row.reveal() })) };
    },
  };
}

/** A call that was given up ends like one that is complete: the file is whole when its sender, or its length, says so. */
async function* chunksOf(
  parts: AsyncIterator<campaigns.ImportRecipientsRequest>,
  lengthKnown: boolean,
): AsyncGenerator<Uint8Array> {
  let ended = false;
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    const { part } = next.value;
    if (ended || (part.case !== 'chunk' && part.case !== 'end'))
      throw invalid('after the header, every message must be a chunk, and the last one the end');
    if (part.case === 'end') {
      ended = true;
      continue;
    }
    if (part.value.length > CHUNK_BYTES_MAX)
      throw invalid(`a chunk must have at most ${CHUNK_BYTES_MAX} bytes`);
    yield part.value;
  }
  if (!ended && !lengthKnown)
    throw new FileUnreadable(
      'file-cut-off',
      'the upload ended early: nothing was stored; upload the file again',
    );
}

/** The code leads the text, so that programs can tell one from another. */
function asInvalid(error: unknown): never {
  if (error instanceof FileUnreadable) throw invalid(`${error.code}: ${error.message}`);
  throw error;
}

function imported(outcome: ImportOutcome) {
  switch (outcome.kind) {
    case 'imported':
      return outcome.import;
    case 'not-found':
      throw notFound('campaign');
    case 'not-draft':
      throw notNow('recipients can be added only before the start');
    case 'clinic-unknown':
      throw notNow('the campaign’s clinic is not known any more');
    case 'busy':
      throw new ConnectError(
        'another file is being imported: try again when it is done',
        Code.ResourceExhausted,
      );
    default:
      return outcome satisfies never;
  }
}
