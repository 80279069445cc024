import { Code, ConnectError } from '@connectrpc/connect';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { campaigns, events } from '@wardline/contracts';
import { idOf, refuses, useEndpointBench } from '../testing/endpoint-bench.ts';
import { campaignEndpoints } from './campaign-endpoints.ts';
import { diallingEndpoints } from './dialling-endpoints.ts';

const bench = useEndpointBench([...campaignEndpoints, ...diallingEndpoints]);
const clinic = idOf('00c1');
const campaign = idOf('00d1');
const at = '2026-03-02T10:00:00.000Z';
const stamp = timestampFromDate(new Date(at));
const Change = campaigns.ChangeCampaignRequest_Change;

const settings = {
  ...{ clinic, name: 'March reminders', flow: 'appointment-reminder', isoWeekdays: [1, 2] },
  ...{ fromLocalTime: '09:00', toLocalTime: '24:00', firstDay: '2026-03-02', lastDay: '' },
  ...{ callsAtOnceMax: 4, attemptsMax: 3, attemptsPerDayMax: 1, defaultRegion: 'US', ringSeconds: 25 },
};
const { clinic: clinicId, flow: flowId, ...same } = settings;
const asMessage = { clinicId, flowId, ...same };
const kept = {
  campaignId: campaign,
  settings: asMessage,
  state: events.CampaignState.RUNNING,
  flowVersion: 2,
  progress: {
    recipients: 3,
    waiting: 1,
    queued: 0,
    live: 1,
    settled: 1,
    calls: 2,
    results: [{ result: 'confirmed', count: 1 }],
  },
  createdAt: stamp,
  startedAt: stamp,
  revision: 7,
  holdingBack: 'outside-window',
};
const shown = {
  ...{ id: campaign, settings, state: 'running', flowVersion: 2, revision: 7, holdingBack: 'outside-window' },
  ...{ createdAt: at, startedAt: at, endedAt: null },
  progress: kept.progress,
};

describe('campaigns over REST', () => {
  it('makes one, with the key passed on', async () => {
    bench.on.campaigns.createCampaign = () => ({ campaign: kept });
    const { status, body } = await bench.ask('POST', '/campaigns', settings, { key: 'k-1' });
    expect({ status, body }).toEqual({ status: 201, body: shown });
    expect(bench.asked('createCampaign')).toMatchObject({ settings: asMessage, idempotencyKey: 'k-1' });
    expect(bench.audited).toEqual([
      { action: 'campaigns.create', subject: `campaign/${campaign}`, details: {} },
    ]);
  });

  it('asks for the key, and for settings that are some', async () => {
    expect((await bench.ask('POST', '/campaigns', settings)).status).toBe(422);
    const { status, body } = await bench.ask(
      'POST',
      '/campaigns',
      { ...settings, attemptsMax: 9, extra: 1 },
      { key: 'k' },
    );
    expect(status).toBe(422);
    expect(JSON.stringify(body['problems'])).toContain('attemptsMax');
    expect(bench.services.asked).toEqual([]);
    expect(bench.audited).toEqual([]);
  });

  it('tells every problem that the service finds', async () => {
    bench.on.campaigns.createCampaign = refuses(
      Code.InvalidArgument,
      'to_local_time must be later than from_local_time',
    );
    const { status, body } = await bench.ask('POST', '/campaigns', settings, { key: 'k' });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'invalid',
      detail: 'to_local_time must be later than from_local_time',
    });
  });

  it('lists them page by page', async () => {
    bench.on.campaigns.listCampaigns = ({ cursor }) => ({
      campaigns: [kept],
      nextCursor: cursor === '' ? 'c 2' : '',
    });
    const first = await bench.ask('GET', `/campaigns?clinic=${clinic}&limit=1`);
    expect(first.body).toEqual({ items: [shown], next: 'c 2' });
    expect(bench.asked('listCampaigns')).toMatchObject({ clinicId: clinic, limit: 1, cursor: '' });
    const second = await bench.ask('GET', `/campaigns?limit=1&cursor=${encodeURIComponent('c 2')}`);
    expect(second.body).toEqual({ items: [shown], next: null });
    expect(bench.asked('listCampaigns')).toMatchObject({ clinicId: '', cursor: 'c 2' });
  });

  it('shows one with its imports', async () => {
    bench.on.campaigns.getCampaign = () => ({
      campaign: kept,
      imports: [
        {
          importId: idOf('00f1'),
          fileName: 'a.csv',
          state: 'done',
          rows: 3,
          accepted: 1,
          refused: 1,
          repeatedRows: 1,
          at: stamp,
        },
      ],
    });
    const { body } = await bench.ask('GET', `/campaigns/${campaign}`);
    expect(body).toEqual({
      ...shown,
      imports: [
        {
          id: idOf('00f1'),
          fileName: 'a.csv',
          state: 'done',
          rows: 3,
          accepted: 1,
          refused: 1,
          repeated: 1,
          at,
        },
      ],
    });
  });

  it('changes one that nobody has changed meanwhile', async () => {
    bench.on.campaigns.updateCampaign = ({ revision }) => {
      if (revision !== 7) throw new ConnectError('it has been changed', Code.Aborted);
      return { campaign: kept };
    };
    const change = (revision: number) =>
      bench.ask('PUT', `/campaigns/${campaign}`, { ...settings, revision });
    expect(await change(7)).toMatchObject({ status: 200, body: shown });
    expect(bench.asked('updateCampaign')).toMatchObject({
      campaignId: campaign,
      settings: asMessage,
      revision: 7,
    });
    expect(await change(6)).toMatchObject({ status: 409, body: { code: 'contention' } });
    expect((await change(2 ** 31)).status).toBe(422);
    expect(bench.audited).toHaveLength(1);
  });

  it.each([
    ['start', Change.START],
    ['pause', Change.PAUSE],
    ['resume', Change.RESUME],
    ['cancel', Change.CANCEL],
  ])('lets it %s', async (word, change) => {
    bench.on.campaigns.changeCampaign = () => ({ campaign: kept });
    expect(await bench.ask('POST', `/campaigns/${campaign}/${word}`)).toMatchObject({
      status: 200,
      body: shown,
    });
    expect(bench.asked('changeCampaign')).toMatchObject({ campaignId: campaign, change });
    expect(bench.audited).toEqual([
      { action: `campaigns.${word}`, subject: `campaign/${campaign}`, details: {} },
    ]);
    bench.on.campaigns.changeCampaign = refuses(Code.FailedPrecondition, 'it is over');
    expect(await bench.ask('POST', `/campaigns/${campaign}/${word}`)).toMatchObject({
      ...{ status: 409, body: { code: 'conflict', detail: 'it is over' } },
    });
  });

  it('shows who would be called, and who not', async () => {
    const planned = {
      recipientId: idOf('0011'),
      name: 'Jamie',
      number: '+12025550143',
      timeZone: 'America/Denver',
    };
    bench.on.campaigns.dryRun = () => ({
      ...{ callable: 1, notCallable: 1, reasons: [{ reason: 'do-not-call', count: 1 }], firstCallAt: stamp },
      sample: [
        { ...planned, callAt: stamp },
        { ...planned, reason: 'do-not-call' },
      ],
    });
    const { body } = await bench.ask('GET', `/campaigns/${campaign}/dry-run?limit=2`);
    const { recipientId: recipient, ...person } = planned;
    expect(body).toEqual({
      ...{
        callable: 1,
        notCallable: 1,
        reasons: [{ reason: 'do-not-call', count: 1 }],
        firstCallAt: at,
        lastCallAt: null,
      },
      sample: [
        { recipient, ...person, callAt: at, reason: null },
        { recipient, ...person, callAt: null, reason: 'do-not-call' },
      ],
    });
    expect(JSON.stringify(bench.audited)).not.toMatch(/Jamie|555/);
    expect(bench.audited).toHaveLength(1);
  });

  it('counts from the events, and says when there is nothing yet', async () => {
    bench.on.insights.getCampaignInsight = () => ({
      insight: { campaignId: campaign, recipients: 3, called: 2, scoreMean: -1 },
    });
    expect((await bench.ask('GET', `/campaigns/${campaign}/insight`)).body).toMatchObject({
      campaign,
      called: 2,
      scoreMean: null,
    });
    bench.on.insights.getCampaignInsight = () => ({});
    expect(await bench.ask('GET', `/campaigns/${campaign}/insight`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  });

  it.each([
    [Code.NotFound, 404, 'not-found'],
    [Code.Unimplemented, 503, 'unavailable'],
    [Code.ResourceExhausted, 503, 'busy'],
    [Code.DeadlineExceeded, 503, 'unavailable'],
    [Code.PermissionDenied, 500, 'internal'],
    [Code.Unauthenticated, 500, 'internal'],
    [Code.Internal, 500, 'internal'],
  ])('says what RPC code %s means: %s', async (code, status, name) => {
    bench.on.campaigns.getCampaign = refuses(code, 'row 17 of Jamie');
    const answer = await bench.ask('GET', `/campaigns/${campaign}`);
    expect(answer).toMatchObject({ status, body: { code: name } });
    if (status >= 500) expect(answer.text).not.toContain('Jamie');
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
  });
});

describe('the switch and the list of those who are not called', () => {
  it('stops all dialling in the name of who asked', async () => {
    bench.on.campaigns.setDialling = ({ stopped, note, displayName }) => ({
      dialling: { stopped, note, changedByName: displayName, changedAt: stamp },
    });
    const { body } = await bench.ask(
      'PUT',
      '/dialling',
      { stopped: true, note: ' wrong script ' },
      { user: { role: 'supervisor' } },
    );
    expect(body).toEqual({ stopped: true, note: 'wrong script', changedByName: 'Robin', changedAt: at });
    expect(bench.asked('setDialling')).toMatchObject({ userId: bench.userId, displayName: 'Robin' });
    expect(bench.audited).toEqual([
      { action: 'dialling.set', subject: 'dialling', details: { stopped: true } },
    ]);
    bench.on.campaigns.getDialling = () => ({});
    expect((await bench.ask('GET', '/dialling')).body).toEqual({
      stopped: false,
      note: '',
      changedByName: null,
      changedAt: null,
    });
  });

  it('takes numbers, tells how many are new, and which are none', async () => {
    bench.on.campaigns.addDoNotCall = () => ({ added: 1, known: 1 });
    const numbers = ['+12025550143', '(202) 555-0144'];
    expect((await bench.ask('POST', '/do-not-call', { numbers, defaultRegion: 'US' })).body).toEqual({
      added: 1,
      known: 1,
    });
    expect(bench.asked('addDoNotCall')).toMatchObject({
      numbers,
      defaultRegion: 'US',
      note: '',
      userId: bench.userId,
    });
    expect(bench.audited).toEqual([
      { action: 'do-not-call.add', subject: 'do-not-call', details: { numbers: 2 } },
    ]);
    bench.on.campaigns.addDoNotCall = refuses(Code.InvalidArgument, '"x" is no number');
    expect(await bench.ask('POST', '/do-not-call', { numbers: ['x'] })).toMatchObject({
      ...{ status: 422, body: { detail: '"x" is no number' } },
    });
    expect((await bench.ask('POST', '/do-not-call', { numbers: [] })).status).toBe(422);
  });

  it('lists and removes', async () => {
    const entry = {
      entryId: idOf('0041'),
      number: '+12025550143',
      note: '',
      addedByName: 'Robin',
      addedAt: stamp,
    };
    bench.on.campaigns.listDoNotCall = () => ({ entries: [entry], nextCursor: 'n' });
    const { entryId: id, ...of } = entry;
    expect((await bench.ask('GET', '/do-not-call?limit=1')).body).toEqual({
      items: [{ id, ...of, addedAt: at }],
      next: 'n',
    });
    expect(bench.asked('listDoNotCall')).toMatchObject({ number: '', limit: 1 });
    expect((await bench.ask('GET', '/do-not-call?number=%2B12025550143')).status).toBe(200);
    expect(bench.asked('listDoNotCall')).toMatchObject({ number: '+12025550143', limit: 50, cursor: '' });
    expect(bench.audited.map(({ details }) => details)).toEqual([{}, { oneNumber: true }]);
    expect((await bench.ask('GET', '/do-not-call?number=2025550143')).status).toBe(422);
    bench.on.campaigns.removeDoNotCall = () => ({});
    expect(await bench.ask('DELETE', `/do-not-call/${id}`)).toMatchObject({ status: 204, text: '' });
    expect(bench.asked('removeDoNotCall')).toMatchObject({ entryId: id });
    expect(bench.audited.at(-1)).toEqual({
      action: 'do-not-call.remove',
      subject: `do-not-call/${id}`,
      details: {},
    });
    bench.on.campaigns.removeDoNotCall = refuses(Code.NotFound);
    expect((await bench.ask('DELETE', `/do-not-call/${id}`)).status).toBe(404);
    expect(JSON.stringify(bench.audited)).not.toContain('555');
  });
});
