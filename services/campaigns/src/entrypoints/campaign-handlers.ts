import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { campaigns } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import type { CampaignChange } from '../domain/campaign.ts';
import { problemsOfSettings } from '../domain/settings.ts';
import type { CampaignStore, ChangeOutcome } from '../ports/campaign-store.ts';
import type { FlowCatalogue } from '../ports/flow-catalogue.ts';
import type { PhoneNumbers } from '../ports/phone-numbers.ts';
import { campaignMessage, importMessage, settingsOf } from './campaign-messages.ts';
import {
  cursorAfter,
  invalid,
  limitOf,
  notFound,
  notNow,
  optionalUuid,
  positionOf,
  textOf,
  uuidOf,
} from './request-checks.ts';

const Change = campaigns.ChangeCampaignRequest_Change;

const changes: ReadonlyMap<campaigns.ChangeCampaignRequest_Change, CampaignChange> = new Map([
  [Change.START, 'start'],
  [Change.PAUSE, 'pause'],
  [Change.RESUME, 'resume'],
  [Change.CANCEL, 'cancel'],
]);

type Handlers = Pick<
  ServiceImpl<typeof campaigns.CampaignsService>,
  'createCampaign' | 'updateCampaign' | 'listCampaigns' | 'getCampaign' | 'changeCampaign'
>;

/** Campaigns themselves: made, changed, started, paused. */
export function campaignHandlers(deps: {
  store: CampaignStore;
  flows: FlowCatalogue;
  phones: PhoneNumbers;
  newId: () => string;
  now: () => number;
}): Handlers {
  const { store, now } = deps;
  const checkedSettings = (message: campaigns.CampaignSettings | undefined) => {
    const settings = settingsOf(message);
    const problems = problemsOfSettings(settings, deps.phones.isRegion);
    if (problems.length > 0) throw invalid(problems.join('; '));
    return settings;
  };
  return {
    async createCampaign({ settings: message, idempotencyKey }, ctx) {
      const settings = checkedSettings(message);
      const key = textOf('idempotency_key', idempotencyKey, 200, 1);
      const made = await store.create(tenantOf(ctx), {
        campaignId: deps.newId(),
        settings,
        idempotencyKey: key,
        nowMs: now(),
      });
      if (made === 'clinic-unknown') throw clinicUnknown();
      return { campaign: campaignMessage(made) };
    },

    async updateCampaign({ campaignId, settings: message, revision }, ctx) {
      const settings = checkedSettings(message);
      const outcome = await store.update(tenantOf(ctx), {
        campaignId: uuidOf('campaign_id', campaignId),
        settings,
        revision,
        nowMs: now(),
      });
      if (outcome.kind === 'clinic-unknown') throw clinicUnknown();
      if (outcome.kind === 'revision-stale')
        throw new ConnectError(
          'somebody else has changed the campaign meanwhile: load it again',
          Code.Aborted,
        );
      return { campaign: changed(outcome) };
    },

    async listCampaigns({ clinicId, limit: asked, cursor }, ctx) {
      const limit = limitOf(asked, 200, 50);
      const found = await store.list(tenantOf(ctx), {
        clinicId: optionalUuid('clinic_id', clinicId),
        limit: limit + 1,
        after: positionOf(cursor),
        nowMs: now(),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        campaigns: page.map(campaignMessage),
        nextCursor:
          found.length > limit && last ? cursorAfter({ atMs: last.createdAtMs, id: last.campaignId }) : '',
      };
    },

    async getCampaign({ campaignId }, ctx) {
      const tenantId = tenantOf(ctx);
      const id = uuidOf('campaign_id', campaignId);
      const campaign = await store.get(tenantId, id, now());
      if (!campaign) throw notFound('campaign');
      return {
        campaign: campaignMessage(campaign),
        imports: (await store.imports(tenantId, id)).map(importMessage),
      };
    },

    async changeCampaign({ campaignId, change: code }, ctx) {
      const tenantId = tenantOf(ctx);
      const id = uuidOf('campaign_id', campaignId);
      const change = changes.get(code);
      if (!change) throw invalid('change must be start, pause, resume or cancel');
      const flow = change === 'start' ? await flowOf(tenantId, id) : undefined;
      return {
        campaign: changed(await store.change(tenantId, { campaignId: id, change, flow, nowMs: now() })),
      };
    },
  };

  async function flowOf(tenantId: string, campaignId: string) {
    const campaign = await store.get(tenantId, campaignId, now());
    if (!campaign) throw notFound('campaign');
    // What has been started keeps its version, and needs nothing to hear so again.
    if (campaign.state !== 'draft') return undefined;
    const { flowId } = campaign.settings;
    const flow = await deps.flows.newest(tenantId, flowId).catch((cause: unknown) => {
      throw new ConnectError(
        'the scripts cannot be read now; try again',
        Code.Unavailable,
        undefined,
        undefined,
        cause,
      );
    });
    if (!flow) throw notNow(`there is no script "${flowId}": choose another one`);
    return flow;
  }
}

const clinicUnknown = () =>
  notNow('the clinic is not known (yet): check clinic_id, or try again in a moment');

function changed(outcome: ChangeOutcome) {
  if (outcome.kind === 'not-found') throw notFound('campaign');
  if (outcome.kind === 'not-now') throw notNow(outcome.problem);
  return campaignMessage(outcome.campaign);
}
