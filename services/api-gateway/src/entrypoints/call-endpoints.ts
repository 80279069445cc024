import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import { z } from 'zod';
import {
  callBackSchema,
  callBackView,
  callDetailSchema,
  callSchema,
  callView,
  lineSchema,
  lineView,
} from './call-views.ts';
import { endpoint, type Endpoint, openPageMs } from './kernel/endpoint.ts';
import { flag, id, idParams, instantIn, page, pageOf, pageQuery, phone } from './kernel/fields.ts';
import { Problem } from './problem.ts';
import { valueOf, words } from './views.ts';

/** Calls, one call with what was said in it, and the people to call back. */
export const callEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listCalls',
    method: 'get',
    path: '/calls',
    summary: 'Calls, newest first',
    access: 'calls:read',
    query: z.object({
      clinic: id.optional(),
      live: flag.default(false),
      direction: words(events.CallDirection).optional(),
      outcome: words(events.CallOutcome).optional(),
      number: phone.optional().describe('Of the caller, or of whom the clinic called.'),
      campaign: id.optional(),
      from: instantIn.optional(),
      to: instantIn.optional(),
      ...pageQuery,
    }),
    responses: { 200: pageOf(callSchema) },
    audit: { action: 'calls.list', subject: () => 'call', onceInMs: openPageMs, personal: true },
    handler: async ({ hospital, query }) => {
      const found = await hospital.telephony.listCalls({
        clinicId: query.clinic ?? '',
        liveOnly: query.live,
        direction: valueOf(events.CallDirection, query.direction),
        outcome: valueOf(events.CallOutcome, query.outcome),
        callerNumber: query.number ?? '',
        campaignId: query.campaign ?? '',
        ...(query.from ? { from: timestampFromDate(query.from) } : {}),
        ...(query.to ? { to: timestampFromDate(query.to) } : {}),
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
    audit: {
      action: 'calls.read',
      subject: ({ params }) => `call/${params.id}`,
      onceInMs: openPageMs,
      personal: true,
    },
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
    id: 'getTranscript',
    method: 'get',
    path: '/calls/{id}/transcript',
    summary: 'What was said in a call, oldest first',
    access: 'transcripts:read',
    params: idParams,
    responses: { 200: pageOf(lineSchema) },
    audit: {
      action: 'transcripts.read',
      subject: ({ params }) => `call/${params.id}`,
      onceInMs: openPageMs,
      personal: true,
    },
    handler: async ({ hospital, params }) => {
      const { calls } = await hospital.telephony.listCalls({ callId: params.id, limit: 1 });
      if (calls.length === 0) throw new Problem(404, 'not-found', 'There is no such call.');
      const { lines } = await hospital.dialogue.getTranscript({ callId: params.id });
      return { status: 200, body: page(lines.map(lineView)) };
    },
  }),
  endpoint({
    id: 'listCallBacks',
    method: 'get',
    path: '/call-backs',
    summary: 'People to call back',
    access: 'call-backs:work',
    query: z.object({ clinic: id.optional(), open: flag.default(false), limit: pageQuery.limit }),
    responses: { 200: pageOf(callBackSchema) },
    audit: { action: 'call-backs.list', subject: () => 'call-back', onceInMs: openPageMs, personal: true },
    handler: async ({ hospital, query }) => {
      const found = await hospital.telephony.listCallBacks({
        clinicId: query.clinic ?? '',
        openOnly: query.open,
        limit: query.limit,
      });
      return { status: 200, body: page(found.callBacks.map(callBackView)) };
    },
  }),
  endpoint({
    id: 'completeCallBack',
    method: 'post',
    path: '/call-backs/{id}/done',
    summary: 'Notes that somebody has called back',
    access: 'call-backs:work',
    params: idParams,
    responses: { 200: callBackSchema },
    audit: { action: 'call-backs.done', subject: ({ params }) => `call-back/${params.id}`, personal: true },
    handler: async ({ hospital, params, principal }) => {
      const { callBack } = await hospital.telephony.completeCallBack({
        callBackId: params.id,
        userId: principal.userId,
        displayName: principal.name,
      });
      if (!callBack) throw new Error('telephony answered without a call-back');
      return { status: 200, body: callBackView(callBack) };
    },
  }),
];
