import { createSilentLogger } from '@wardline/observability';
import { startTestDatabase } from '@wardline/persistence/testing';
import { uuidv7 } from '@wardline/event-bus';
import { openInsightsDatabase } from '../adapters/postgres/insights-database.ts';
import { createPostgresFactLog } from '../adapters/postgres/postgres-fact-log.ts';
import { createPostgresFigures } from '../adapters/postgres/postgres-figures.ts';
import type { Fact } from '../domain/facts.ts';
import { insightsSchema } from '../schema.ts';

// How fast facts become figures, how long reading and rebuilding takes: one campaign, one call to each of its patients.
const CALLS = Number(process.argv[2] ?? 20_000);
const BATCH = 500;
const tenantId = uuidv7();
const campaignId = uuidv7();
const clinicId = 'clinic';
const now = Date.now();

function factsOfCall(n: number): Fact[] {
  const callId = uuidv7();
  const attemptId = uuidv7();
  const recipientId = uuidv7();
  const call = { callId, clinicId, campaignId, attemptId };
  const [initiatedAtMs, answeredAtMs, endedAtMs] = [now + n, now + n + 8_000, now + n + 50_000];
  return [
    { kind: 'call-queued', attemptId, campaignId, clinicId, recipientId },
    { kind: 'call-initiated', ...call, direction: 'outbound', initiatedAtMs },
    { kind: 'call-changed', ...call, toState: 'ringing', changedAtMs: initiatedAtMs + 500 },
    { kind: 'call-changed', ...call, toState: 'active', changedAtMs: answeredAtMs },
    { kind: 'call-changed', ...call, toState: 'completed', changedAtMs: endedAtMs },
    {
      kind: 'call-completed',
      ...call,
      ...{ direction: 'outbound', outcome: 'confirmed', endReason: 'we-hung-up', talkMs: 42_000 },
      ...{ initiatedAtMs, answeredAtMs, endedAtMs },
    },
    {
      kind: 'conversation-ended',
      ...{ callId, clinicId, turns: 5, notUnderstood: n % 3, silences: 0, interruptions: 0, endedAtMs },
      responseMs: [600 + (n % 500), 700, 800, 900],
    },
    {
      kind: 'recipient-settled',
      ...{ recipientId, campaignId, clinicId, result: 'confirmed', attempts: 1, settledAtMs: endedAtMs },
    },
  ];
}

const database = await startTestDatabase({ services: [insightsSchema] });
const insights = openInsightsDatabase(database.url(insightsSchema.role), createSilentLogger());
const log = createPostgresFactLog({ database: insights, newId: uuidv7, now: Date.now });
const figures = createPostgresFigures(insights);
const say = (line: string) => process.stdout.write(`${line}\n`);
const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> => {
  const from = performance.now();
  const value = await work();
  return { ms: performance.now() - from, value };
};
try {
  // As a campaign with fifty calls at once would send them: each batch has a little of many calls.
  const facts = Array.from({ length: CALLS / 50 }, (_, block) => {
    const calls = Array.from({ length: 50 }, (__, n) => factsOfCall(block * 50 + n));
    return Array.from({ length: 8 }, (__, step) => calls.map((call) => call[step]!)).flat();
  }).flat();
  const { ms } = await timed(async () => {
    for (let from = 0; from < facts.length; from += BATCH) {
      const batch = facts.slice(from, from + BATCH);
      await log.receive(
        tenantId,
        batch.map((fact) => ({ eventId: uuidv7(), traceparent: '00-0-0-01', fact })),
      );
    }
  });
  say(`${facts.length} facts of ${CALLS} calls: ${Math.round((1_000 * facts.length) / ms)} per second`);
  const campaign = await timed(() => figures.campaign(tenantId, campaignId));
  say(`campaign: ${Math.round(campaign.ms)} ms (${campaign.value?.called} called)`);
  const query = { clinicId, fromMs: now, toMs: now + CALLS };
  const summary = await timed(() => figures.summary(tenantId, query));
  say(`summary: ${Math.round(summary.ms)} ms (${summary.value.calls} calls)`);
  const rebuilt = await timed(() => log.rebuild(tenantId));
  say(`rebuild: ${Math.round(rebuilt.ms)} ms ${JSON.stringify(rebuilt.value)}`);
} finally {
  await insights.close();
  await database.stop();
}
