import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { events, type insights } from '@wardline/contracts';
import { z } from 'zod';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { id, idParams, instantIn, instantOrNull } from './kernel/fields.ts';
import { Problem } from './problem.ts';
import { iso, word, wordOrNull, words } from './views.ts';

const count = z.int().min(0);
const figure = z.int().nullable();

const callInsightSchema = z
  .strictObject({
    call: id,
    clinic: z.string(),
    campaign: z.string().nullable(),
    direction: words(events.CallDirection),
    outcome: words(events.CallOutcome).nullable(),
    talkSeconds: count,
    turns: count,
    notUnderstood: count,
    interruptions: count,
    responseMsP50: count,
    responseMsMax: count,
    timeToHumanSeconds: figure,
    score: figure.describe('0 to 100; null before the call has been scored.'),
    scoreReasons: z.array(z.string()),
    initiatedAt: instantOrNull,
  })
  .meta({ id: 'CallInsight' });

/** A figure that there is not is negative in the contract, and null outside. */
const figureOf = (value: number): number | null => (value < 0 ? null : value);

const callInsightView = (i: insights.CallInsight): z.input<typeof callInsightSchema> => ({
  call: i.callId,
  clinic: i.clinicId,
  campaign: i.campaignId || null,
  direction: word(events.CallDirection, i.direction),
  outcome: wordOrNull(events.CallOutcome, i.outcome),
  talkSeconds: i.talkSeconds,
  turns: i.turns,
  notUnderstood: i.notUnderstood,
  interruptions: i.interruptions,
  responseMsP50: i.responseMsP50,
  responseMsMax: i.responseMsMax,
  timeToHumanSeconds: figureOf(i.timeToHumanSeconds),
  score: figureOf(i.score),
  scoreReasons: i.scoreReasons,
  initiatedAt: iso(i.initiatedAt),
});

/** Figures, made from events alone. */
export const insightEndpoints: readonly Endpoint[] = [
  endpoint({
    id: 'getCallInsight',
    method: 'get',
    path: '/calls/{id}/insight',
    summary: 'Figures and score of a call',
    access: 'insights:read',
    params: idParams,
    responses: { 200: callInsightSchema },
    handler: async ({ hospital, params }) => {
      const { insight } = await hospital.insights.getCallInsight({ callId: params.id });
      if (!insight) throw new Problem(404, 'not-found', 'Nothing is known of this call yet.');
      return { status: 200, body: callInsightView(insight) };
    },
  }),
  endpoint({
    id: 'getSummary',
    method: 'get',
    path: '/insights/summary',
    summary: 'Figures of a clinic’s calls in a time',
    access: 'insights:read',
    query: z.object({ clinic: id, from: instantIn, to: instantIn }),
    responses: {
      200: z
        .strictObject({
          calls: count,
          outcomes: z.array(z.strictObject({ name: z.string(), count })),
          talkSeconds: count,
          responseMsP50: count,
          responseMsP95: count,
          timeToHumanSecondsP50: figure,
          scoreMean: figure,
        })
        .meta({ id: 'Summary' }),
    },
    handler: async ({ hospital, query }) => {
      if (query.to <= query.from) throw new Problem(422, 'invalid', '`to` must be later than `from`.');
      const s = await hospital.insights.getSummary({
        clinicId: query.clinic,
        from: timestampFromDate(query.from),
        to: timestampFromDate(query.to),
      });
      return {
        status: 200,
        body: {
          calls: s.calls,
          outcomes: s.outcomes.map(({ name, count: n }) => ({ name, count: n })),
          talkSeconds: s.talkSeconds,
          responseMsP50: s.responseMsP50,
          responseMsP95: s.responseMsP95,
          timeToHumanSecondsP50: figureOf(s.timeToHumanSecondsP50),
          scoreMean: figureOf(s.scoreMean),
        },
      };
    },
  }),
  endpoint({
    id: 'rebuildInsights',
    method: 'post',
    path: '/insights/rebuild',
    summary: 'Counts all figures again from the events',
    access: 'insights:rebuild',
    perMinute: 2,
    responses: {
      200: z.strictObject({
        facts: count,
        calls: count,
        campaigns: count,
        differed: count.describe('Calls and campaigns whose figures were not what the events say.'),
      }),
    },
    audit: { action: 'insights.rebuild', subject: () => 'insights', personal: true },
    handler: async ({ hospital }) => {
      const { facts, calls, campaigns, differed } = await hospital.insights.rebuild({});
      return { status: 200, body: { facts, calls, campaigns, differed } };
    },
  }),
];
