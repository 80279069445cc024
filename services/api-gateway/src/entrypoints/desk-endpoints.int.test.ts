import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { patients, telephony } from '@wardline/contracts';
import { idOf, refuses, useEndpointBench } from '../testing/endpoint-bench.ts';
import { startTestApp } from '../testing/test-app.ts';
import { permissionsOf } from '../domain/permissions.ts';
import { escalationEndpoints } from './escalation-endpoints.ts';
import { patientEndpoints } from './patient-endpoints.ts';

const bench = useEndpointBench([...escalationEndpoints, ...patientEndpoints]);
const at = '2026-03-02T10:00:00.000Z';
const stamp = timestampFromDate(new Date(at));
const clinic = idOf('00c1');
const supervisor = { user: { role: 'supervisor' } };

describe('calls that a person is asked to take', () => {
  const handOff = {
    ...{
      handOffId: idOf('0051'),
      callId: idOf('0052'),
      clinicId: clinic,
      state: telephony.HandOffState.OFFERED,
    },
    ...{ reason: 'caller-asked', callerNumber: '+12025550143', requestedAt: stamp, expiresAt: stamp },
    briefing: {
      patientName: 'Jamie',
      summary: 'Asks for a nurse.',
      details: [{ label: 'Asked', value: 'twice' }],
      lines: [{ agent: true, text: 'Hello' }],
    },
    declinedByUserIds: ['u2'],
  };
  const path = `/escalations/${handOff.handOffId}`;
  const shown = {
    ...{ id: handOff.handOffId, call: handOff.callId, clinic, state: 'offered', reason: 'caller-asked' },
    ...{ briefing: handOff.briefing, callerNumber: '+12025550143', requestedAt: at, expiresAt: at },
    ...{ offeredAt: null, acceptedAt: null, connectedAt: null, endedAt: null, acceptedByUser: null },
    ...{ acceptedByName: null, declinedByUsers: ['u2'], campaign: null },
  };
  const accept = (body: unknown = { number: '+12025550171' }) =>
    bench.ask('POST', `${path}/accept`, body, supervisor);

  it('are listed and shown with their briefing', async () => {
    bench.on.handOffs.listHandOffs = () => ({ handOffs: [handOff] });
    const list = await bench.ask(
      'GET',
      `/escalations?clinic=${clinic}&open=true&limit=5`,
      undefined,
      supervisor,
    );
    expect(list.body).toEqual({ items: [shown], next: null });
    expect(bench.asked('listHandOffs')).toMatchObject({
      clinicId: clinic,
      openOnly: true,
      limit: 5,
      handOffId: '',
      callId: '',
    });
    expect((await bench.ask('GET', path)).body).toEqual(shown);
    expect(bench.audited.map(({ subject }) => subject)).toEqual([
      'escalation',
      `escalation/${handOff.handOffId}`,
    ]);
    expect(JSON.stringify(bench.audited)).not.toMatch(/Jamie|nurse|555/);
    bench.on.handOffs.listHandOffs = () => ({ handOffs: [] });
    expect(await bench.ask('GET', path)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('are taken in the name of the user, at a number of theirs', async () => {
    bench.on.handOffs.acceptHandOff = ({ displayName }) => ({
      handOff: { ...handOff, acceptedByName: displayName, acceptedAt: stamp },
    });
    expect(await accept()).toMatchObject({ status: 200, body: { acceptedByName: 'Robin', acceptedAt: at } });
    expect(bench.asked('acceptHandOff')).toMatchObject({
      userId: bench.userId,
      displayName: 'Robin',
      number: '+12025550171',
    });
    expect(await accept({})).toMatchObject({ status: 422, body: { code: 'no-number' } });
    expect((await accept({ number: '0171' })).status).toBe(422);
    expect(bench.audited).toEqual([
      { action: 'escalations.accept', subject: `escalation/${handOff.handOffId}`, details: {} },
    ]);
  });

  it('ring at the number that the user has in the settings', async () => {
    bench.on.handOffs.acceptHandOff = () => ({ handOff });
    const app = await startTestApp({
      endpoints: escalationEndpoints,
      hospitalOf: bench.services.hospitalOf,
      authenticate: async () => ({
        ...{
          tenantId: bench.tenantId,
          userId: bench.userId,
          name: 'Robin',
          role: 'supervisor',
          phone: '+12025550172',
        },
        ...{ permissions: permissionsOf('supervisor'), expiresAt: new Date(Date.now() + 60_000) },
      }),
    });
    expect((await app.ask(undefined, 'POST', `${path}/accept`, {})).status).toBe(200);
    expect(bench.asked('acceptHandOff')).toMatchObject({ number: '+12025550172' });
    await app.close();
  });

  it('say who was quicker, and when it is over', async () => {
    const taken = (acceptedByName: string) => () => {
      throw new ConnectError('hand-off-taken', Code.AlreadyExists, undefined, [
        { desc: telephony.HandOffSchema, value: { acceptedByName } },
      ]);
    };
    bench.on.handOffs.acceptHandOff = taken('Taylor Reed');
    expect(await accept()).toMatchObject({ status: 409, body: { code: 'taken', by: 'Taylor Reed' } });
    bench.on.handOffs.acceptHandOff = refuses(Code.AlreadyExists);
    const unnamed = await accept();
    expect(unnamed).toMatchObject({ status: 409, body: { code: 'taken' } });
    expect(unnamed.body).not.toHaveProperty('by');
    bench.on.handOffs.acceptHandOff = refuses(Code.FailedPrecondition);
    expect(await accept()).toMatchObject({ status: 409, body: { code: 'over' } });
    bench.on.handOffs.acceptHandOff = refuses(Code.NotFound);
    expect((await accept()).status).toBe(404);
    expect(bench.audited).toEqual([]);
  });

  it('are left to others; and who is there is known', async () => {
    bench.on.handOffs.declineHandOff = () => ({});
    bench.on.handOffs.setPresence = () => ({});
    bench.on.handOffs.listPresence = () => ({
      supervisors: [{ userId: 'u1', displayName: 'Robin', since: stamp }],
    });
    expect((await bench.ask('POST', `${path}/decline`)).status).toBe(204);
    expect(bench.asked('declineHandOff')).toMatchObject({
      handOffId: handOff.handOffId,
      userId: bench.userId,
    });
    expect((await bench.ask('PUT', '/presence', { present: true })).status).toBe(204);
    expect(bench.asked('setPresence')).toMatchObject({
      userId: bench.userId,
      displayName: 'Robin',
      present: true,
    });
    expect((await bench.ask('GET', '/presence')).body).toEqual({
      items: [{ user: 'u1', displayName: 'Robin', since: at }],
      next: null,
    });
  });
});

describe('patients over REST', () => {
  const patient = {
    patientId: idOf('0061'),
    externalId: '',
    name: 'Jamie',
    numbers: ['+12025550143'],
    outreachAllowed: false,
    registeredAt: stamp,
  };
  const shown = {
    id: patient.patientId,
    externalId: null,
    name: 'Jamie',
    numbers: ['+12025550143'],
    outreachAllowed: false,
    registeredAt: at,
  };

  it('are found page by page', async () => {
    bench.on.patients.listPatients = () => ({ patients: [patient], nextCursor: 'n' });
    const { body } = await bench.ask('GET', '/patients?name=jam&number=%2B12025550143&limit=1&cursor=c');
    expect(body).toEqual({ items: [shown], next: 'n' });
    expect(bench.asked('listPatients')).toMatchObject({
      name: 'jam',
      number: '+12025550143',
      limit: 1,
      cursor: 'c',
    });
    expect(bench.audited).toEqual([{ action: 'patients.list', subject: 'patient', details: {} }]);
  });

  it('are shown with what they agreed to', async () => {
    const entry = {
      entryId: idOf('0071'),
      change: patients.ConsentChange.OPTED_OUT,
      source: 'call',
      callId: idOf('0052'),
      recordedAt: stamp,
    };
    bench.on.patients.getPatient = () => ({ patient, ledger: [entry] });
    expect((await bench.ask('GET', `/patients/${patient.patientId}`)).body).toEqual({
      ...shown,
      ledger: [
        {
          id: entry.entryId,
          change: 'opted-out',
          source: 'call',
          call: entry.callId,
          user: null,
          note: '',
          recordedAt: at,
        },
      ],
    });
    bench.on.patients.getPatient = () => ({});
    expect((await bench.ask('GET', `/patients/${patient.patientId}`)).status).toBe(404);
  });

  it('are opted out by whoever is told', async () => {
    bench.on.patients.recordConsent = () => ({ entryId: idOf('0071') });
    const record = (key?: string) =>
      bench.ask(
        'POST',
        `/patients/${patient.patientId}/consent`,
        { change: 'opted-out', note: 'at the desk' },
        {
          user: { role: 'frontdesk' },
          ...(key === undefined ? {} : { key }),
        },
      );
    expect(await record('k-9')).toMatchObject({ status: 201, body: { id: idOf('0071') } });
    expect(bench.asked('recordConsent')).toMatchObject({
      ...{ patientId: patient.patientId, change: patients.ConsentChange.OPTED_OUT, source: 'staff' },
      ...{ userId: bench.userId, note: 'at the desk', idempotencyKey: 'k-9' },
    });
    expect(bench.audited).toEqual([
      {
        action: 'patients.consent',
        subject: `patient/${patient.patientId}`,
        details: { change: 'opted-out' },
      },
    ]);
    expect((await record()).status).toBe(422);
    bench.on.patients.recordConsent = refuses(
      Code.AlreadyExists,
      'idempotency_key was used for another request',
    );
    expect(await record('k-9')).toMatchObject({ status: 409, body: { code: 'key-reused' } });
  });
});
