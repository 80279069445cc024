import type { CallFigures } from '../../domain/call-figures.ts';
import type { CampaignFigures, RecipientFigures } from '../../domain/campaign-figures.ts';
import type { Call } from '../../../generated/prisma/client.ts';
import type { InsightsTx } from './insights-database.ts';

/** How figures of one kind are kept: their table, its key, and how a row is written. */
interface FigureTable<F> {
  readonly name: string;
  readonly key: string;
  /** Columns with their types, as `jsonb_to_recordset` wants them. */
  readonly columns: Readonly<Record<string, string>>;
  rowOf(figures: F): Record<string, unknown>;
}

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export const callTable: FigureTable<CallFigures> = {
  name: 'calls',
  key: 'call_id',
  columns: {
    call_id: 'text',
    clinic_id: 'text',
    campaign_id: 'text',
    attempt_id: 'text',
    direction: 'text',
    ending: 'text',
    outcome: 'text',
    initiated_at: 'timestamptz',
    ended_at: 'timestamptz',
    answered: 'boolean',
    talk_seconds: 'integer',
    turns: 'integer',
    not_understood: 'integer',
    silences: 'integer',
    interruptions: 'integer',
    response_ms: 'integer[]',
    response_ms_p50: 'integer',
    response_ms_max: 'integer',
    seconds_to_human: 'integer',
    score: 'integer',
    score_reasons: 'text[]',
    rules_version: 'integer',
    awaits_conversation: 'boolean',
  },
  rowOf: (call) => ({
    call_id: call.callId,
    clinic_id: call.clinicId,
    campaign_id: call.campaignId,
    attempt_id: call.attemptId,
    direction: call.direction,
    ending: call.ending,
    outcome: call.outcome,
    initiated_at: isoOf(call.initiatedAtMs),
    ended_at: isoOf(call.endedAtMs),
    answered: call.answered,
    talk_seconds: call.talkSeconds,
    turns: call.turns,
    not_understood: call.notUnderstood,
    silences: call.silences,
    interruptions: call.interruptions,
    response_ms: call.responseMs,
    response_ms_p50: call.responseMsP50,
    response_ms_max: call.responseMsMax,
    seconds_to_human: call.secondsToHuman,
    score: call.score?.score ?? null,
    score_reasons: call.score?.reasons ?? [],
    rules_version: call.score?.rulesVersion ?? null,
    awaits_conversation: call.awaitsConversation,
  }),
};

export const recipientTable: FigureTable<RecipientFigures> = {
  name: 'recipients',
  key: 'recipient_id',
  columns: {
    recipient_id: 'text',
    campaign_id: 'text',
    called: 'boolean',
    answered: 'boolean',
    decided: 'boolean',
    result: 'text',
  },
  rowOf: (recipient) => ({
    recipient_id: recipient.recipientId,
    campaign_id: recipient.campaignId,
    called: recipient.called,
    answered: recipient.answered,
    decided: recipient.decided,
    result: recipient.result,
  }),
};

export const campaignTable: FigureTable<CampaignFigures> = {
  name: 'campaigns',
  key: 'campaign_id',
  columns: { campaign_id: 'text', recipients: 'integer' },
  rowOf: (campaign) => ({ campaign_id: campaign.campaignId, recipients: campaign.recipients }),
};

/** Writes figures over those that are there. One JSON parameter, because some cells are null and some are lists. */
export async function writeFigures<F>(
  tx: InsightsTx,
  tenantId: string,
  table: FigureTable<F>,
  figures: readonly F[],
): Promise<void> {
  if (figures.length === 0) return;
  const names = Object.keys(table.columns);
  const declared = Object.entries(table.columns).map(([name, type]) => `${name} ${type}`);
  const updates = names.filter((name) => name !== table.key).map((name) => `${name} = EXCLUDED.${name}`);
  await tx.$executeRawUnsafe(
    `INSERT INTO insights.${table.name} (tenant_id, ${names.join(', ')})
     SELECT $1::uuid, ${names.join(', ')} FROM jsonb_to_recordset($2::jsonb) AS f(${declared.join(', ')})
     ON CONFLICT (${table.key}, tenant_id) DO UPDATE SET ${updates.join(', ')}`,
    tenantId,
    JSON.stringify(figures.map((one) => table.rowOf(one))),
  );
}

export async function deleteFigures<F>(
  tx: InsightsTx,
  table: FigureTable<F>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRawUnsafe(`DELETE FROM insights.${table.name} WHERE ${table.key} = ANY($1::text[])`, [
    ...ids,
  ]);
}

export async function storedCalls(tx: InsightsTx, callIds: readonly string[]): Promise<CallFigures[]> {
  return (await tx.call.findMany({ where: { callId: { in: [...callIds] } } })).map(callOf);
}

function callOf(row: Call): CallFigures {
  return {
    callId: row.callId,
    clinicId: row.clinicId,
    campaignId: row.campaignId,
    attemptId: row.attemptId,
    direction: row.direction,
    ending: row.ending as CallFigures['ending'],
    outcome: row.outcome,
    initiatedAtMs: row.initiatedAt?.getTime() ?? null,
    endedAtMs: row.endedAt?.getTime() ?? null,
    answered: row.answered,
    talkSeconds: row.talkSeconds,
    turns: row.turns,
    notUnderstood: row.notUnderstood,
    silences: row.silences,
    interruptions: row.interruptions,
    responseMs: row.responseMs,
    responseMsP50: row.responseMsP50,
    responseMsMax: row.responseMsMax,
    secondsToHuman: row.secondsToHuman,
    score:
      row.score === null || row.rulesVersion === null
        ? null
        : { score: row.score, reasons: row.scoreReasons, rulesVersion: row.rulesVersion },
    awaitsConversation: row.awaitsConversation,
  };
}

export async function storedRecipients(
  tx: InsightsTx,
  recipientIds: readonly string[],
): Promise<RecipientFigures[]> {
  const rows = await tx.recipient.findMany({ where: { recipientId: { in: [...recipientIds] } } });
  return rows.map(({ tenantId: _, ...figures }) => figures);
}

export async function storedCampaigns(
  tx: InsightsTx,
  campaignIds: readonly string[],
): Promise<CampaignFigures[]> {
  const rows = await tx.campaign.findMany({ where: { campaignId: { in: [...campaignIds] } } });
  return rows.map(({ tenantId: _, ...figures }) => figures);
}
