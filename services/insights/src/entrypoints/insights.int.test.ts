import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { demo, events } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import { newTraceparent } from '@wardline/observability';
import { campaignStory, eventsOf, GRACE_MS, startInsights, type RunningInsights } from '../testing/index.ts';

const [riverside, harbour] = demo.clinics;
const { CallOutcome } = events;
const T = Date.parse('2031-03-04T15:00:00Z');
const make = eventsOf(riverside.tenantId, riverside.clinicId);
const times = (fromMs: number) => ({
  initiatedMs: fromMs,
  answeredMs: fromMs + 8_000,
  endedMs: fromMs + 50_000,
});

let run: RunningInsights;
beforeAll(async () => {
  run = await startInsights();
});
afterAll(() => run?.stop());
beforeEach(async () => {
  await run.told();
});
const rpc = () => run.as(riverside.tenantId);
const insightOf = async (callId: string) => (await rpc().getCallInsight({ callId })).insight!;

describe('a call', () => {
  it('has its figures from the first event on, and its score when both ends are known, once', async () => {
    const callId = uuidv7();
    await expect(rpc().getCallInsight({ callId })).rejects.toMatchObject({ code: Code.NotFound });
    await run.receive([make.completed(callId, times(T))]);
    expect(await insightOf(callId)).toMatchObject({
      talkSeconds: 42,
      outcome: CallOutcome.CONFIRMED,
      score: -1,
    });
    expect(await run.told()).toEqual([]);

    const traceparent = newTraceparent();
    const report = { ...make.conversation(callId, T + 49_000, { notUnderstood: 1 }), traceparent };
    await run.receive([report, report, make.initiated(callId, T), make.active(callId, T + 8_000)]);
    expect(await insightOf(callId)).toMatchObject({
      clinicId: riverside.clinicId,
      direction: events.CallDirection.OUTBOUND,
      turns: 4,
      responseMsP50: 700,
      responseMsMax: 800,
      timeToHumanSeconds: -1,
      score: 75,
      scoreReasons: ['not-understood'],
      initiatedAt: timestampFromMs(T),
    });
    const told = await run.told();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      topic: 'insights.scored',
      key: callId,
      tenantId: riverside.tenantId,
      traceparent,
      data: { callId, score: 75, reasons: ['not-understood'], rulesVersion: 1, clinicId: riverside.clinicId },
    });
  });

  it('counts the seconds from asking for a person to talking with one', async () => {
    const callId = uuidv7();
    const escalated = {
      initiatedMs: T,
      requestedMs: T + 20_000,
      transferredMs: T + 95_000,
      endedMs: T + 200_000,
    };
    await run.receive([make.escalated(callId, escalated), make.conversation(callId, T + 95_000)]);
    expect(await insightOf(callId)).toMatchObject({
      outcome: CallOutcome.TRANSFERRED_TO_PERSON,
      timeToHumanSeconds: 75,
      scoreReasons: ['slow-hand-over'],
    });
  });

  it('without a conversation has no score, however long one waits', async () => {
    const [unanswered, machine] = [uuidv7(), uuidv7()];
    await run.receive([
      make.failed(unanswered, T),
      make.completed(machine, times(T), { outcome: CallOutcome.VOICEMAIL_LEFT }),
      make.conversation(machine, T + 49_000, { turns: 0, responseMs: [] }),
    ]);
    run.clock.nowMs = T + 10 * GRACE_MS;
    await run.service.scoreOverdue();
    expect(await insightOf(unanswered)).toMatchObject({ score: -1 });
    expect(await insightOf(machine)).toMatchObject({ score: -1 });
    expect(await run.told()).toEqual([]);
  });

  it('whose conversation nobody reported is scored when the grace time is over, and not again', async () => {
    const callId = uuidv7();
    await run.receive([make.completed(callId, times(T))]);
    run.clock.nowMs = T + 50_000 + GRACE_MS - 1;
    await run.service.scoreOverdue();
    expect(await run.told()).toEqual([]);
    run.clock.nowMs += 2;
    await Promise.all([run.service.scoreOverdue(), run.service.scoreOverdue()]);
    expect((await run.told()).map(({ key }) => key)).toEqual([callId]);
    expect(await insightOf(callId)).toMatchObject({ score: 80, scoreReasons: ['report-missing'] });

    await run.receive([make.conversation(callId, T + 49_000)]);
    expect(await run.service.scoreOverdue()).toBe(0);
    expect(await run.told()).toEqual([]);
    expect(await insightOf(callId)).toMatchObject({ score: 80, turns: 4 });
  });

  it('is dead-lettered when it cannot be read, and holds up no other', async () => {
    const [bad, good] = [uuidv7(), uuidv7()];
    await run.receive([
      { ...make.initiated(bad, T), data: { callId: bad, clinicId: 'k' } },
      make.initiated(good, T),
    ]);
    expect(run.bus.deadLetters.map(({ reason }) => reason)).toEqual(['CallInitiated without initiated_at']);
    expect(await insightOf(good)).toMatchObject({ callId: good });
  });

  it('is listed in the order asked, without those that are not known', async () => {
    const [a, b] = [uuidv7(), uuidv7()];
    await run.receive([make.initiated(a, T), make.initiated(b, T)]);
    const { insights } = await rpc().listCallInsights({ callIds: [b, uuidv7(), a] });
    expect(insights.map(({ callId }) => callId)).toEqual([b, a]);
  });
});

const campaignOf = async (campaignId: string) => {
  const { results, ...figures } = (await rpc().getCampaignInsight({ campaignId })).insight!;
  return { figures, results: Object.fromEntries(results.map(({ name, count }) => [name, count])) };
};

describe('a campaign', () => {
  it('has its funnel, results and sums, also while it runs', async () => {
    const campaignId = uuidv7();
    await expect(rpc().getCampaignInsight({ campaignId })).rejects.toMatchObject({ code: Code.NotFound });
    const { story, figures, results } = campaignStory(make, campaignId);
    await run.receive(story.slice(0, -4));
    expect((await campaignOf(campaignId)).figures).toMatchObject(figures);
    await run.receive(story.slice(-4));
    const seen = await campaignOf(campaignId);
    expect(seen.figures).toMatchObject(figures);
    expect(seen.results).toEqual(results);
  });
});

describe('a summary', () => {
  const clinic = eventsOf(riverside.tenantId, uuidv7());
  const clinicId = String(clinic.initiated('x', 0).data['clinicId']);
  it('adds up, and has percentiles over all turns', async () => {
    const from = T + 86_400_000;
    const calls = Array.from({ length: 6 }, () => uuidv7());
    const [booked, slow, lost, handed, live, before] = calls as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    await run.receive([
      clinic.completed(booked, times(from), { outcome: CallOutcome.BOOKED }),
      clinic.conversation(booked, from + 49_000, { responseMs: [100, 200, 300] }),
      clinic.completed(slow, times(from), { outcome: CallOutcome.BOOKED }),
      clinic.conversation(slow, from + 49_000, { responseMs: [2_400, 9_000] }),
      clinic.failed(lost, from),
      clinic.escalated(handed, {
        initiatedMs: from,
        requestedMs: from + 10_000,
        transferredMs: from + 30_000,
        endedMs: from + 60_000,
      }),
      clinic.initiated(live, from),
      clinic.initiated(before, from - 1),
    ]);
    const summary = await rpc().getSummary({
      clinicId,
      from: timestampFromMs(from),
      to: timestampFromMs(from + 1),
    });
    expect(summary).toMatchObject({
      calls: 5,
      talkSeconds: 42 + 42 + 30,
      responseMsP50: 300,
      responseMsP95: 9_000,
      timeToHumanSecondsP50: 20,
      // 100, and 100 - 25 (slow answers) - 10 (a long wait).
      scoreMean: 83,
    });
    expect(Object.fromEntries(summary.outcomes.map(({ name, count }) => [name, count]))).toEqual({
      booked: 2,
      failed: 1,
      'transferred-to-person': 1,
      'not-ended': 1,
    });
    expect(await rpc().getSummary({ clinicId: uuidv7() })).toMatchObject({
      ...{ calls: 0, outcomes: [], responseMsP50: 0, timeToHumanSecondsP50: -1, scoreMean: -1 },
    });
  });
});

describe('rebuilding', () => {
  it('finds nothing that differed, and leaves every figure as it was', async () => {
    const campaignId = uuidv7();
    await run.receive(campaignStory(make, campaignId).story);
    const seen = await campaignOf(campaignId);
    await run.told();
    const rebuilt = await rpc().rebuild({});
    expect(rebuilt).toMatchObject({ differed: 0 });
    const { rows } = await run.admin.query(
      `SELECT (SELECT count(*)::int FROM insights.facts) AS facts, (SELECT count(*)::int FROM insights.calls) AS calls,
              (SELECT count(*)::int FROM insights.campaigns) AS campaigns`,
    );
    expect(rebuilt).toMatchObject(rows[0]);
    expect(await campaignOf(campaignId)).toEqual(seen);
    expect(await run.told()).toEqual([]);
  });

  it('repairs figures that are not what the facts say, and counts them', async () => {
    const campaignId = uuidv7();
    const { story, figures } = campaignStory(make, campaignId);
    await run.receive(story);
    await run.admin.query(
      `WITH one AS (SELECT call_id FROM insights.calls WHERE campaign_id = $1 ORDER BY call_id LIMIT 1)
       UPDATE insights.calls c SET talk_seconds = 999 FROM one WHERE c.call_id = one.call_id`,
      [campaignId],
    );
    await run.admin.query('DELETE FROM insights.recipients WHERE campaign_id = $1', [campaignId]);
    await run.admin.query(
      `INSERT INTO insights.campaigns (tenant_id, campaign_id, recipients) VALUES ($1, 'of no fact', 3)`,
      [riverside.tenantId],
    );
    expect(await rpc().rebuild({})).toMatchObject({ differed: 3 });
    expect((await campaignOf(campaignId)).figures).toMatchObject(figures);
    await expect(rpc().getCampaignInsight({ campaignId: 'of no fact' })).rejects.toMatchObject({
      code: Code.NotFound,
    });
    expect(await rpc().rebuild({})).toMatchObject({ differed: 0 });
  });
});

describe('between hospitals', () => {
  it('shows nothing of another, and rebuilds only its own', async () => {
    const callId = uuidv7();
    const campaignId = uuidv7();
    await run.receive([make.initiated(callId, T), make.campaign(campaignId, 1, T)]);
    const there = run.as(harbour.tenantId);
    await expect(there.getCallInsight({ callId })).rejects.toMatchObject({ code: Code.NotFound });
    await expect(there.getCampaignInsight({ campaignId })).rejects.toMatchObject({ code: Code.NotFound });
    expect((await there.listCallInsights({ callIds: [callId] })).insights).toEqual([]);
    expect(await there.getSummary({})).toMatchObject({ calls: 0 });
    expect(await there.rebuild({})).toMatchObject({ facts: 0, calls: 0, campaigns: 0, differed: 0 });
    expect(await insightOf(callId)).toMatchObject({ callId });
  });

  it('keeps no names in its facts', async () => {
    const { rows } = await run.admin.query('SELECT * FROM insights.facts');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/Maria|number of/);
  });
});
