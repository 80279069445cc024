import { events } from '@wardline/contracts';
import pg from 'pg';
import {
  callCompleted,
  callFailed,
  driver,
  hospital,
  mondayNoon,
  numberOf,
  otherHospital,
  startCampaigns,
  type RunningCampaigns,
} from '../testing/index.ts';
import { until } from '../testing/until.ts';

let app: RunningCampaigns;
let us: ReturnType<typeof driver>;
const minute = 60_000;

beforeAll(async () => {
  app = await startCampaigns();
  us = driver(app);
});
afterAll(() => app?.stop());
beforeEach(() => {
  app.clock.ms = mondayNoon;
  app.patients.refused.clear();
  app.patients.failures = 0;
});
afterEach(async () => {
  // Each test has its numbers to itself.
  await app.admin.query(
    'DELETE FROM campaigns.attempts; DELETE FROM campaigns.recipients; DELETE FROM campaigns.turns',
  );
  await app.admin.query('DELETE FROM campaigns.outbox; DELETE FROM campaigns.do_not_call');
});

const people = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ name: `Person ${from + i}`, phone: numberOf(from + i) }));

async function end(attemptId: string, callId: string, outcome: events.CallOutcome) {
  app.bus.publish(
    callCompleted({ tenantId: hospital.tenantId, callId, attemptId, outcome, atMs: app.clock.ms }),
  );
  await app.bus.idle();
}
async function fail(attemptId: string, callId: string, failureReason: string) {
  app.bus.publish(
    callFailed({ tenantId: hospital.tenantId, callId, attemptId, failureReason, atMs: app.clock.ms }),
  );
  await app.bus.idle();
}

describe('a campaign', () => {
  it('is made, filled, started, dialled and completed', async () => {
    const campaignId = await us.started(people(2));
    await app.tick();
    const queued = await us.queued();
    expect(queued.map((q) => q.campaignId)).toEqual([campaignId, campaignId]);
    expect(queued[0]!.key).toMatch(/^[0-9a-f]{64}$/);
    expect(await us.progress(campaignId)).toMatchObject({ recipients: 2, queued: 2, waiting: 0, live: 0 });

    for (const { attemptId } of queued) {
      const answer = await us.authorise(attemptId);
      expect(answer).toMatchObject({
        allowed: true,
        campaignId,
        clinicId: hospital.clinicId,
        leavesVoicemail: true,
      });
      expect(answer.to).toMatch(/^\+447700900/);
      expect(answer.ringTime?.seconds).toBe(25n);
      // Asked again, it is the same call.
      expect(await us.authorise(attemptId)).toEqual(answer);
      const attempt = await us.dialling.getAttempt({ attemptId });
      expect(attempt).toMatchObject({
        callId: answer.callId,
        flowId: 'appointment-reminder',
        flowVersion: 3,
      });
      await end(attemptId, answer.callId, events.CallOutcome.CONFIRMED);
    }
    await app.tick();
    expect(await us.campaign(campaignId)).toMatchObject({
      state: events.CampaignState.COMPLETED,
      progress: { settled: 2, calls: 2, results: [{ result: 'confirmed', count: 2 }] },
    });
    const told = await app.relay();
    expect(told.filter((e) => e.topic === 'campaigns.settled')).toHaveLength(2);
    expect(told.filter((e) => e.topic === 'campaigns.changed').at(-1)?.data).toMatchObject({
      state: 'CAMPAIGN_STATE_COMPLETED',
      recipients: 2,
    });
  });

  it('calls no more people at once than it is set to', async () => {
    const campaignId = await us.started(people(5), { callsAtOnceMax: 2 });
    await app.tick();
    await app.tick();
    const queued = await us.queued();
    expect(queued).toHaveLength(2);
    const { callId } = await us.authorise(queued[0]!.attemptId);
    await app.tick();
    expect(await us.queued()).toEqual([]);
    await end(queued[0]!.attemptId, callId, events.CallOutcome.CONFIRMED);
    await app.tick();
    expect(await us.queued()).toHaveLength(1);
    expect(await us.progress(campaignId)).toMatchObject({ settled: 1, queued: 2, waiting: 2 });
  });

  it('calls two people on one telephone one after the other', async () => {
    const campaignId = await us.started([
      { name: 'Alex', phone: numberOf(1) },
      { name: 'Sam', phone: numberOf(1) },
    ]);
    await app.tick();
    const [first, ...none] = await us.queued();
    expect(none).toEqual([]);
    const { callId } = await us.authorise(first!.attemptId);
    app.clock.ms += minute;
    await app.tick();
    expect(await us.queued()).toEqual([]);
    await end(first!.attemptId, callId, events.CallOutcome.CONFIRMED);
    app.clock.ms += minute;
    await app.tick();
    expect(await us.queued()).toHaveLength(1);
    expect(await us.progress(campaignId)).toMatchObject({ settled: 1, queued: 1 });
  });

  it('calls again after the time that the result asks for, and counts calls that rang', async () => {
    const campaignId = await us.started(people(1), { attemptsMax: 2 });
    const callOnce = async (reason: string) => {
      await app.tick();
      const [attempt] = await us.queued();
      const { callId } = await us.authorise(attempt!.attemptId);
      await fail(attempt!.attemptId, callId, reason);
    };
    await callOnce('destination_out_of_order');
    await app.tick();
    expect(await us.queued()).toEqual([]);
    app.clock.ms += 5 * minute;
    await callOnce('user_busy');
    app.clock.ms += 9 * minute;
    await app.tick();
    expect(await us.queued()).toEqual([]);
    app.clock.ms += minute;
    await callOnce('no_answer');
    expect(await us.progress(campaignId)).toMatchObject({
      settled: 1,
      calls: 3,
      results: [{ result: 'not-reached', count: 1 }],
    });
  });

  it('takes the end of a call however often and late it hears of it', async () => {
    const campaignId = await us.started(people(1));
    await app.tick();
    const [{ attemptId } = { attemptId: '' }] = await us.queued();
    const { callId } = await us.authorise(attemptId);
    await end(attemptId, callId, events.CallOutcome.MOVED);
    await fail(attemptId, callId, 'user_busy');
    await end(attemptId, callId, events.CallOutcome.MOVED);
    expect((await us.progress(campaignId)).results).toMatchObject([{ result: 'moved', count: 1 }]);
    expect((await app.relay()).filter((e) => e.topic === 'campaigns.settled')).toHaveLength(1);
  });

  it('leaves alone what is no attempt of its own', async () => {
    await end('', '01930000-0000-7000-8000-00000000ffff', events.CallOutcome.BOOKED);
    await end(
      '01930000-0000-7000-8000-00000000fffe',
      '01930000-0000-7000-8000-00000000ffff',
      events.CallOutcome.BOOKED,
    );
    await end('x', '01930000-0000-7000-8000-00000000ffff', events.CallOutcome.BOOKED);
    expect(app.bus.deadLetters.map((letter) => letter.reason)).toEqual(['attempt_id is no UUID']);
  });
});

describe('permission to dial', () => {
  const oneQueued = async (o = {}) => {
    const campaignId = await us.started(people(1), o);
    await app.tick();
    const [attempt] = await us.queued();
    return { campaignId, attemptId: attempt!.attemptId };
  };

  it('is refused while the campaign is paused, and the person is called after it is resumed', async () => {
    const { campaignId, attemptId } = await oneQueued();
    await us.pause(campaignId);
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: false, to: '' });
    expect(await us.progress(campaignId)).toMatchObject({ waiting: 1, queued: 0 });
    await us.resume(campaignId);
    await app.tick();
    const [again] = await us.queued();
    expect(await us.authorise(again!.attemptId)).toMatchObject({ allowed: true });
  });

  it('that was given and lost is not given again after a pause; the person is called after it', async () => {
    const { campaignId, attemptId } = await oneQueued();
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: true });
    await us.pause(campaignId);
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: false, reason: 'paused' });
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: false, reason: 'over' });
    expect(await us.progress(campaignId)).toMatchObject({ live: 0, waiting: 1, calls: 0 });
    await us.resume(campaignId);
    await app.tick();
    const [again] = await us.queued();
    expect(await us.authorise(again!.attemptId)).toMatchObject({ allowed: true });
  });

  it('is refused when it comes too late', async () => {
    const { campaignId, attemptId } = await oneQueued();
    app.clock.ms += minute + 1;
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: false, reason: 'too-late' });
    expect(await us.progress(campaignId)).toMatchObject({ waiting: 1, calls: 0 });
  });

  it('is refused outside the window of the person, also when it was open a moment ago', async () => {
    app.clock.ms = Date.parse('2031-03-03T16:59:30Z');
    const { campaignId, attemptId } = await oneQueued();
    app.clock.ms = Date.parse('2031-03-03T17:00:00Z');
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: false, reason: 'outside-window' });
    await app.tick();
    expect(await us.queued()).toEqual([]);
    expect((await us.campaign(campaignId)).holdingBack).toBe('outside-window');
    app.clock.ms = Date.parse('2031-03-04T09:00:00Z');
    await app.tick();
    expect(await us.queued()).toHaveLength(1);
  });

  it('is refused when patients says no, and when it cannot be asked', async () => {
    const { attemptId } = await oneQueued();
    app.patients.failures = 1;
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: false, reason: 'consent-unknown' });
    app.clock.ms += minute;
    await app.tick();
    const [again] = await us.queued();
    app.patients.refused.add(numberOf(0));
    expect(await us.authorise(again!.attemptId)).toMatchObject({ allowed: false, reason: 'opted-out' });
    const settled = (await app.relay()).filter((e) => e.topic === 'campaigns.settled');
    expect(settled.map((e) => e.data['result'])).toEqual(['RECIPIENT_RESULT_NOT_ALLOWED']);
  });

  it('is for attempts of the own hospital, and for telephony', async () => {
    const { attemptId } = await oneQueued();
    expect(await app.dialling(otherHospital.tenantId).authorizeDial({ attemptId })).toMatchObject({
      allowed: false,
    });
    await expect(app.dialling(otherHospital.tenantId).getAttempt({ attemptId })).rejects.toThrow(
      'no such attempt',
    );
    expect(await us.authorise(attemptId)).toMatchObject({ allowed: true });
  });

  it('is never given after a pause has been answered, however many ask', async () => {
    const campaignId = await us.started(people(40), { callsAtOnceMax: 40 });
    await app.tick();
    const queued = await us.queued();
    expect(queued).toHaveLength(40);
    let paused = false;
    const late: string[] = [];
    const asking = queued.map(async ({ attemptId }, index) => {
      // Questions arrive while the pause is being made.
      for (let turn = 0; turn < index; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const after = paused;
      const { allowed } = await us.authorise(attemptId);
      if (after && allowed) late.push(attemptId);
      return allowed;
    });
    const pausing = us.pause(campaignId).then(() => (paused = true));
    const allowed = (await Promise.all(asking)).filter(Boolean).length;
    await pausing;
    expect(late).toEqual([]);
    const { live, waiting } = await us.progress(campaignId);
    expect({ live, waiting }).toEqual({ live: allowed, waiting: 40 - allowed });
    // Nobody gets leave any more, neither those who had it before the pause nor those who were refused.
    const reasons = await Promise.all(
      queued.map(async ({ attemptId }) => (await us.authorise(attemptId)).reason),
    );
    expect(reasons.filter((reason) => reason === 'paused')).toHaveLength(allowed);
    expect(reasons.filter((reason) => reason === 'over')).toHaveLength(40 - allowed);
  });

  it.each([
    ['a pause', `UPDATE campaigns.campaigns SET state = 'paused' WHERE state = 'running'`, 'paused'],
    ['the hospital’s switch', 'UPDATE campaigns.dialling SET stopped = true', 'dialling-stopped'],
  ])('waits for %s that has not committed yet, and then is refused', async (_name, change, reason) => {
    const { attemptId } = await oneQueued();
    const other = new pg.Client({ connectionString: app.database.adminUrl });
    await other.connect();
    try {
      await other.query('begin');
      await other.query(change);
      let answered = false;
      const asked = us.authorise(attemptId).finally(() => (answered = true));
      await until(async () => answered || (await waitingForLocks()) > 0);
      expect(answered).toBe(false);
      await other.query('commit');
      expect(await asked).toMatchObject({ allowed: false, reason });
    } finally {
      await other.end();
      await app.admin.query('UPDATE campaigns.dialling SET stopped = false');
    }
  });

  it('that is being given keeps a pause waiting until it has been', async () => {
    const { campaignId, attemptId } = await oneQueued();
    const other = new pg.Client({ connectionString: app.database.adminUrl });
    await other.connect();
    try {
      // Holds up the decision after it has read that the campaign runs.
      await other.query('begin');
      await other.query('SELECT FROM campaigns.attempts WHERE id = $1 FOR UPDATE', [attemptId]);
      const asked = us.authorise(attemptId);
      await until(async () => (await waitingForLocks()) === 1);
      let paused = false;
      const pausing = us.pause(campaignId).finally(() => (paused = true));
      await until(async () => paused || (await waitingForLocks()) === 2);
      expect(paused).toBe(false);
      await other.query('commit');
      expect(await asked).toMatchObject({ allowed: true });
      await pausing;
      expect(await us.progress(campaignId)).toMatchObject({ live: 1, waiting: 0 });
    } finally {
      await other.end();
    }
  });
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await app.admin.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'wardline_campaigns'`,
  );
  return rows[0].n as number;
}
