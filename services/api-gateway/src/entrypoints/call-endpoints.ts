import { z } from 'zod';
import {
  callBackSchema,
  callBackView,
  callDetailSchema,
  callSchema,
  callView,
  lineView,
} from './call-views.ts';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { flag, id, idParams, page, pageOf, pageQuery } from './kernel/fields.ts';
import { Problem } from './problem.ts';

/** Calls, one call with what was said in it, and the people to call back. */
export const callEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listCalls',
    method: 'get',
    path: '/calls',
    summary: 'Calls, newest first',
    access: 'calls:read',
    query: z.object({ clinic: id.optional(), live: flag.default(false), ...pageQuery }),
    responses: { 200: pageOf(callSchema) },
    audit: { action: 'calls.list', subject: () => 'call', personal: true },
    handler: async ({ hospital, query }) => {
      const found = await hospital.telephony.listCalls({
        clinicId: query.clinic ?? '',
        liveOnly: query.live,
        limit: query.limit,
        cursor: query.cursor ?? '',
      });
      return { status: 200, body: page(found.calls.map(callView), found.nextCursor) };
    },
  }),
  endpoint({
    id: 'getCall',
    method: 'get',
    path: '/calls/{id}',
    summary: 'One call',
    description: '`transcript` is empty for roles without the permission `transcripts:read`.',
    access: 'calls:read',
    params: idParams,
    responses: { 200: callDetailSchema },
    audit: { action: 'calls.read', subject: ({ params }) => `call/${params.id}`, personal: true },
    handler: async ({ hospital, params, principal }) => {
      const { calls } = await hospital.telephony.listCalls({ callId: params.id, limit: 1 });
      const call = calls[0];
      if (!call) throw new Problem(404, 'not-found', 'There is no such call.');
      const { lines } = principal.permissions.has('transcripts:read')
        ? await hospital.dialogue.getTranscript({ callId: params.id })
        : { lines: [] };
      return { status: 200, body: { ...callView(call), transcript: lines.map(lineView) } };
    },
  }),
  endpoint({
    id: 'listCallBacks',
    method: 'get',
    path: '/call-backs',
    summary: 'People to call back',
    access: 'call-backs:work',
    query: z.object({ clinic: id.optional(), limit: pageQuery.limit }),
    responses: { 200: pageOf(callBackSchema) },
    audit: { action: 'call-backs.list', subject: () => 'call-back', personal: true },
    handler: async ({ hospital, query }) => {
      const found = await hospital.telephony.listCallBacks({
        clinicId: query.clinic ?? '',
        limit: query.limit,
      });
      return { status: 200, body: page(found.callBacks.map(callBackView)) };
    },
  }),
];
