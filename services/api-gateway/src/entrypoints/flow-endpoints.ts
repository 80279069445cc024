import type { flows } from '@wardline/contracts';
import { z } from 'zod';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { instantOrNull, int32, page, pageOf } from './kernel/fields.ts';
import { iso } from './views.ts';

const DEFINITION_BYTES_MAX = 256 * 1024;

const flowFields = {
  id: z.string().describe('Such as "appointment-reminder".'),
  version: z.int(),
  title: z.string(),
  readyMade: z
    .boolean()
    .describe('Comes with Wardline; saving under its id makes the hospital’s own version of it.'),
  savedAt: instantOrNull,
  languages: z.array(z.string()),
  needs: z.array(z.string()).describe('What a campaign must know of each patient.'),
  leavesVoicemail: z.boolean(),
};
const flowSchema = z.strictObject(flowFields).meta({ id: 'Flow' });
const definition = z.record(z.string(), z.unknown());
const flowDetailSchema = z.strictObject({ ...flowFields, definition }).meta({ id: 'FlowWithDefinition' });

const flowView = (f: flows.Flow): z.input<typeof flowSchema> => ({
  id: f.flowId,
  version: f.version,
  title: f.title,
  readyMade: f.readyMade,
  savedAt: iso(f.savedAt),
  languages: f.languages,
  needs: f.needs,
  leavesVoicemail: f.leavesVoicemail,
});

function detailView(f: flows.Flow | undefined): z.input<typeof flowDetailSchema> {
  if (!f) throw new Error('conversation-brain answered without a flow');
  return { ...flowView(f), definition: JSON.parse(f.definition) as Record<string, unknown> };
}

const flowId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,99}$/, 'small letters, digits and dashes, such as check-up');
const flowParams = z.object({ id: flowId });

/** The scripts that outbound calls follow. */
export const flowEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listFlows',
    method: 'get',
    path: '/flows',
    summary: 'Scripts, each in its newest version',
    access: 'flows:read',
    responses: { 200: pageOf(flowSchema) },
    handler: async ({ hospital }) => {
      const { flows: found } = await hospital.flows.listFlows({});
      return { status: 200, body: page(found.map(flowView)) };
    },
  }),
  endpoint({
    id: 'getFlow',
    method: 'get',
    path: '/flows/{id}',
    summary: 'One script',
    access: 'flows:read',
    params: flowParams,
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    responses: { 200: flowDetailSchema },
    handler: async ({ hospital, params, query }) => {
      const { flow } = await hospital.flows.getFlow({ flowId: params.id, version: query.version ?? 0 });
      return { status: 200, body: detailView(flow) };
    },
  }),
  endpoint({
    id: 'saveFlow',
    method: 'put',
    path: '/flows/{id}',
    summary: 'Saves a new version of a script',
    description: 'Campaigns that have been started go on with the version that they started with.',
    access: 'flows:write',
    params: flowParams,
    body: z.strictObject({
      title: z.string().trim().min(1).max(120),
      definition,
      afterVersion: int32.describe('The version that this one was made from; 0 for a new script.'),
    }),
    bodyBytesMax: DEFINITION_BYTES_MAX,
    responses: { 200: flowDetailSchema },
    problems: { 409: '`contention`: somebody else has saved a version meanwhile; read it again.' },
    audit: { action: 'flows.save', subject: ({ params }) => `flow/${params.id}`, personal: true },
    handler: async ({ hospital, params, body }) => {
      const { flow } = await hospital.flows.saveFlow({
        flowId: params.id,
        title: body.title,
        definition: JSON.stringify(body.definition),
        afterVersion: body.afterVersion,
      });
      return { status: 200, body: detailView(flow) };
    },
  }),
  endpoint({
    id: 'checkFlow',
    method: 'post',
    path: '/flows/check',
    summary: 'What would be wrong with a script, without saving it',
    access: 'flows:write',
    body: z.strictObject({ definition }),
    bodyBytesMax: DEFINITION_BYTES_MAX,
    responses: {
      200: z.strictObject({
        problems: z.array(z.strictObject({ at: z.string().describe('JSON pointer.'), problem: z.string() })),
      }),
    },
    handler: async ({ hospital, body }) => {
      const { problems } = await hospital.flows.checkFlow({ definition: JSON.stringify(body.definition) });
      return { status: 200, body: { problems: problems.map(({ at, problem }) => ({ at, problem })) } };
    },
  }),
];
