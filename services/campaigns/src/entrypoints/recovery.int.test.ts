import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { events } from '@wardline/contracts';
import {
  callCompleted,
  driver,
  hospital,
  mondayNoon,
  numberOf,
  startCampaigns,
  type RunningCampaigns,
} from '../testing/index.ts';
import { until } from '../testing/until.ts';

let app: RunningCampaigns;
let us: ReturnType<typeof driver>;
const minute = 60_000;
const tenantId = hospital.tenantId;

beforeAll(async () => {
  app = await startCampaigns();
  us = driver(app);
});
afterAll(() => app?.stop());
beforeEach(() => {
  app.clock.ms = mondayNoon;
  app.telephony.down = false;
});
afterEach(async () => {
  await app.admin.query(
    'DELETE FROM campaigns.attempts; DELETE FROM campaigns.recipients; DELETE FROM campaigns.turns',
  );
  await app.admin.query('DELETE FROM campaigns.outbox');
});

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `P${i}`, phone: numberOf(i) }));
const results = async (campaignId: string) =>
  Object.fromEntries((await us.progress(campaignId)).results.map((r) => [r.result, r.count]));

describe('what telephony has not dialled', () => {
  it('goes back when its time is over, is no attempt, and is handed over again', async () => {
    const campaignId = await us.started(people(1), { attemptsMax: 1 });
    await app.tick();
    const [first] = await us.queued();
    app.clock.ms += minute + 1;
    await app.tick();
    const [second] = await us.queued();
    expect(second?.attemptId).not.toBe(first!.attemptId);
    expect(await us.authorise(first!.attemptId)).toMatchObject({ allowed: false, reason: 'over' });
    expect(await us.authorise(second!.attemptId)).toMatchObject({ allowed: true });
    expect((await us.progress(campaignId)).calls).toBe(1);
  });
});

describe('a call whose end was not heard of', () => {
  const live = async () => {
    const campaignId = await us.started(people(1), { attemptsMax: 1 });
    await app.tick();
    const [attempt] = await us.queued();
    const { callId } = await us.authorise(attempt!.attemptId);
    return { campaignId, callId, attemptId: attempt!.attemptId };
  };

  it('is looked up after ten minutes and settled by what telephony knows', async () => {
    const { campaignId, callId } = await live();
    app.telephony.calls.set(callId, { state: events.CallState.ACTIVE });
    app.clock.ms += 9 * minute;
    await app.tick();
    expect(app.telephony.asked).not.toContain(callId);
    app.clock.ms += minute;
    await app.tick();
    expect(app.telephony.asked).toContain(callId);
    expect(await us.progress(campaignId)).toMatchObject({ live: 1 });

    app.telephony.down = true;
    app.clock.ms += minute;
    await app.tick();
    expect(await us.progress(campaignId)).toMatchObject({ live: 1 });

    app.telephony.down = false;
    const ended = { outcome: events.CallOutcome.CONFIRMED, endedAtMs: app.clock.ms };
    app.telephony.calls.set(callId, { state: events.CallState.COMPLETED, ...ended });
    app.clock.ms += minute;
    await app.tick();
    expect(await results(campaignId)).toEqual({ confirmed: 1 });
  });

  it('of which telephony knows nothing was not made: the person is called again', async () => {
    const { campaignId, attemptId, callId } = await live();
    app.clock.ms += 10 * minute;
    await app.tick();
    expect(await us.progress(campaignId)).toMatchObject({ waiting: 1, live: 0 });
    app.clock.ms += minute;
    await app.tick();
    expect(await us.queued()).toHaveLength(1);
    // It was made after all: the result counts, and nobody is called a second time.
    const end = { tenantId, callId, attemptId, atMs: app.clock.ms, outcome: events.CallOutcome.MOVED };
    app.bus.publish(callCompleted(end));
    await app.bus.idle();
    expect(await results(campaignId)).toEqual({ moved: 1 });
    expect(await us.progress(campaignId)).toMatchObject({ queued: 0, settled: 1 });
  });
});

describe('the end of a campaign', () => {
  it('comes when the last can never be called any more', async () => {
    const campaignId = await us.started(people(3), { lastDay: '2031-03-03', callsAtOnceMax: 1 });
    await app.tick();
    const [attempt] = await us.queued();
    const { callId } = await us.authorise(attempt!.attemptId);
    app.clock.ms = Date.parse('2031-03-03T17:30:00Z');
    const end = { tenantId, callId, attemptId: attempt!.attemptId, atMs: app.clock.ms };
    app.bus.publish(callCompleted({ ...end, outcome: events.CallOutcome.NO_INPUT }));
    await app.bus.idle();
    await app.tick();
    await app.tick();
    expect(await us.campaign(campaignId)).toMatchObject({ state: events.CampaignState.COMPLETED });
    expect(await results(campaignId)).toEqual({ 'not-reached': 1, 'not-called': 2 });
  });

  it('by cancelling settles everybody who is not in a call, and those when their call ends', async () => {
    const campaignId = await us.started(people(300), { callsAtOnceMax: 2 });
    await app.tick();
    const [attempt] = await us.queued();
    const { callId } = await us.authorise(attempt!.attemptId);
    await us.cancel(campaignId);
    for (let i = 0; i < 3; i += 1) await app.tick();
    expect(await us.progress(campaignId)).toMatchObject({ settled: 299, live: 1 });
    const end = { tenantId, callId, attemptId: attempt!.attemptId, atMs: app.clock.ms };
    app.bus.publish(callCompleted({ ...end, outcome: events.CallOutcome.CONFIRMED }));
    await app.bus.idle();
    await app.tick();
    expect(await results(campaignId)).toEqual({ confirmed: 1, 'not-called': 299 });
    const settled = (await app.relay()).filter((e) => e.topic === 'campaigns.settled');
    expect(new Set(settled.map((e) => e.key)).size).toBe(300);
    expect(settled).toHaveLength(300);
    await expect(us.resume(campaignId)).rejects.toThrow('a cancelled campaign');
  });
});

describe('several instances', () => {
  it('share the work: nobody is queued twice, no number is in two calls, no limit is passed', async () => {
    const others = [app.composeOne(), app.composeOne()];
    await Promise.all(others.map((other) => other.start()));
    try {
      const shared = Array.from({ length: 60 }, (_, i) => ({ name: `P${i}`, phone: numberOf(i % 40) }));
      const ids = await Promise.all([
        us.started(shared, { callsAtOnceMax: 7, name: 'one' }),
        us.started(shared, { callsAtOnceMax: 100, name: 'two' }),
      ]);
      const seen = new Set<string>();
      const keysLive = new Map<string, string>();
      let busiest = 0;
      for (let round = 0; round < 200; round += 1) {
        await Promise.all([app, ...others].map((instance) => instance.tick()));
        const queued = await us.queued();
        for (const { attemptId, key } of queued) {
          expect(seen.has(attemptId)).toBe(false);
          seen.add(attemptId);
          expect(keysLive.has(key)).toBe(false);
          keysLive.set(key, attemptId);
        }
        busiest = Math.max(busiest, queued.filter((q) => q.campaignId === ids[0]).length);
        for (const { attemptId, key } of queued) {
          const { allowed, callId } = await us.authorise(attemptId);
          expect(allowed).toBe(true);
          const end = { tenantId, callId, attemptId, atMs: app.clock.ms };
          app.bus.publish(callCompleted({ ...end, outcome: events.CallOutcome.CONFIRMED }));
          keysLive.delete(key);
        }
        await app.bus.idle();
        app.clock.ms += 16_000;
        const left = await Promise.all(ids.map(async (id) => (await us.progress(id)).settled));
        if (left.every((settled) => settled === 60)) break;
      }
      expect(await Promise.all(ids.map(results))).toEqual([{ confirmed: 60 }, { confirmed: 60 }]);
      expect(seen.size).toBe(120);
      expect(busiest).toBeLessThanOrEqual(7);
    } finally {
      await Promise.all(others.map((other) => other.stop()));
    }
  });

  it('that are killed in the middle leave nothing behind that others cannot go on with', async () => {
    const campaignId = await us.started(people(80), { callsAtOnceMax: 100 });
    const child = startInstance();
    // It dies while it is queueing: after the first events are in the outbox, and before it can be done.
    await until(
      async () =>
        Number((await app.admin.query('SELECT count(*) FROM campaigns.attempts')).rows[0].count) > 0,
    );
    await kill(child);
    const { rows } = await app.admin.query(
      `SELECT (SELECT count(*)::int FROM campaigns.attempts) AS attempts,
         (SELECT count(*)::int FROM campaigns.outbox WHERE topic = 'campaigns.queued') AS events,
         (SELECT count(*)::int FROM campaigns.recipients WHERE state = 'queued') AS recipients`,
    );
    expect(rows[0].attempts).toBe(rows[0].events);
    expect(rows[0].attempts).toBe(rows[0].recipients);
    // Its turn is a lease: when that has run out, another instance goes on.
    for (let round = 0; round < 20 && (await us.progress(campaignId)).settled < 80; round += 1) {
      for (const { attemptId } of await us.queued()) {
        const { allowed, callId } = await us.authorise(attemptId);
        const end = { tenantId, callId, attemptId, atMs: app.clock.ms };
        if (allowed) app.bus.publish(callCompleted({ ...end, outcome: events.CallOutcome.CONFIRMED }));
      }
      await app.bus.idle();
      app.clock.ms += 16_000;
      await app.tick();
    }
    expect(await results(campaignId)).toEqual({ confirmed: 80 });
    expect((await us.progress(campaignId)).calls).toBe(80);
  });
});

function startInstance(): ChildProcess {
  const { databaseUrl, serviceKey, patientsUrl, telephonyUrl, brainUrl } = app.config;
  return fork(fileURLToPath(new URL('../testing/lone-queuer.ts', import.meta.url)), {
    env: {
      PATH: process.env['PATH'],
      ...{ DATABASE: databaseUrl, SERVICE_KEY: serviceKey, NOW_MS: String(app.clock.ms) },
      ...{ PATIENTS: patientsUrl, TELEPHONY: telephonyUrl, BRAIN: brainUrl },
    },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: 'ignore',
  });
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
