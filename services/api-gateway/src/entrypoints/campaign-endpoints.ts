import { campaigns } from '@wardline/contracts';
import { z } from 'zod';
import {
  campaignDetailSchema,
  campaignInsightSchema,
  campaignInsightView,
  campaignSchema,
  campaignView,
  dryRunSchema,
  dryRunView,
  importView,
  settingsMessage,
  settingsSchema,
} from './campaign-views.ts';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { id, idParams, int32, limit, page, pageOf, pageQuery } from './kernel/fields.ts';
import { Problem } from './problem.ts';

const Change = campaigns.ChangeCampaignRequest_Change;

function given(campaign: campaigns.Campaign | undefined) {
  if (!campaign) throw new Error('campaigns answered without a campaign');
  return campaignView(campaign);
}

const changed = (change: 'start' | 'pause' | 'resume' | 'cancel', summary: string): Endpoint =>
  endpoint({
    id: `${change}Campaign`,
    method: 'post',
    path: `/campaigns/{id}/${change}`,
    summary,
    access: 'campaigns:run',
    params: idParams,
    responses: { 200: campaignSchema },
    problems: { 409: '`conflict`: its state does not allow it.' },
    audit: {
      action: `campaigns.${change}`,
      subject: ({ params }) => `campaign/${params.id}`,
      personal: true,
    },
    handler: async ({ hospital, params }) => {
      const { campaign } = await hospital.campaigns.changeCampaign({
        campaignId: params.id,
        change: Change[change.toUpperCase() as Uppercase<typeof change>],
      });
      return { status: 200, body: given(campaign) };
    },
  });

/** Campaigns: what they are, how far they are, and whether they call. */
export const campaignEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'listCampaigns',
    method: 'get',
    path: '/campaigns',
    summary: 'Campaigns, newest first',
    access: 'campaigns:read',
    query: z.object({ clinic: id.optional(), ...pageQuery }),
    responses: { 200: pageOf(campaignSchema) },
    handler: async ({ hospital, query }) => {
      const found = await hospital.campaigns.listCampaigns({
        clinicId: query.clinic ?? '',
        limit: query.limit,
        cursor: query.cursor ?? '',
      });
      return { status: 200, body: page(found.campaigns.map(campaignView), found.nextCursor) };
    },
  }),
  endpoint({
    id: 'createCampaign',
    method: 'post',
    path: '/campaigns',
    summary: 'Makes a campaign; nobody is called before it is started',
    access: 'campaigns:write',
    idempotency: 'passed-on',
    body: settingsSchema,
    responses: { 201: campaignSchema },
    audit: {
      action: 'campaigns.create',
      subject: (_asked, { body }) => `campaign/${String((body as { id?: unknown } | undefined)?.id ?? '')}`,
      personal: true,
    },
    handler: async ({ hospital, body, idempotencyKey }) => {
      const { campaign } = await hospital.campaigns.createCampaign({
        settings: settingsMessage(body),
        idempotencyKey,
      });
      return { status: 201, body: given(campaign) };
    },
  }),
  endpoint({
    id: 'getCampaign',
    method: 'get',
    path: '/campaigns/{id}',
    summary: 'One campaign, with its progress and what was uploaded',
    access: 'campaigns:read',
    params: idParams,
    responses: { 200: campaignDetailSchema },
    handler: async ({ hospital, params }) => {
      const { campaign, imports } = await hospital.campaigns.getCampaign({ campaignId: params.id });
      return { status: 200, body: { ...given(campaign), imports: imports.map(importView) } };
    },
  }),
  endpoint({
    id: 'updateCampaign',
    method: 'put',
    path: '/campaigns/{id}',
    summary: 'Changes a draft or a paused campaign',
    access: 'campaigns:write',
    params: idParams,
    body: z.strictObject({ ...settingsSchema.shape, revision: int32 }),
    responses: { 200: campaignSchema },
    problems: {
      409: '`contention`: somebody else has changed it; read it again. `conflict`: it is running or over.',
    },
    audit: { action: 'campaigns.update', subject: ({ params }) => `campaign/${params.id}`, personal: true },
    handler: async ({ hospital, params, body: { revision, ...settings } }) => {
      const { campaign } = await hospital.campaigns.updateCampaign({
        campaignId: params.id,
        settings: settingsMessage(settings),
        revision,
      });
      return { status: 200, body: given(campaign) };
    },
  }),
  changed('start', 'Begins to call'),
  changed('pause', 'Makes no new call until it is resumed'),
  changed('resume', 'Goes on calling'),
  changed('cancel', 'Ends it for good'),
  endpoint({
    id: 'dryRunCampaign',
    method: 'get',
    path: '/campaigns/{id}/dry-run',
    summary: 'Who would be called when, who not, and why, if it were started now',
    access: 'campaigns:read',
    params: idParams,
    query: z.object({ limit: limit(500, 100) }),
    responses: { 200: dryRunSchema },
    audit: { action: 'campaigns.dry-run', subject: ({ params }) => `campaign/${params.id}`, personal: true },
    handler: async ({ hospital, params, query }) => ({
      status: 200,
      body: dryRunView(await hospital.campaigns.dryRun({ campaignId: params.id, limit: query.limit })),
    }),
  }),
  endpoint({
    id: 'getCampaignInsight',
    method: 'get',
    path: '/campaigns/{id}/insight',
    summary: 'How far it got with whom, counted from the events',
    access: 'insights:read',
    params: idParams,
    responses: { 200: campaignInsightSchema },
    handler: async ({ hospital, params }) => {
      const { insight } = await hospital.insights.getCampaignInsight({ campaignId: params.id });
      if (!insight) throw new Problem(404, 'not-found', 'Nothing is known of this campaign yet.');
      return { status: 200, body: campaignInsightView(insight) };
    },
  }),
];
