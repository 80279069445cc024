import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { events } from '@wardline/contracts';
import { idOf, refuses, useEndpointBench } from '../testing/endpoint-bench.ts';
import { flowEndpoints } from './flow-endpoints.ts';
import { insightEndpoints } from './insight-endpoints.ts';
import { settingsEndpoints } from './settings-endpoints.ts';

const bench = useEndpointBench([...settingsEndpoints, ...flowEndpoints, ...insightEndpoints]);
const at = '2026-03-02T10:00:00.000Z';
const stamp = timestampFromDate(new Date(at));
const clinicId = idOf('00c1');

describe('a clinic’s facts', () => {
  const doctor = {
    name: 'Dr. A',
    department: 'Cardiology',
    alsoCalled: ['heart doctor'],
    acceptsBookings: true,
  };
  const facts = {
    ...{
      name: 'Riverside',
      timeZone: 'America/New_York',
      language: 'en-US',
      transferNumber: '',
      emergencyNumber: '+12025550112',
    },
    ...{
      emergencyText: 'Call for help.',
      assistantName: 'the assistant',
      openingHours: [{ isoWeekday: 1, opens: '08:00', closes: '24:00' }],
    },
    revision: 3,
  };
  const save = (more: object = {}) =>
    bench.ask('PUT', `/clinics/${clinicId}`, { ...facts, doctors: [{ id: '', ...doctor }], ...more });

  it('are saved whole; a new doctor has no id yet', async () => {
    bench.on.directory.saveClinic = () => ({
      clinic: {
        ...{ clinicId, ...facts, numbers: ['+12025550110'], revision: 4 },
        doctors: [{ doctorId: idOf('0082'), ...doctor }],
      },
    });
    const { status, body } = await save();
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        id: clinicId,
        ...facts,
        numbers: ['+12025550110'],
        revision: 4,
        doctors: [{ id: idOf('0082'), ...doctor }],
      },
    });
    expect(bench.asked('saveClinic')).toMatchObject({
      clinic: { clinicId, revision: 3, doctors: [{ doctorId: '', ...doctor }] },
    });
    expect(bench.audited).toEqual([
      { action: 'settings.clinic', subject: `clinic/${clinicId}`, details: {} },
    ]);
  });

  it('are refused when somebody else has changed them, or when they are none', async () => {
    bench.on.directory.saveClinic = refuses(Code.Aborted);
    expect(await save()).toMatchObject({ status: 409, body: { code: 'contention' } });
    expect((await save({ revision: 2 ** 31 })).status).toBe(422);
    expect((await save({ numbers: ['+12025550110'] })).status).toBe(422);
    expect((await save({ openingHours: [{ isoWeekday: 8, opens: '25:00', closes: '9' }] })).status).toBe(422);
    expect(
      (await bench.ask('PUT', `/clinics/${clinicId}`, facts, { user: { role: 'supervisor' } })).status,
    ).toBe(403);
  });
});

describe('staff', () => {
  const user = { login: 'jo@riverside.example', name: 'Jo', role: 'supervisor', phone: '+12025550171' };
  const secret = 'correct horse battery';
  const saved = {
    userId: idOf('00e2'),
    login: user.login,
    displayName: 'Jo',
    role: 'supervisor',
    active: true,
    phone: user.phone,
  };
  const shown = { id: saved.userId, ...user, active: true };

  it('are made, and their password is in nothing but the request', async () => {
    bench.on.directory.saveStaff = () => ({ staff: saved });
    const answer = await bench.ask('POST', '/staff', { ...user, password: secret });
    expect(answer).toMatchObject({ status: 201, body: shown });
    expect(bench.asked('saveStaff')).toMatchObject({
      staff: { userId: '', displayName: 'Jo', active: true },
      password: secret,
    });
    expect(bench.audited).toEqual([
      { action: 'staff.add', subject: `staff/${saved.userId}`, details: { role: 'supervisor' } },
    ]);
    expect(answer.text + JSON.stringify(bench.audited)).not.toContain(secret);
    expect((await bench.ask('POST', '/staff', { ...user, password: 'short' })).status).toBe(422);
  });

  it('are changed; without a password it stays', async () => {
    bench.on.directory.saveStaff = () => ({ staff: { ...saved, phone: '' } });
    const { body } = await bench.ask('PUT', `/staff/${saved.userId}`, { ...user, phone: null });
    expect(body).toEqual({ ...shown, phone: null });
    expect(bench.asked('saveStaff')).toMatchObject({
      staff: { userId: saved.userId, phone: '' },
      password: '',
    });
    expect(bench.audited).toEqual([
      {
        action: 'staff.save',
        subject: `staff/${saved.userId}`,
        details: { role: 'supervisor', active: true, password: false },
      },
    ]);
  });

  it('are refused with a login that somebody has, and when no admin would be left', async () => {
    const change = () => bench.ask('PUT', `/staff/${saved.userId}`, user);
    bench.on.directory.saveStaff = refuses(Code.AlreadyExists);
    expect(await change()).toMatchObject({ status: 409, body: { code: 'login-taken' } });
    expect(await bench.ask('POST', '/staff', { ...user, password: secret })).toMatchObject({
      status: 409,
      body: { code: 'login-taken' },
    });
    bench.on.directory.saveStaff = refuses(Code.FailedPrecondition);
    expect(await change()).toMatchObject({ status: 409, body: { code: 'last-admin' } });
    bench.on.directory.saveStaff = refuses(Code.NotFound);
    expect(await change()).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(bench.audited).toEqual([]);
  });

  it('are listed for those who may see them', async () => {
    bench.on.directory.listStaff = () => ({ staff: [saved] });
    expect((await bench.ask('GET', '/staff')).body).toEqual({ items: [shown], next: null });
    expect((await bench.ask('GET', '/staff', undefined, { user: { role: 'frontdesk' } })).status).toBe(403);
    expect(JSON.stringify(bench.audited)).not.toMatch(/555|jo@/);
  });
});

describe('scripts', () => {
  const flow = {
    flowId: 'check-up',
    version: 2,
    title: 'Check-up',
    savedAt: stamp,
    languages: ['en-US'],
    needs: ['appointment'],
    definition: '{"begin":"hello"}',
  };
  const shown = {
    id: 'check-up',
    version: 2,
    title: 'Check-up',
    readyMade: false,
    savedAt: at,
    languages: ['en-US'],
    needs: ['appointment'],
    leavesVoicemail: false,
  };

  it('are listed and shown', async () => {
    bench.on.flows.listFlows = () => ({ flows: [flow] });
    bench.on.flows.getFlow = () => ({ flow });
    expect((await bench.ask('GET', '/flows')).body).toEqual({ items: [shown], next: null });
    expect((await bench.ask('GET', '/flows/check-up?version=2')).body).toEqual({
      ...shown,
      definition: { begin: 'hello' },
    });
    expect(bench.asked('getFlow')).toMatchObject({ flowId: 'check-up', version: 2 });
    await bench.ask('GET', '/flows/check-up');
    expect(bench.asked('getFlow')).toMatchObject({ version: 0 });
  });

  it('are saved after the version that they were made from', async () => {
    bench.on.flows.saveFlow = () => ({ flow });
    const save = (definition: unknown) =>
      bench.ask('PUT', '/flows/check-up', { title: 'Check-up', definition, afterVersion: 1 });
    expect((await save({ begin: 'hello' })).body).toMatchObject({
      version: 2,
      definition: { begin: 'hello' },
    });
    expect(bench.asked('saveFlow')).toMatchObject({
      flowId: 'check-up',
      afterVersion: 1,
      definition: '{"begin":"hello"}',
    });
    expect(bench.audited).toEqual([{ action: 'flows.save', subject: 'flow/check-up', details: {} }]);
    bench.on.flows.saveFlow = refuses(Code.Aborted);
    expect(await save({})).toMatchObject({ status: 409, body: { code: 'contention' } });
    bench.on.flows.saveFlow = refuses(Code.InvalidArgument, '/nodes: must not be empty');
    expect(await save({})).toMatchObject({ status: 422, body: { detail: '/nodes: must not be empty' } });
    expect((await save(JSON.parse(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`))).status).toBe(422);
    expect((await save({ text: 'x'.repeat(300_000) })).status).toBe(413);
    expect(
      (await bench.ask('PUT', '/flows/Not%20One', { title: 'x', definition: {}, afterVersion: 0 })).status,
    ).toBe(422);
  });

  it('are checked without being saved', async () => {
    bench.on.flows.checkFlow = () => ({ problems: [{ at: '/begin', problem: 'there is no such step' }] });
    const { body } = await bench.ask('POST', '/flows/check', { definition: { begin: 'x' } });
    expect(body).toEqual({ problems: [{ at: '/begin', problem: 'there is no such step' }] });
    expect(bench.audited).toEqual([]);
  });
});

describe('figures', () => {
  it('of a call say what there is not as null', async () => {
    const callId = idOf('0052');
    bench.on.insights.getCallInsight = () => ({
      insight: {
        callId,
        clinicId,
        direction: events.CallDirection.INBOUND,
        talkSeconds: 9,
        score: -1,
        timeToHumanSeconds: -1,
        initiatedAt: stamp,
      },
    });
    expect((await bench.ask('GET', `/calls/${callId}/insight`)).body).toMatchObject({
      ...{
        call: callId,
        direction: 'inbound',
        outcome: null,
        talkSeconds: 9,
        score: null,
        timeToHumanSeconds: null,
      },
      ...{ campaign: null, scoreReasons: [], initiatedAt: at },
    });
    bench.on.insights.getCallInsight = () => ({});
    expect((await bench.ask('GET', `/calls/${callId}/insight`)).status).toBe(404);
  });

  it('of a time', async () => {
    bench.on.insights.getSummary = () => ({
      calls: 2,
      outcomes: [{ name: 'booked', count: 2 }],
      scoreMean: 80,
      timeToHumanSecondsP50: -1,
    });
    const path = (to: string) => `/insights/summary?clinic=${clinicId}&from=${at}&to=${to}`;
    const { body } = await bench.ask('GET', path('2026-03-03T00:00:00Z'), undefined, {
      user: { role: 'auditor' },
    });
    expect(body).toEqual({
      ...{
        calls: 2,
        outcomes: [{ name: 'booked', count: 2 }],
        talkSeconds: 0,
        responseMsP50: 0,
        responseMsP95: 0,
      },
      ...{ timeToHumanSecondsP50: null, scoreMean: 80 },
    });
    expect(bench.asked('getSummary')).toMatchObject({ clinicId, from: stamp });
    expect((await bench.ask('GET', path(at))).status).toBe(422);
  });

  it('are counted again by an admin', async () => {
    bench.on.insights.rebuild = () => ({ facts: 10, calls: 3, campaigns: 1, differed: 0 });
    expect((await bench.ask('POST', '/insights/rebuild')).body).toEqual({
      facts: 10,
      calls: 3,
      campaigns: 1,
      differed: 0,
    });
    expect(bench.audited).toEqual([{ action: 'insights.rebuild', subject: 'insights', details: {} }]);
    expect(
      (await bench.ask('POST', '/insights/rebuild', undefined, { user: { role: 'manager' } })).status,
    ).toBe(403);
  });
});
