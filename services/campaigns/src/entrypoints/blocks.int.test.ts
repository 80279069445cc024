import { events } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import { recipientResultWord } from '../adapters/contract-words.ts';
import {
  appointmentChanged,
  callCompleted,
  driver,
  hospital,
  mondayNoon,
  numberOf,
  otherHospital,
  patientChanged,
  startCampaigns,
  uploadOf,
  type RunningCampaigns,
} from '../testing/index.ts';
import { until } from '../testing/until.ts';

let app: RunningCampaigns;
let us: ReturnType<typeof driver>;

beforeAll(async () => {
  app = await startCampaigns();
  us = driver(app);
});
afterAll(() => app?.stop());
beforeEach(() => {
  app.clock.ms = mondayNoon;
});
afterEach(async () => {
  await app.admin.query(
    'DELETE FROM campaigns.attempts; DELETE FROM campaigns.recipients; DELETE FROM campaigns.turns',
  );
  await app.admin.query(
    'DELETE FROM campaigns.outbox; DELETE FROM campaigns.do_not_call; DELETE FROM campaigns.blocked_numbers',
  );
  await app.admin.query('DELETE FROM campaigns.patients');
});

const publish = async (event: Parameters<RunningCampaigns['bus']['publish']>[0]) => {
  app.bus.publish(event);
  await app.bus.idle();
};
const tenantId = hospital.tenantId;
const keyOf = (number: string) => app.cipher.blindIndex(tenantId, number, 'patient-number');
const recipients = async (campaignId: string) =>
  (await us.api.listRecipients({ campaignId, limit: 200 })).recipients;
const standings = async (campaignId: string) =>
  (await recipients(campaignId)).map((r) => [r.name, r.state, recipientResultWord(r.result) ?? '']);
const addDoNotCall = (numbers: string[], defaultRegion = 'GB') =>
  us.api.addDoNotCall({ numbers, defaultRegion, note: 'asked by letter', userId: 'u', displayName: 'Robin' });

describe('the do-not-call list', () => {
  it('takes numbers off every campaign at once, and keeps them off', async () => {
    const people = [1, 2, 3].map((i) => ({ name: `P${i}`, phone: numberOf(i) }));
    const running = await us.started(people);
    await app.tick();
    const paused = await us.started(people, { name: 'Other' });
    await us.pause(paused);
    const draft = await us.draftWith(people);
    const queued = await us.queued();

    expect(await addDoNotCall(['07700 900001', numberOf(1), numberOf(2)])).toMatchObject({
      added: 2,
      known: 0,
    });
    expect(await standings(running)).toEqual([
      ['P1', 'settled', 'not-allowed'],
      ['P2', 'settled', 'not-allowed'],
      ['P3', 'queued', ''],
    ]);
    expect((await standings(paused)).map(([, state]) => state)).toEqual(['settled', 'settled', 'waiting']);
    const answers = await Promise.all(queued.map(({ attemptId }) => us.authorise(attemptId)));
    expect(answers.filter((a) => a.allowed).map((a) => a.to)).toEqual([numberOf(3)]);

    // Drafts are looked at when they begin.
    await us.start(draft);
    await app.tick();
    expect((await standings(draft)).filter(([, state]) => state === 'settled')).toHaveLength(2);
    const settled = (await app.relay()).filter((e) => e.topic === 'campaigns.settled');
    expect(settled).toHaveLength(6);
  });

  it('is listed newest first, page by page, and an entry can be removed once', async () => {
    for (let i = 0; i < 3; i += 1) {
      app.clock.ms += 1_000;
      await addDoNotCall([numberOf(i)]);
    }
    expect(await addDoNotCall([numberOf(0)])).toMatchObject({ added: 0, known: 1 });
    const first = await us.api.listDoNotCall({ limit: 2 });
    expect(first.entries.map((e) => [e.number, e.note, e.addedByName])).toEqual([
      [numberOf(2), 'asked by letter', 'Robin'],
      [numberOf(1), 'asked by letter', 'Robin'],
    ]);
    const rest = await us.api.listDoNotCall({ limit: 2, cursor: first.nextCursor });
    expect([rest.entries.map((e) => e.number), rest.nextCursor]).toEqual([[numberOf(0)], '']);
    const { entryId } = rest.entries[0]!;
    await expect(app.as(otherHospital.tenantId).removeDoNotCall({ entryId })).rejects.toThrow(
      'no such entry',
    );
    const of = async (number: string, tenant = us.api) =>
      (await tenant.listDoNotCall({ number })).entries.map((entry) => entry.number);
    expect(await of(numberOf(0))).toEqual([numberOf(0)]);
    expect(await of(numberOf(9))).toEqual([]);
    expect(await of(numberOf(0), app.as(otherHospital.tenantId))).toEqual([]);
    await expect(of('07700 900001')).rejects.toThrow(/^\[invalid_argument\] number: /);
    await us.api.removeDoNotCall({ entryId });
    await expect(us.api.removeDoNotCall({ entryId })).rejects.toThrow('no such entry');
  });

  it('names what is no number by its place, and adds nothing then', async () => {
    await expect(addDoNotCall([numberOf(1), '12', 'x'])).rejects.toThrow(/numbers\[1\]: .*numbers\[2\]: /);
    await expect(addDoNotCall([])).rejects.toThrow('numbers must be 1 to 1000');
    await expect(addDoNotCall(['1'], 'XX')).rejects.toThrow('default_region');
    expect((await us.api.listDoNotCall({})).entries).toEqual([]);
  });
});

/** The one call that is due, dialled, with what telephony may tell of its end. */
async function liveCall() {
  await app.tick();
  const [attempt] = await us.queued();
  const { attemptId } = attempt!;
  const { callId } = await us.authorise(attemptId);
  const ended = (outcome: events.CallOutcome) =>
    publish(callCompleted({ tenantId, callId, attemptId, atMs: app.clock.ms, outcome }));
  return { callId, ended };
}

/** What was said of recipients since the last look. */
async function settledAs() {
  return (await app.relay()).filter((e) => e.topic === 'campaigns.settled').map(({ data }) => data['result']);
}

describe('an opt-out', () => {
  it('takes the person and the number off all campaigns before the next dial', async () => {
    const person = { name: 'Kim', phone: numberOf(1), externalId: 'K' };
    const elsewhere = { name: 'Kim', phone: numberOf(2), externalId: 'K' };
    const housemate = { name: 'Sam', phone: numberOf(1) };
    const first = await us.started([person, elsewhere, housemate]);
    await until(async () => (await recipients(first)).every((r) => r.patientId !== ''));
    await app.tick();
    const [attempt] = await us.queued();
    const call = await us.authorise(attempt!.attemptId);
    expect(call).toMatchObject({ allowed: true, to: numberOf(1) });
    const second = await us.started([person], { name: 'Other' });
    await until(async () => (await recipients(second)).every((r) => r.patientId !== ''));

    const [{ patientId } = { patientId: '' }] = await recipients(first);
    const blockedNumberKeys = [keyOf(numberOf(1))];
    await publish(patientChanged({ tenantId, patientId, outreachAllowed: false, blockedNumberKeys }));
    expect(await standings(first)).toEqual([
      ['Kim', 'live', ''],
      ['Kim', 'settled', 'opted-out'],
      ['Sam', 'settled', 'not-allowed'],
    ]);
    expect((await standings(second)).map(([, , result]) => result)).toEqual(['opted-out']);
    // The call in which it was said may break: the person has opted out all the same.
    await publish(
      callCompleted({
        ...{ tenantId, callId: call.callId, attemptId: attempt!.attemptId, atMs: app.clock.ms },
        outcome: events.CallOutcome.UNSPECIFIED,
      }),
    );
    expect((await standings(first))[0]).toEqual(['Kim', 'settled', 'opted-out']);
  });

  describe('in a call of which telephony knows less, because it was gone meanwhile', () => {
    const { ABANDONED, UNSPECIFIED, NOT_BOOKED, CONFIRMED } = events.CallOutcome;
    const inCall = async () => {
      const campaignId = await us.started([{ name: 'Kim', phone: numberOf(1) }]);
      await until(async () => (await recipients(campaignId)).every((r) => r.patientId !== ''));
      const call = await liveCall();
      const [{ patientId } = { patientId: '' }] = await recipients(campaignId);
      const optedOut = (inCallId: string) =>
        publish(
          patientChanged({
            ...{ tenantId, patientId, outreachAllowed: false, optedOutInCall: inCallId },
            blockedNumberKeys: [keyOf(numberOf(1))],
          }),
        );
      return { campaignId, optedOut, ...call };
    };

    it.each([
      ['abandoned', ABANDONED],
      ['nothing', UNSPECIFIED],
      ['hung up on', NOT_BOOKED],
      ['confirmed before', CONFIRMED],
    ])('is what the call comes to: %s', async (_, outcome) => {
      const { campaignId, callId, optedOut, ended } = await inCall();
      await optedOut(callId);
      expect(await standings(campaignId)).toEqual([['Kim', 'live', '']]);
      await ended(outcome);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'opted-out']]);
      expect(await settledAs()).toEqual(['RECIPIENT_RESULT_OPTED_OUT']);
    });

    it('corrects what was said of the call when it is heard of later, once', async () => {
      const { campaignId, callId, optedOut, ended } = await inCall();
      await ended(ABANDONED);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'no-decision']]);
      await optedOut(callId);
      await optedOut(callId);
      const [kim] = await recipients(campaignId);
      expect([kim!.calls.map((c) => c.result), recipientResultWord(kim!.result), kim!.attempts]).toEqual([
        ['opted-out'],
        'opted-out',
        1,
      ]);
      expect(await settledAs()).toEqual(['RECIPIENT_RESULT_NO_DECISION', 'RECIPIENT_RESULT_OPTED_OUT']);
    });

    it('comes of a call that broke, and nobody is called again', async () => {
      const { campaignId, callId, optedOut, ended } = await inCall();
      await ended(UNSPECIFIED);
      expect(await standings(campaignId)).toEqual([['Kim', 'waiting', '']]);
      await optedOut(callId);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'opted-out']]);
    });

    it('and not of another call: whoever said so elsewhere decided nothing in ours', async () => {
      const { campaignId, optedOut, ended } = await inCall();
      await optedOut(uuidv7());
      await optedOut('by hand');
      await ended(ABANDONED);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'no-decision']]);
    });
  });

  it('before the start means that nobody calls; an older event does not undo it, a newer one does', async () => {
    const campaignId = await us.draftWith([{ name: 'Kim', phone: numberOf(1) }]);
    const patientId = uuidv7();
    const blocked = { tenantId, patientId, outreachAllowed: false, blockedNumberKeys: [keyOf(numberOf(1))] };
    await publish(patientChanged(blocked));
    expect(await us.api.dryRun({ campaignId })).toMatchObject({
      ...{ callable: 0, notCallable: 1, reasons: [{ reason: 'opted-out', count: 1 }] },
      sample: [{ reason: 'opted-out' }],
    });
    await publish(patientChanged({ ...blocked, outreachAllowed: true, blockedNumberKeys: [] }));
    expect(await us.api.dryRun({ campaignId })).toMatchObject({ callable: 1, notCallable: 0 });
    await publish(patientChanged(blocked));
    await us.start(campaignId);
    await app.tick();
    expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'not-allowed']]);
  });
});

describe('an appointment', () => {
  const about = async (change: events.AppointmentChange, o: { callId?: string } = {}) => {
    const appointment = uuidv7();
    const campaignId = await us.started([{ name: 'Kim', phone: numberOf(1), appointment }]);
    const draft = await us.draftWith([{ name: 'Kim', phone: numberOf(1), appointment }]);
    await publish(appointmentChanged({ tenantId, appointmentId: appointment, change, ...o }));
    return { campaignId, draft };
  };

  it.each([
    events.AppointmentChange.MOVED,
    events.AppointmentChange.CANCELLED,
    events.AppointmentChange.CONFIRMED,
  ])('that somebody has changed (%s) is not called about any more', async (change) => {
    const { campaignId, draft } = await about(change);
    expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'not-called']]);
    await us.start(draft);
    await app.tick();
    expect(await standings(draft)).toEqual([['Kim', 'settled', 'not-called']]);
  });

  it('that is booked changes nothing', async () => {
    const { campaignId } = await about(events.AppointmentChange.BOOKED);
    expect(await standings(campaignId)).toEqual([['Kim', 'waiting', '']]);
  });

  describe('that was moved in a call of which telephony knows less, because it was gone meanwhile', () => {
    const { ABANDONED, UNSPECIFIED, NOT_BOOKED, CANCELLED } = events.CallOutcome;
    const inCall = async () => {
      const appointment = uuidv7();
      const campaignId = await us.started([{ name: 'Kim', phone: numberOf(1), appointment }]);
      const call = await liveCall();
      const { callId } = call;
      const changed = (change: events.AppointmentChange, appointmentId = appointment) =>
        publish(appointmentChanged({ tenantId, appointmentId, change, callId }));
      return { campaignId, changed, ...call };
    };
    const { MOVED } = events.AppointmentChange;

    it.each([
      ['abandoned', ABANDONED],
      ['nothing', UNSPECIFIED],
      ['hung up on', NOT_BOOKED],
    ])('is what the call comes to: %s', async (_, outcome) => {
      const { campaignId, changed, ended } = await inCall();
      await changed(MOVED);
      expect(await standings(campaignId)).toEqual([['Kim', 'live', '']]);
      await ended(outcome);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'moved']]);
      expect(await settledAs()).toEqual(['RECIPIENT_RESULT_MOVED']);
    });

    it('comes of a call that broke, and nobody is called again', async () => {
      const { campaignId, changed, ended } = await inCall();
      await ended(UNSPECIFIED);
      expect((await standings(campaignId))[0]?.[1]).toBe('waiting');
      await changed(MOVED);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'moved']]);
    });

    it('corrects what was said of the call, and what is done last counts', async () => {
      const { campaignId, changed, ended } = await inCall();
      await changed(MOVED);
      await ended(ABANDONED);
      await changed(events.AppointmentChange.CANCELLED);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'cancelled']]);
      expect(await settledAs()).toEqual(['RECIPIENT_RESULT_MOVED', 'RECIPIENT_RESULT_CANCELLED']);
    });

    it('does not count more than what the conversation itself said in the end', async () => {
      const { campaignId, changed, ended } = await inCall();
      await ended(CANCELLED);
      await changed(MOVED);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'cancelled']]);
    });

    it('is not what it comes to when it was another appointment', async () => {
      const { campaignId, changed, ended } = await inCall();
      await changed(MOVED, uuidv7());
      await ended(ABANDONED);
      expect(await standings(campaignId)).toEqual([['Kim', 'settled', 'no-decision']]);
    });
  });
});

describe('the hospital’s switch', () => {
  afterEach(() => us.api.setDialling({ stopped: false, userId: 'u', displayName: 'Robin', note: '' }));

  it('stops all campaigns of the hospital at once, and says who did it', async () => {
    const campaignId = await us.started([
      { name: 'A', phone: numberOf(1) },
      { name: 'B', phone: numberOf(2) },
    ]);
    await app.tick();
    const queued = await us.queued();
    await us.api.setDialling({ stopped: true, userId: 'u', displayName: 'Robin', note: 'fire drill' });
    expect(await us.authorise(queued[0]!.attemptId)).toMatchObject({
      allowed: false,
      reason: 'dialling-stopped',
    });
    await app.tick();
    expect(await us.queued()).toEqual([]);
    expect((await us.campaign(campaignId)).holdingBack).toBe('dialling-stopped');
    expect((await us.api.getDialling({})).dialling).toMatchObject({
      ...{ stopped: true, changedByName: 'Robin', note: 'fire drill' },
    });
    expect((await app.as(otherHospital.tenantId).getDialling({})).dialling?.stopped).toBe(false);
    await us.api.setDialling({ stopped: false, userId: 'u', displayName: 'Robin', note: '' });
    await app.tick();
    expect((await us.queued()).length).toBeGreaterThan(0);
  });
});

describe('a dry run', () => {
  it('says who would be called when, who not, and why', async () => {
    const people = [
      { name: 'Now', phone: numberOf(1) },
      { name: 'Housemate', phone: numberOf(1) },
      { name: 'Later', phone: '+13035550143' },
      { name: 'Never', phone: numberOf(4) },
    ];
    await addDoNotCall([numberOf(4)]);
    const campaignId = await us.draftWith(people, { callsAtOnceMax: 1 });
    const run = await us.api.dryRun({ campaignId });
    expect(run).toMatchObject({ callable: 3, notCallable: 1 });
    expect(Object.fromEntries(run.reasons.map((r) => [r.reason, r.count]))).toEqual({
      'do-not-call': 1,
      'outside-window': 1,
      'number-shared': 1,
    });
    const at = (t: { seconds: bigint } | undefined) => t && new Date(Number(t.seconds) * 1_000).toISOString();
    expect(run.sample.map((p) => [p.name, p.reason, at(p.callAt)])).toEqual([
      ['Now', '', '2031-03-03T12:00:00.000Z'],
      ['Housemate', 'number-shared', '2031-03-03T12:00:00.000Z'],
      ['Later', 'outside-window', '2031-03-03T16:00:00.000Z'],
      ['Never', 'do-not-call', undefined],
    ]);
    expect([at(run.firstCallAt), at(run.lastCallAt)]).toEqual([
      '2031-03-03T12:00:00.000Z',
      '2031-03-03T16:00:00.000Z',
    ]);
    expect(await us.progress(campaignId)).toMatchObject({ waiting: 4 });
  });
});

describe('results as CSV', () => {
  it('are harmless in a spreadsheet and complete', async () => {
    const campaignId = await us.draft();
    const file = `name,phone\n"=HYPERLINK(""http://x"",""y"")",${numberOf(1)}\n@SUM(A1),${numberOf(2)}\n"Hall, Robin",${numberOf(3)}\n-1,${numberOf(4)}\n`;
    await us.api.importRecipients(uploadOf(campaignId, file));
    const parts: Uint8Array[] = [];
    for await (const { chunk } of us.api.exportResults({ campaignId })) parts.push(chunk);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts));
    const lines = text.split('\r\n');
    expect(lines[0]).toBe(
      '\uFEFFName,Phone,Patient ID,State,Result,Reason,Calls,Last call (UTC),Time zone,Appointment,Patient (Wardline)',
    );
    expect(lines.slice(1, 5).map((line) => line.slice(0, line.indexOf(',,waiting')))).toEqual([
      `"'=HYPERLINK(""http://x"",""y"")",'${numberOf(1)}`,
      `'@SUM(A1),'${numberOf(2)}`,
      `"Hall, Robin",'${numberOf(3)}`,
      `'-1,'${numberOf(4)}`,
    ]);
    expect(lines).toHaveLength(6);
    // What we wrote, we read again.
    const again = await us.draft();
    const { import: imported } = await us.api.importRecipients(uploadOf(again, text));
    expect(imported).toMatchObject({ accepted: 4, refused: 0 });
    await expect(
      (async () => {
        for await (const _ of app.as(otherHospital.tenantId).exportResults({ campaignId }))
          expect(_).toBeUndefined();
      })(),
    ).rejects.toThrow('no such campaign');
  });
});
