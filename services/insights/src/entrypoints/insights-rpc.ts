import { timestampFromMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { events, insights } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import type { CallFigures } from '../domain/call-figures.ts';
import type { FactLog, Figures } from '../ports/figures.ts';
import { directions, outcomes } from './contract-words.ts';

const { InsightsService } = insights;

/** Which services may ask; whoever else has a valid token is refused. */
export const allowedCallers = {
  [`${InsightsService.typeName}/*`]: ['api-gateway', 'standalone'],
};

const CALLS_MAX = 200;
const ID_MAX = 200;
/** What the contract says for "none" where 0 would be a figure. */
const NONE = -1;

export function insightsRoutes(deps: {
  figures: Figures;
  log: Pick<FactLog, 'rebuild'>;
}): (router: ConnectRouter) => void {
  const { figures, log } = deps;
  return (router) => {
    router.service(InsightsService, {
      async getCallInsight({ callId }, ctx) {
        const [call] = await figures.calls(tenantOf(ctx), [idOf('call_id', callId)]);
        if (!call) throw new ConnectError('no event has told of this call', Code.NotFound);
        return { insight: callMessage(call) };
      },

      async listCallInsights({ callIds }, ctx) {
        if (callIds.length > CALLS_MAX) throw invalid(`call_ids: at most ${CALLS_MAX} at once`);
        const asked = callIds.map((callId) => idOf('call_ids', callId));
        const found = await figures.calls(tenantOf(ctx), [...new Set(asked)]);
        const byId = new Map(found.map((call) => [call.callId, call]));
        return { insights: asked.flatMap((callId) => byId.get(callId) ?? []).map(callMessage) };
      },

      async getCampaignInsight(q, ctx) {
        const campaignId = idOf('campaign_id', q.campaignId);
        const sums = await figures.campaign(tenantOf(ctx), campaignId);
        if (!sums) throw new ConnectError('no event has told of this campaign', Code.NotFound);
        const { scoreMean, ...rest } = sums;
        return {
          insight: { ...rest, campaignId, results: [...sums.results], scoreMean: scoreMean ?? NONE },
        };
      },

      async getSummary({ clinicId, from, to }, ctx) {
        const query = {
          clinicId: clinicId === '' ? undefined : idOf('clinic_id', clinicId),
          fromMs: instantOf('from', from),
          toMs: instantOf('to', to),
        };
        if (query.fromMs !== undefined && query.toMs !== undefined && query.toMs < query.fromMs) {
          throw invalid('to must not be earlier than from');
        }
        const sums = await figures.summary(tenantOf(ctx), query);
        return {
          calls: sums.calls,
          outcomes: [...sums.outcomes],
          talkSeconds: sums.talkSeconds,
          responseMsP50: sums.responseMsP50 ?? 0,
          responseMsP95: sums.responseMsP95 ?? 0,
          timeToHumanSecondsP50: sums.secondsToHumanP50 ?? NONE,
          scoreMean: sums.scoreMean ?? NONE,
        };
      },

      rebuild: (_, ctx) => log.rebuild(tenantOf(ctx)),
    });
  };
}

const invalid = (problem: string): ConnectError => new ConnectError(problem, Code.InvalidArgument);

function idOf(field: string, value: string): string {
  if (value === '' || value.length > ID_MAX) throw invalid(`${field} must be an id`);
  return value;
}

function instantOf(field: string, at: Timestamp | undefined): number | undefined {
  if (!at) return undefined;
  const ms = timestampMs(at);
  // The range in which a Date exists and PostgreSQL agrees with it.
  if (!(ms > -62_135_596_800_000 && ms < 253_402_300_800_000)) throw invalid(`${field} must be an instant`);
  return ms;
}

function callMessage(call: CallFigures) {
  return {
    callId: call.callId,
    clinicId: call.clinicId,
    campaignId: call.campaignId,
    direction: directions.valueOf(call.direction) ?? events.CallDirection.UNSPECIFIED,
    outcome: outcomes.valueOf(call.outcome) ?? events.CallOutcome.UNSPECIFIED,
    talkSeconds: call.talkSeconds,
    turns: call.turns,
    notUnderstood: call.notUnderstood,
    interruptions: call.interruptions,
    responseMsP50: call.responseMsP50,
    responseMsMax: call.responseMsMax,
    timeToHumanSeconds: call.secondsToHuman ?? NONE,
    score: call.score?.score ?? NONE,
    scoreReasons: [...(call.score?.reasons ?? [])],
    ...(call.initiatedAtMs === null ? {} : { initiatedAt: timestampFromMs(call.initiatedAtMs) }),
  };
}
