import { Code, ConnectError } from '@connectrpc/connect';
import { telephony } from '@wardline/contracts';
import { z } from 'zod';
import type { Hospital } from '../ports/hospital.ts';
import { escalationSchema, escalationView, presentSchema, presentView } from './escalation-views.ts';
import { endpoint, type Endpoint, openPageMs } from './kernel/endpoint.ts';
import { flag, id, idParams, limit, page, pageOf } from './kernel/fields.ts';
import { Problem } from './problem.ts';

const access = 'escalations:work';
const notFound = () => new Problem(404, 'not-found', 'There is no such escalation.');

async function escalationOf(hospital: Hospital, handOffId: string): Promise<telephony.HandOff> {
  const { handOffs } = await hospital.handOffs.listHandOffs({ handOffId, limit: 1 });
  const found = handOffs[0];
  if (!found) throw notFound();
  return found;
}

/** Calls that a person is asked to take, and which supervisors are there to take them. */
export const escalationEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listEscalations',
    method: 'get',
    path: '/escalations',
    summary: 'Calls that a person is or was asked to take, newest first',
    access,
    query: z.object({
      clinic: id.optional(),
      call: id.optional(),
      open: flag.default(false),
      limit: limit(),
    }),
    responses: { 200: pageOf(escalationSchema) },
    audit: { action: 'escalations.list', subject: () => 'escalation', onceInMs: openPageMs, personal: true },
    handler: async ({ hospital, query }) => {
      const { handOffs } = await hospital.handOffs.listHandOffs({
        clinicId: query.clinic ?? '',
        callId: query.call ?? '',
        openOnly: query.open,
        limit: query.limit,
      });
      return { status: 200, body: page(handOffs.map(escalationView)) };
    },
  }),
  endpoint({
    id: 'getEscalation',
    method: 'get',
    path: '/escalations/{id}',
    summary: 'One of them, with its briefing',
    access,
    params: idParams,
    responses: { 200: escalationSchema },
    audit: {
      action: 'escalations.read',
      subject: ({ params }) => `escalation/${params.id}`,
      onceInMs: openPageMs,
      personal: true,
    },
    handler: async ({ hospital, params }) => ({
      status: 200,
      body: escalationView(await escalationOf(hospital, params.id)),
    }),
  }),
  endpoint({
    id: 'acceptEscalation',
    method: 'post',
    path: '/escalations/{id}/accept',
    summary: 'Takes the call: the telephone of the signed-in user rings',
    description: 'The first to accept gets it. Without `number` the number of the user is called.',
    access,
    params: idParams,
    body: z.strictObject({
      number: z
        .string()
        .regex(/^\+[1-9]\d{6,14}$/, 'E.164')
        .optional(),
    }),
    responses: { 200: escalationSchema },
    problems: {
      409: '`taken`: somebody was quicker, `by` says who. `over`: the caller has gone, or nobody took it in time.',
      422: '`no-number`: the user has no number to be called at.',
    },
    audit: {
      action: 'escalations.accept',
      subject: ({ params }) => `escalation/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params, body, principal }) => {
      const number = body.number ?? principal.phone;
      if (!number)
        throw new Problem(422, 'no-number', 'There is no number to call you at: enter one in the settings.');
      try {
        const { handOff } = await hospital.handOffs.acceptHandOff({
          handOffId: params.id,
          userId: principal.userId,
          displayName: principal.name,
          number,
        });
        if (!handOff) throw new Error('telephony accepted a hand-off and did not say which');
        return { status: 200, body: escalationView(handOff) };
      } catch (error) {
        throw refusalOf(error);
      }
    },
  }),
  endpoint({
    id: 'declineEscalation',
    method: 'post',
    path: '/escalations/{id}/decline',
    summary: 'Leaves the call to others',
    access,
    params: idParams,
    responses: { 204: null },
    audit: {
      action: 'escalations.decline',
      subject: ({ params }) => `escalation/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params, principal }) => {
      await hospital.handOffs.declineHandOff({ handOffId: params.id, userId: principal.userId });
      return { status: 204 };
    },
  }),
  endpoint({
    id: 'listPresence',
    method: 'get',
    path: '/presence',
    summary: 'Supervisors who are there',
    access,
    responses: { 200: pageOf(presentSchema) },
    handler: async ({ hospital }) => {
      const { supervisors } = await hospital.handOffs.listPresence({});
      return { status: 200, body: page(supervisors.map(presentView)) };
    },
  }),
  endpoint({
    id: 'setPresence',
    method: 'put',
    path: '/presence',
    summary: 'Says that the signed-in user is there, for the next 30 seconds, or not any more',
    access,
    body: z.strictObject({ present: z.boolean() }),
    responses: { 204: null },
    handler: async ({ hospital, body, principal }) => {
      await hospital.handOffs.setPresence({
        userId: principal.userId,
        displayName: principal.name,
        present: body.present,
      });
      return { status: 204 };
    },
  }),
];

/** What telephony refuses with, as the desk understands it. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof ConnectError)) return error;
  if (error.code === Code.AlreadyExists) {
    const by = error.findDetails(telephony.HandOffSchema)[0]?.acceptedByName;
    return new Problem(
      409,
      'taken',
      by ? `${by} has taken this call.` : 'Somebody else has taken this call.',
      {
        ...(by ? { by } : {}),
      },
    );
  }
  if (error.code === Code.FailedPrecondition)
    return new Problem(409, 'over', 'This call is not waiting for a person any more.');
  return error;
}
