import { z } from 'zod';
import { diallingSchema, diallingView, doNotCallSchema, doNotCallView } from './campaign-views.ts';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { idParams, page, pageOf, pageQuery, phone } from './kernel/fields.ts';

/** The switch that stops all dialling, and the numbers that are never called. */
export const diallingEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'getDialling',
    method: 'get',
    path: '/dialling',
    summary: 'Whether campaigns of the hospital may call at all',
    access: 'campaigns:read',
    responses: { 200: diallingSchema },
    handler: async ({ hospital }) => {
      const { dialling } = await hospital.campaigns.getDialling({});
      return { status: 200, body: diallingView(dialling) };
    },
  }),
  endpoint({
    id: 'setDialling',
    method: 'put',
    path: '/dialling',
    summary: 'Stops all campaign calls of the hospital, or allows them again',
    description: 'In effect when it is answered: no call is dialled after it.',
    access: 'dialling:stop',
    body: z.strictObject({ stopped: z.boolean(), note: z.string().trim().max(500).default('') }),
    responses: { 200: diallingSchema },
    audit: {
      action: 'dialling.set',
      subject: () => 'dialling',
      details: ({ body }) => ({ stopped: body.stopped }),
      personal: true,
    },
    handler: async ({ hospital, body, principal }) => {
      const { dialling } = await hospital.campaigns.setDialling({
        ...body,
        userId: principal.userId,
        displayName: principal.name,
      });
      return { status: 200, body: diallingView(dialling) };
    },
  }),
  endpoint({
    id: 'listDoNotCall',
    method: 'get',
    path: '/do-not-call',
    summary: 'Numbers that no campaign calls, newest first',
    access: 'do-not-call:read',
    query: z.object({
      number: phone.optional().describe('Whether this number is on the list: its entry alone, or none.'),
      ...pageQuery,
    }),
    responses: { 200: pageOf(doNotCallSchema) },
    audit: {
      action: 'do-not-call.list',
      subject: () => 'do-not-call',
      details: ({ query }) => (query.number === undefined ? {} : { oneNumber: true }),
      personal: true,
    },
    handler: async ({ hospital, query }) => {
      const found = await hospital.campaigns.listDoNotCall({
        number: query.number ?? '',
        limit: query.limit,
        cursor: query.cursor ?? '',
      });
      return { status: 200, body: page(found.entries.map(doNotCallView), found.nextCursor) };
    },
  }),
  endpoint({
    id: 'addDoNotCall',
    method: 'post',
    path: '/do-not-call',
    summary: 'Puts numbers on the list; whoever waits for a call under them is taken out of every campaign',
    access: 'do-not-call:write',
    idempotency: 'kept',
    body: z.strictObject({
      numbers: z.array(z.string().trim().min(1).max(40)).min(1).max(1_000),
      defaultRegion: z
        .string()
        .regex(/^[A-Z]{2}$/, 'a region such as US')
        .optional(),
      note: z.string().trim().max(500).default(''),
    }),
    responses: { 200: z.strictObject({ added: z.int(), known: z.int() }) },
    audit: {
      action: 'do-not-call.add',
      subject: () => 'do-not-call',
      details: ({ body }) => ({ numbers: body.numbers.length }),
      personal: true,
    },
    handler: async ({ hospital, body, principal }) => {
      const { added, known } = await hospital.campaigns.addDoNotCall({
        numbers: body.numbers,
        defaultRegion: body.defaultRegion ?? '',
        note: body.note,
        userId: principal.userId,
        displayName: principal.name,
      });
      return { status: 200, body: { added, known } };
    },
  }),
  endpoint({
    id: 'removeDoNotCall',
    method: 'delete',
    path: '/do-not-call/{id}',
    summary: 'Takes an entry off the list',
    access: 'do-not-call:write',
    params: idParams,
    responses: { 204: null },
    audit: {
      action: 'do-not-call.remove',
      subject: ({ params }) => `do-not-call/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params }) => {
      await hospital.campaigns.removeDoNotCall({ entryId: params.id });
      return { status: 204 };
    },
  }),
];
