import { callFiguresOf, type CallFigures } from '../../domain/call-figures.ts';
import {
  campaignFiguresOf,
  recipientFiguresOf,
  type CampaignCall,
  type CampaignFigures,
  type RecipientFigures,
} from '../../domain/campaign-figures.ts';
import { ofKind } from '../../domain/fact-set.ts';
import { factsOfCalls, factsOfCampaigns, factsOfRecipients } from './fact-rows.ts';
import type { InsightsTx } from './insights-database.ts';

// What the facts say now, for receiving and for rebuilding alike: there is one way from facts to figures. Ids without a
// fact have no figures.

export async function projectCalls(tx: InsightsTx, callIds: readonly string[]): Promise<CallFigures[]> {
  const facts = await factsOfCalls(tx, callIds);
  return [...facts].map(([callId, ofCall]) => callFiguresOf(callId, ofCall));
}

/** The calls of these must have been projected before. */
export async function projectRecipients(
  tx: InsightsTx,
  recipientIds: readonly string[],
): Promise<RecipientFigures[]> {
  const facts = await factsOfRecipients(tx, recipientIds);
  const attemptsOf = new Map(
    [...facts].map(([id, own]) => [id, new Set(ofKind(own, 'call-queued').map((fact) => fact.attemptId))]),
  );
  const calls = await callsOfAttempts(
    tx,
    [...attemptsOf.values()].flatMap((attempts) => [...attempts]),
  );
  return [...facts].map(([recipientId, own]) => {
    const made = [...(attemptsOf.get(recipientId) ?? [])].flatMap((attemptId) => calls.get(attemptId) ?? []);
    return recipientFiguresOf(recipientId, own, made);
  });
}

async function callsOfAttempts(
  tx: InsightsTx,
  attemptIds: readonly string[],
): Promise<Map<string, CampaignCall[]>> {
  const rows = await tx.$queryRawUnsafe<(CampaignCall & { attempt_id: string })[]>(
    `SELECT c.attempt_id, c.answered, c.outcome FROM unnest($1::text[]) AS k,
       LATERAL (SELECT attempt_id, answered, outcome FROM insights.calls
                 WHERE attempt_id = k AND attempt_id <> '' OFFSET 0) AS c`,
    [...new Set(attemptIds)],
  );
  return Map.groupBy(rows, (row) => row.attempt_id);
}

/** Also of campaigns that only their calls or recipients have told of. */
export async function projectCampaigns(
  tx: InsightsTx,
  campaignIds: readonly string[],
): Promise<CampaignFigures[]> {
  const facts = await factsOfCampaigns(tx, campaignIds);
  return [...new Set(campaignIds)].map((id) => campaignFiguresOf(id, facts.get(id) ?? []));
}
