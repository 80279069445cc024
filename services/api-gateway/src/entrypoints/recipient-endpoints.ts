import { events } from '@wardline/contracts';
import { z } from 'zod';
import {
  importSchema,
  importView,
  inspectionSchema,
  inspectionView,
  recipientSchema,
  recipientView,
  refusedRowSchema,
} from './campaign-views.ts';
import { endpoint, type Endpoint, openPageMs } from './kernel/endpoint.ts';
import { idParams, limit, page, pageOf, pageQuery } from './kernel/fields.ts';
import { announcedBytes, forwardBody, smallBodyOf } from './upload.ts';
import { valueOf, words } from './views.ts';

const FILE_BYTES_MAX = 200 * 1_048_576;
const BEGINNING_BYTES_MAX = 256 * 1024;
const csv = { contentType: 'text/csv', description: 'The file as it is: UTF-8, UTF-16 or Windows-1252.' };
/** Header text of a column; without it the file has no such column. */
const column = z.string().max(500).default('');

/** Who a campaign calls: files, what of them was refused, and what came of the calls. */
export const recipientEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'inspectFile',
    method: 'post',
    path: '/campaigns/inspect-file',
    summary: 'The first rows of a file, and what its columns seem to be',
    description: 'Send the beginning of the file, at most 256 KB. Nothing is stored.',
    access: 'campaigns:write',
    body: csv,
    responses: { 200: inspectionSchema },
    handler: async ({ hospital, req }) => {
      const beginning = await smallBodyOf(req, BEGINNING_BYTES_MAX);
      return { status: 200, body: inspectionView(await hospital.campaigns.inspectFile({ beginning })) };
    },
  }),
  endpoint({
    id: 'importRecipients',
    method: 'post',
    path: '/campaigns/{id}/recipients',
    summary: 'Uploads who is to be called',
    description:
      'The query says which column holds what, by the header of the file. All good rows are taken, or, when the file itself cannot be read, nothing. At most 200 MB.',
    access: 'campaigns:write',
    params: idParams,
    query: z.object({
      name: column,
      phone: z.string().min(1).max(500),
      externalId: column,
      timeZone: column,
      appointment: column,
      language: column,
      fileName: z.string().max(200).default(''),
    }),
    body: csv,
    responses: { 200: importSchema },
    problems: { 409: '`conflict`: the campaign takes nobody any more.' },
    audit: {
      action: 'campaigns.import',
      subject: ({ params }) => `campaign/${params.id}`,
      details: (_asked, { body }) => {
        const { id: of, accepted, refused } = body as { id: string; accepted: number; refused: number };
        return { import: of, accepted, refused };
      },
      personal: true,
    },
    handler: async ({ hospital, params, query, req, res }) => {
      const { fileName, appointment, ...mapping } = query;
      const header = {
        campaignId: params.id,
        fileName,
        mapping: { ...mapping, appointmentId: appointment },
        bytes: announcedBytes(req) ?? 0,
      };
      const parts = async function* (pieces: AsyncIterable<Uint8Array>) {
        yield { part: { case: 'header' as const, value: header } };
        for await (const value of pieces) yield { part: { case: 'chunk' as const, value } };
        yield { part: { case: 'end' as const, value: {} } };
      };
      const { import: done } = await forwardBody({ req, res, bytesMax: FILE_BYTES_MAX }, (pieces, signal) =>
        hospital.campaigns.importRecipients(parts(pieces), { signal }),
      );
      if (!done) throw new Error('campaigns answered an import without saying what came of it');
      return { status: 200, body: importView(done) };
    },
  }),
  endpoint({
    id: 'listRefusedRows',
    method: 'get',
    path: '/imports/{id}/refused-rows',
    summary: 'Rows that were refused, in the order of the file, each with its reason',
    access: 'campaigns:read',
    params: idParams,
    query: z.object({
      cursor: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
      limit: limit(500, 100),
    }),
    responses: { 200: pageOf(refusedRowSchema) },
    audit: {
      action: 'campaigns.refused-rows',
      subject: ({ params }) => `import/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params, query }) => {
      const { rows } = await hospital.campaigns.listRefusedRows({
        importId: params.id,
        afterLine: query.cursor,
        limit: query.limit,
      });
      const next = rows.length < query.limit ? undefined : String(rows.at(-1)?.line ?? '');
      return {
        status: 200,
        body: page(
          rows.map(({ line, code, problem, row }) => ({ line, code, problem, row })),
          next,
        ),
      };
    },
  }),
  endpoint({
    id: 'listRecipients',
    method: 'get',
    path: '/campaigns/{id}/recipients',
    summary: 'Who is called, with what came of it',
    access: 'campaigns:read',
    params: idParams,
    query: z.object({
      state: z.enum(['waiting', 'queued', 'live', 'settled']).optional(),
      result: words(events.RecipientResult).optional(),
      ...pageQuery,
    }),
    responses: { 200: pageOf(recipientSchema) },
    audit: {
      action: 'campaigns.recipients',
      subject: ({ params }) => `campaign/${params.id}`,
      onceInMs: openPageMs,
      personal: true,
    },
    handler: async ({ hospital, params, query }) => {
      const found = await hospital.campaigns.listRecipients({
        campaignId: params.id,
        state: query.state ?? '',
        result: valueOf(events.RecipientResult, query.result),
        limit: query.limit,
        cursor: query.cursor ?? '',
      });
      return { status: 200, body: page(found.recipients.map(recipientView), found.nextCursor) };
    },
  }),
  endpoint({
    id: 'exportResults',
    method: 'get',
    path: '/campaigns/{id}/results.csv',
    summary: 'What came of it for everybody, as a file for spreadsheets',
    description:
      'UTF-8 with a byte order mark. Cells that a spreadsheet would take for formulas are neutralised.',
    access: 'campaigns:read',
    params: idParams,
    responses: { 200: { contentType: 'text/csv; charset=utf-8', description: 'One row per recipient.' } },
    audit: { action: 'campaigns.export', subject: ({ params }) => `campaign/${params.id}`, personal: true },
    handler: async ({ hospital, params, res }) => {
      // A campaign that is not there is told as a problem, not as an empty file.
      await hospital.campaigns.getCampaign({ campaignId: params.id });
      // A reader who leaves ends the work of the service, too.
      const left = new AbortController();
      res.once('close', () => left.abort());
      const text = async function* () {
        const chunks = hospital.campaigns.exportResults({ campaignId: params.id }, { signal: left.signal });
        for await (const { chunk } of chunks) yield chunk;
      };
      return {
        status: 200,
        headers: { 'content-disposition': `attachment; filename="campaign-${params.id}.csv"` },
        text: text(),
      };
    },
  }),
];
