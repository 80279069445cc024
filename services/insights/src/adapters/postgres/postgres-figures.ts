import type { CampaignSums, Count, Figures, Summary } from '../../ports/figures.ts';
import { storedCalls } from './figure-rows.ts';
import { reading, type InsightsDatabase } from './insights-database.ts';

export function createPostgresFigures(database: InsightsDatabase): Figures {
  return {
    calls: (tenantId, callIds) => database.inTenant(tenantId, (tx) => storedCalls(tx, callIds), reading),

    campaign: (tenantId, campaignId) =>
      database.inTenant(
        tenantId,
        async (tx): Promise<CampaignSums | undefined> => {
          const [campaign] = await tx.campaign.findMany({ where: { campaignId } });
          if (!campaign) return undefined;
          const [ofRecipients] = await tx.$queryRawUnsafe<
            { known: number; called: number; answered: number; decided: number }[]
          >(
            `SELECT count(*)::integer AS known, count(*) FILTER (WHERE called)::integer AS called,
                    count(*) FILTER (WHERE answered)::integer AS answered,
                    count(*) FILTER (WHERE decided)::integer AS decided
               FROM insights.recipients WHERE campaign_id = $1`,
            campaignId,
          );
          const [ofCalls] = await tx.$queryRawUnsafe<
            { calls: number; answered: number; talk_seconds: number; score_mean: number | null }[]
          >(
            `SELECT count(*)::integer AS calls, count(*) FILTER (WHERE answered)::integer AS answered,
                    coalesce(sum(talk_seconds), 0)::integer AS talk_seconds, round(avg(score))::integer AS score_mean
               FROM insights.calls WHERE campaign_id = $1 AND campaign_id <> ''`,
            campaignId,
          );
          const results = await tx.$queryRawUnsafe<Count[]>(
            `SELECT result AS name, count(*)::integer AS count FROM insights.recipients
              WHERE campaign_id = $1 AND result <> '' GROUP BY result ORDER BY count DESC, name`,
            campaignId,
          );
          return {
            // A campaign may grow; what it has told of its size can be older than what it has told of its patients.
            recipients: Math.max(campaign.recipients, ofRecipients?.known ?? 0),
            called: ofRecipients?.called ?? 0,
            answered: ofRecipients?.answered ?? 0,
            decided: ofRecipients?.decided ?? 0,
            calls: ofCalls?.calls ?? 0,
            callsAnswered: ofCalls?.answered ?? 0,
            results,
            talkSeconds: ofCalls?.talk_seconds ?? 0,
            scoreMean: ofCalls?.score_mean ?? undefined,
          };
        },
        reading,
      ),

    summary: (tenantId, { clinicId, fromMs, toMs }) =>
      database.inTenant(
        tenantId,
        async (tx): Promise<Summary> => {
          const where = `($1::text IS NULL OR clinic_id = $1)
            AND ($2::timestamptz IS NULL OR initiated_at >= $2) AND ($3::timestamptz IS NULL OR initiated_at < $3)`;
          const isoOf = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
          const values = [clinicId ?? null, isoOf(fromMs), isoOf(toMs)];
          const [sums] = await tx.$queryRawUnsafe<
            {
              calls: number;
              talk_seconds: number;
              seconds_to_human_p50: number | null;
              score_mean: number | null;
            }[]
          >(
            `SELECT count(*)::integer AS calls, coalesce(sum(talk_seconds), 0)::integer AS talk_seconds,
                    percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds_to_human) AS seconds_to_human_p50,
                    round(avg(score))::integer AS score_mean
               FROM insights.calls WHERE ${where}`,
            ...values,
          );
          const [responses] = await tx.$queryRawUnsafe<{ p50: number | null; p95: number | null }[]>(
            `SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
                    percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95
               FROM insights.calls, unnest(response_ms) AS ms WHERE ${where}`,
            ...values,
          );
          const outcomes = await tx.$queryRawUnsafe<Count[]>(
            `SELECT CASE WHEN ending = '' THEN 'not-ended' WHEN ending = 'failed' THEN 'failed' ELSE outcome END AS name,
                    count(*)::integer AS count
               FROM insights.calls WHERE ${where} GROUP BY 1 ORDER BY count DESC, name`,
            ...values,
          );
          return {
            calls: sums?.calls ?? 0,
            outcomes,
            talkSeconds: sums?.talk_seconds ?? 0,
            responseMsP50: responses?.p50 ?? undefined,
            responseMsP95: responses?.p95 ?? undefined,
            secondsToHumanP50: sums?.seconds_to_human_p50 ?? undefined,
            scoreMean: sums?.score_mean ?? undefined,
          };
        },
        reading,
      ),
  };
}
