import { appendToOutbox, busSchema, createPostgresLog, uuidv7, type NewEvent } from '@wardline/event-bus';
import { createSilentLogger } from '@wardline/observability';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import type { Component } from '@wardline/service-runtime';
import fc from 'fast-check';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openInsightsDatabase, type InsightsDatabase } from '../adapters/postgres/insights-database.ts';
import { createPostgresFactLog } from '../adapters/postgres/postgres-fact-log.ts';
import { createPostgresFigures } from '../adapters/postgres/postgres-figures.ts';
import { insightsSchema } from '../schema.ts';
import { againInAnyOrder } from '../testing/arbitrary-facts.ts';
import { campaignStory, eventsOf } from '../testing/index.ts';
import { consumeEvents } from './consume-events.ts';
import { readFact } from './read-fact.ts';

// Events of one call come in five topics, and between topics nothing is ordered; after a crash they come again. Whatever
// happens on the way, the same events have to give the same figures, and every score is told once.

const CAMPAIGN = 'campaign';
const logger = createSilentLogger();
let database: TestDatabase;
let insights: InsightsDatabase;
let admin: pg.Client;
let relay: Component;
beforeAll(async () => {
  database = await startTestDatabase({ services: [busSchema, insightsSchema] });
  insights = openInsightsDatabase(database.url(insightsSchema.role), logger);
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  relay = createPostgresLog({ connectionString: database.url(busSchema.role), logger }).relay;
  await relay.start();
});
afterAll(async () => {
  await relay?.close();
  await insights?.close();
  await admin?.end();
  await database?.stop();
});

const factLog = () => createPostgresFactLog({ database: insights, newId: uuidv7, now: Date.now });

/** Everything that the figures of a story say; the calls in an order of their content, since their ids are new. */
async function figuresOf(tenantId: string) {
  const figures = createPostgresFigures(insights);
  const { rows } = await admin.query<{ call_id: string }>(
    'SELECT call_id FROM insights.calls WHERE tenant_id = $1',
    [tenantId],
  );
  const calls = await figures.calls(
    tenantId,
    rows.map((row) => row.call_id),
  );
  return {
    campaign: await figures.campaign(tenantId, CAMPAIGN),
    calls: calls.map(({ callId: _, ...call }) => JSON.stringify(call)).sort(),
  };
}

/** The calls whose scores were told, once the relay has published what was in the outbox. */
async function toldOf(tenantId: string): Promise<string[]> {
  for (;;) {
    const { rows } = await admin.query<{ waiting: number; told: string[] }>(
      `SELECT (SELECT count(*)::int FROM insights.outbox WHERE tenant_id = $1) AS waiting,
              ARRAY(SELECT key FROM bus.log WHERE topic = 'insights.scored' AND tenant_id = $1) AS told`,
      [tenantId],
    );
    if (rows[0]!.waiting === 0) return rows[0]!.told;
    await pause(20);
  }
}
const storyOf = (tenantId: string) => campaignStory(eventsOf(tenantId, 'clinic'), CAMPAIGN).story;
const received = (event: NewEvent) => {
  const read = readFact(event as never);
  if (read.kind === 'unreadable') throw new Error(read.reason);
  return { eventId: event.id!, traceparent: event.traceparent ?? '00-0-0-01', fact: read.fact };
};

describe('the events of a campaign', () => {
  it('give the same figures in any order, repeated, and in any batches, two of them at a time', async () => {
    const inOrder = uuidv7();
    await factLog().receive(inOrder, storyOf(inOrder).map(received));
    const expected = await figuresOf(inOrder);
    expect(expected.campaign).toMatchObject({ calls: 5, called: 4, answered: 3, decided: 2 });
    const length = storyOf(uuidv7()).length;
    const deliveries = fc.tuple(
      againInAnyOrder(Array.from({ length }, (_, at) => at)),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: length * 2, maxLength: length * 2 }),
    );
    await fc.assert(
      fc.asyncProperty(deliveries, async ([order, sizes]) => {
        const tenantId = uuidv7();
        const log = factLog();
        const events = storyOf(tenantId).map(received);
        const batches: (typeof events)[] = [];
        for (let from = 0; from < order.length; from += sizes[batches.length - 1]!) {
          batches.push(order.slice(from, from + sizes[batches.length]!).map((at) => events[at]!));
        }
        for (let at = 0; at < batches.length; at += 2) {
          await Promise.all(batches.slice(at, at + 2).map((batch) => log.receive(tenantId, batch)));
        }
        expect(await figuresOf(tenantId)).toEqual(expected);
        const told = await toldOf(tenantId);
        expect(told).toHaveLength(3);
        expect(new Set(told).size).toBe(3);
        expect(await log.rebuild(tenantId)).toMatchObject({ facts: length, differed: 0 });
        expect(await figuresOf(tenantId)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  it('come over the real log, and change nothing when all of them come again', async () => {
    const tenantId = uuidv7();
    const story = storyOf(tenantId);
    for (const event of story.toReversed()) {
      await appendToOutbox(
        { $executeRawUnsafe: async (sql, ...values) => (await admin.query(sql, values)).rowCount ?? 0 },
        'insights',
        event,
      );
    }
    await consumed(async () => (await factsOf(tenantId)) === story.length);
    const figures = await figuresOf(tenantId);
    const told = await toldOf(tenantId);
    expect(figures.campaign).toMatchObject({ calls: 5, called: 4, answered: 3, decided: 2 });
    expect(new Set(told).size).toBe(3);

    // As after a restore of the cursors from an old backup.
    await admin.query(`DELETE FROM bus.consumer_offsets WHERE consumer_group = 'insights'`);
    await consumed(cursorsAtEnd);
    expect(await figuresOf(tenantId)).toEqual(figures);

    // And when the inbox has long forgotten them: the facts know their events.
    await admin.query('DELETE FROM insights.inbox');
    await admin.query(`DELETE FROM bus.consumer_offsets WHERE consumer_group = 'insights'`);
    await consumed(cursorsAtEnd);
    const { rows } = await admin.query(
      `SELECT count(*)::int AS n FROM insights.inbox WHERE consumer = 'insights'`,
    );
    expect(rows[0]).toEqual({ n: story.length });
    expect(await factsOf(tenantId)).toBe(story.length);
    expect(await figuresOf(tenantId)).toEqual(figures);
    expect(await toldOf(tenantId)).toEqual(told);
  }, 120_000);
});

/** Consumes from the real log until the condition holds. */
async function consumed(done: () => Promise<boolean>): Promise<void> {
  const log = createPostgresLog({ connectionString: database.url(busSchema.role), logger });
  const consumer = consumeEvents(log, factLog());
  await consumer.start();
  try {
    while (!(await done())) await pause(20);
  } finally {
    await consumer.drain?.();
    await consumer.close();
  }
}

/** Whether the group has passed everything that is in the log for it. */
async function cursorsAtEnd(): Promise<boolean> {
  const { rows } = await admin.query<{ behind: number }>(
    `SELECT count(*)::int AS behind FROM bus.log l
       LEFT JOIN bus.consumer_offsets c
         ON c.consumer_group = 'insights' AND c.topic = l.topic AND c.partition = l.partition
      WHERE l.topic <> 'insights.scored' AND coalesce(c.next_offset, 0) <= l."offset"`,
  );
  return rows[0]!.behind === 0;
}

async function factsOf(tenantId: string): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM insights.facts WHERE tenant_id = $1',
    [tenantId],
  );
  return rows[0]!.n;
}
