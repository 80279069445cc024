import { appendToOutbox, takeMany } from '@wardline/event-bus';
import type { CallFigures } from '../../domain/call-figures.ts';
import type { Fact } from '../../domain/facts.ts';
import type { FactLog, ReceivedFact } from '../../ports/figures.ts';
import { callScored } from '../score-events.ts';
import { insertFacts, recipientsOfAttempts } from './fact-rows.ts';
import { callTable, campaignTable, recipientTable, writeFigures } from './figure-rows.ts';
import { oneWriterAtATime, writing, type InsightsDatabase, type InsightsTx } from './insights-database.ts';
import { projectCalls, projectCampaigns, projectRecipients } from './project.ts';
import { rebuildTenant } from './rebuild.ts';

/** The name under which the inbox remembers what has become a fact. */
const consumer = 'insights';

interface FactLogDeps {
  readonly database: InsightsDatabase;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createPostgresFactLog({ database, newId, now }: FactLogDeps): FactLog {
  return {
    receive: (tenantId, received) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          await oneWriterAtATime(tx, tenantId);
          const ids = received.map(({ eventId }) => eventId);
          const unseen = await takeMany(tx, 'insights', consumer, ids);
          // A batch may hold an event twice.
          const fresh = new Map(
            received.filter(({ eventId }) => unseen.has(eventId)).map((one) => [one.eventId, one]),
          );
          await take(tx, tenantId, [...fresh.values()], now());
        },
        writing,
      ),

    endGrace: (tenantId, callIds) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          await oneWriterAtATime(tx, tenantId);
          const waiting = (await projectCalls(tx, callIds)).filter((call) => call.awaitsConversation);
          const facts = waiting.map(({ callId, clinicId }) => ({
            eventId: newId(),
            fact: { kind: 'grace-over', callId, clinicId, atMs: now() } as const,
          }));
          await take(tx, tenantId, facts, now());
          return facts.length;
        },
        writing,
      ),

    async awaitingSince(beforeMs, atMost) {
      const rows = await database.client.$queryRawUnsafe<{ tenant_id: string; call_id: string }[]>(
        'SELECT tenant_id::text, call_id FROM insights.calls_awaiting_since($1::timestamptz, $2::integer)',
        new Date(beforeMs).toISOString(),
        atMost,
      );
      return rows.map((row) => ({ tenantId: row.tenant_id, callId: row.call_id }));
    },

    rebuild: (tenantId) =>
      rebuildTenant((work) =>
        database.inTenant(
          tenantId,
          async (tx) => {
            await oneWriterAtATime(tx, tenantId);
            return work(tx, tenantId);
          },
          writing,
        ),
      ),
  };
}

/** A fact of an event, or one of ours, which has no trace. */
type NewFact = Omit<ReceivedFact, 'traceparent'> & { readonly traceparent?: string };

/** Appends facts, makes the figures that they concern anew, and tells the scores that follow. */
async function take(
  tx: InsightsTx,
  tenantId: string,
  received: readonly NewFact[],
  atMs: number,
): Promise<void> {
  if (received.length === 0) return;
  await insertFacts(tx, tenantId, received);
  const facts = received.map(({ fact }) => fact);

  const calls = await projectCalls(tx, idsIn(facts, 'callId'));
  await writeFigures(tx, tenantId, callTable, calls);

  const attemptIds = [...idsIn(facts, 'attemptId'), ...calls.map((call) => call.attemptId)];
  const recipientIds = [...idsIn(facts, 'recipientId'), ...(await recipientsOfAttempts(tx, attemptIds))];
  await writeFigures(tx, tenantId, recipientTable, await projectRecipients(tx, recipientIds));

  const campaignIds = [...idsIn(facts, 'campaignId'), ...calls.map((call) => call.campaignId)];
  const campaigns = await projectCampaigns(tx, campaignIds.filter(Boolean));
  await writeFigures(tx, tenantId, campaignTable, campaigns);

  await tellScores(tx, tenantId, calls, { traceparents: traceparentsOf(received), atMs });
}

/** The ids of one kind that facts name. */
function idsIn(facts: readonly Fact[], key: 'callId' | 'attemptId' | 'recipientId' | 'campaignId'): string[] {
  const ids = facts.map((fact) => (key in fact ? (fact as { [k in typeof key]?: string })[key] : undefined));
  return [...new Set(ids)].filter((id): id is string => id !== undefined && id !== '');
}

/** By call, the trace of the fact that completed what its score needs: the last one received. */
function traceparentsOf(received: readonly NewFact[]): ReadonlyMap<string, string> {
  return new Map(
    received.flatMap(({ fact, traceparent }) =>
      'callId' in fact && traceparent ? [[fact.callId, traceparent] as const] : [],
    ),
  );
}

/** A call's score is told once, whatever becomes known of the call later. */
async function tellScores(
  tx: InsightsTx,
  tenantId: string,
  calls: readonly CallFigures[],
  { traceparents, atMs }: { traceparents: ReadonlyMap<string, string>; atMs: number },
): Promise<void> {
  const scored = calls.flatMap((call) => (call.score ? [{ ...call, score: call.score }] : []));
  if (scored.length === 0) return;
  const untold = await tx.$queryRawUnsafe<{ call_id: string }[]>(
    `INSERT INTO insights.scores_told (tenant_id, call_id) SELECT $1::uuid, id FROM unnest($2::text[]) AS id
     ON CONFLICT DO NOTHING RETURNING call_id`,
    tenantId,
    scored.map((call) => call.callId),
  );
  const now = new Set(untold.map((row) => row.call_id));
  for (const call of scored.filter(({ callId }) => now.has(callId))) {
    const traceparent = traceparents.get(call.callId);
    await appendToOutbox(tx, 'insights', {
      ...callScored(tenantId, call, atMs),
      ...(traceparent ? { traceparent } : {}),
    });
  }
}
