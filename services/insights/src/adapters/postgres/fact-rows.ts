import type { CallFact, CampaignChangedFact, Fact, RecipientFact } from '../../domain/facts.ts';
import type { ReceivedFact } from '../../ports/figures.ts';
import type { InsightsTx } from './insights-database.ts';

/** Adds facts; those that are there already stay as they are. */
export async function insertFacts(
  tx: InsightsTx,
  tenantId: string,
  facts: readonly Omit<ReceivedFact, 'traceparent'>[],
): Promise<void> {
  if (facts.length === 0) return;
  await tx.$executeRawUnsafe(
    `INSERT INTO insights.facts
       (event_id, tenant_id, kind, call_id, attempt_id, recipient_id, campaign_id, data)
     SELECT event_id, $1::uuid, data->>'kind', coalesce(data->>'callId', ''), coalesce(data->>'attemptId', ''),
            coalesce(data->>'recipientId', ''), coalesce(data->>'campaignId', ''), data
       FROM jsonb_to_recordset($2::jsonb) AS f(event_id uuid, data jsonb)
     ON CONFLICT DO NOTHING`,
    tenantId,
    JSON.stringify(facts.map(({ eventId, fact }) => ({ event_id: eventId, data: fact }))),
  );
}

/** Facts by the id that they were asked for. */
export type FactsById<F extends Fact> = ReadonlyMap<string, readonly F[]>;

// One look into an index per id, on purpose (LATERAL with OFFSET): while tables are young and have no statistics, the
// planner would rather read all of a tenant's rows.

export const factsOfCalls = (tx: InsightsTx, callIds: readonly string[]) =>
  factsBy<CallFact>(tx, callIds, `call_id = k AND call_id <> ''`);

export const factsOfRecipients = (tx: InsightsTx, recipientIds: readonly string[]) =>
  factsBy<RecipientFact>(tx, recipientIds, `recipient_id = k AND recipient_id <> ''`);

export const factsOfCampaigns = (tx: InsightsTx, campaignIds: readonly string[]) =>
  factsBy<CampaignChangedFact>(tx, campaignIds, `campaign_id = k AND kind = 'campaign-changed'`);

async function factsBy<F extends Fact>(
  tx: InsightsTx,
  ids: readonly string[],
  where: string,
): Promise<FactsById<F>> {
  const rows = await tx.$queryRawUnsafe<{ id: string; data: F }[]>(
    `SELECT k AS id, f.data FROM unnest($1::text[]) AS k,
       LATERAL (SELECT data FROM insights.facts WHERE ${where} OFFSET 0) AS f`,
    [...new Set(ids)],
  );
  const found = new Map<string, F[]>();
  for (const { id, data } of rows) {
    const known = found.get(id);
    if (known) known.push(data);
    else found.set(id, [data]);
  }
  return found;
}

/** The recipients to whom attempts belong, as far as the campaign said so. */
export async function recipientsOfAttempts(tx: InsightsTx, attemptIds: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ recipient_id: string }[]>(
    `SELECT DISTINCT f.recipient_id FROM unnest($1::text[]) AS k,
       LATERAL (SELECT recipient_id FROM insights.facts
                 WHERE attempt_id = k AND kind = 'call-queued' AND recipient_id <> '' OFFSET 0) AS f`,
    [...new Set(attemptIds)],
  );
  return rows.map((row) => row.recipient_id);
}
