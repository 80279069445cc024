import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { events } from '@wardline/contracts';
import { idOf, refuses, useEndpointBench } from '../testing/endpoint-bench.ts';
import { bookingEndpoints } from './booking-endpoints.ts';
import { callEndpoints } from './call-endpoints.ts';

const bench = useEndpointBench([...bookingEndpoints, ...callEndpoints]);
const at = '2026-03-02T10:00:00.000Z';
const stamp = timestampFromDate(new Date(at));
const clinic = idOf('00c1');

describe('appointments over REST', () => {
  const appointment = {
    ...{
      appointmentId: idOf('0081'),
      clinicId: clinic,
      doctorId: idOf('0082'),
      start: stamp,
      end: stamp,
      status: 'booked',
      revision: 2,
    },
    ...{
      channel: events.BookingChannel.STAFF,
      patient: { name: 'Jamie', phone: '+12025550143' },
      confirmedAt: stamp,
    },
  };
  const path = `/appointments/${appointment.appointmentId}`;
  const shown = {
    id: appointment.appointmentId,
    clinic,
    status: 'booked',
    confirmedAt: at,
    call: null,
    revision: 2,
  };
  const wish = {
    clinic,
    doctor: appointment.doctorId,
    start: at,
    patient: { name: 'Jamie', phone: '+12025550143' },
  };

  it('are booked, moved, cancelled and confirmed, with the keys passed on', async () => {
    bench.on.appointments.bookAppointment = () => ({ appointment });
    bench.on.appointments.moveAppointment = () => ({ appointment, replayed: true });
    bench.on.appointments.cancelAppointment = () => ({ appointment });
    bench.on.appointments.confirmAppointment = () => ({ appointment });
    expect(await bench.ask('POST', '/appointments', wish, { key: 'k1' })).toMatchObject({
      status: 201,
      body: shown,
    });
    expect(bench.asked('bookAppointment')).toMatchObject({
      clinicId: clinic,
      idempotencyKey: 'k1',
      patient: wish.patient,
      start: stamp,
    });
    const moved = await bench.ask('POST', `${path}/move`, { doctor: wish.doctor, start: at }, { key: 'k2' });
    expect(moved).toMatchObject({ status: 200, body: shown });
    expect(moved.headers.get('idempotent-replayed')).toBe('true');
    expect(bench.asked('moveAppointment')).toMatchObject({
      idempotencyKey: 'k2',
      doctorId: wish.doctor,
      channel: events.BookingChannel.STAFF,
    });
    for (const what of ['cancel', 'confirm'])
      expect(await bench.ask('POST', `${path}/${what}`)).toMatchObject({ status: 200, body: shown });
    expect(bench.audited).toEqual(
      ['book', 'move', 'cancel', 'confirm'].map((what) => ({
        ...{
          action: `appointments.${what}`,
          subject: `appointment/${appointment.appointmentId}`,
          details: {},
        },
      })),
    );
  });

  it('tell a slot that is taken from one that cannot be booked at all', async () => {
    bench.on.appointments.bookAppointment = refuses(Code.AlreadyExists, 'the slot is taken');
    bench.on.appointments.moveAppointment = refuses(Code.AlreadyExists, 'the slot is taken');
    const move = () => bench.ask('POST', `${path}/move`, { doctor: wish.doctor, start: at }, { key: 'k' });
    expect(await bench.ask('POST', '/appointments', wish, { key: 'k' })).toMatchObject({
      status: 409,
      body: { code: 'slot-taken' },
    });
    expect(await move()).toMatchObject({ status: 409, body: { code: 'slot-taken' } });
    bench.on.appointments.moveAppointment = refuses(
      Code.FailedPrecondition,
      'the appointment has begun already',
    );
    expect(await move()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    bench.on.appointments.moveAppointment = refuses(Code.Aborted);
    expect(await move()).toMatchObject({ status: 409, body: { code: 'contention' } });
  });

  it.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59', '1969-12-31T23:59:59Z', 'yesterday'])(
    'are not asked for at %s',
    async (start) => {
      expect((await bench.ask('POST', '/appointments', { ...wish, start }, { key: 'k' })).status).toBe(422);
      expect(
        (await bench.ask('GET', `/appointments?clinic=${clinic}&from=${encodeURIComponent(start)}`)).status,
      ).toBe(422);
      expect(bench.services.asked).toEqual([]);
    },
  );
});

describe('calls over REST', () => {
  const call = {
    callId: idOf('0052'),
    clinicId: clinic,
    direction: events.CallDirection.OUTBOUND,
    callerNumber: '+12025550143',
    campaignId: idOf('00d1'),
  };

  it('are found by everything that a list is narrowed by', async () => {
    bench.on.telephony.listCalls = () => ({ calls: [call], nextCursor: '' });
    const query = `clinic=${clinic}&live=true&direction=outbound&outcome=voicemail-left&number=%2B12025550143&campaign=${call.campaignId}&from=${at}`;
    const { body } = await bench.ask('GET', `/calls?${query}`);
    expect(body).toMatchObject({
      items: [{ id: call.callId, direction: 'outbound', outcome: null, campaign: call.campaignId }],
      next: null,
    });
    expect(bench.asked('listCalls')).toMatchObject({
      ...{
        clinicId: clinic,
        liveOnly: true,
        direction: events.CallDirection.OUTBOUND,
        outcome: events.CallOutcome.VOICEMAIL_LEFT,
      },
      ...{ callerNumber: '+12025550143', campaignId: call.campaignId, from: stamp },
    });
    expect(JSON.stringify(bench.audited)).not.toContain('555');
  });

  it('show what was said to those who may read it', async () => {
    bench.on.telephony.listCalls = () => ({ calls: [call] });
    bench.on.dialogue.getTranscript = () => ({
      lines: [{ sequence: 1, speaker: 2, text: 'Hello', confidence: 0.5, at: stamp }],
    });
    const line = { sequence: 1, speaker: 'caller', text: 'Hello', confidence: 0.5, at, interrupted: false };
    expect((await bench.ask('GET', `/calls/${call.callId}`)).body).toMatchObject({ transcript: [line] });
    expect((await bench.ask('GET', `/calls/${call.callId}/transcript`)).body).toEqual({
      items: [line],
      next: null,
    });
    const desk = await bench.ask('GET', `/calls/${call.callId}`, undefined, { user: { role: 'frontdesk' } });
    expect(desk.body).toMatchObject({ transcript: [] });
    bench.on.telephony.listCalls = () => ({ calls: [] });
    expect((await bench.ask('GET', `/calls/${call.callId}/transcript`)).status).toBe(404);
  });

  it('are called back by somebody', async () => {
    const callBack = {
      callBackId: idOf('0091'),
      callId: call.callId,
      clinicId: clinic,
      reason: 'nobody-free',
      note: '',
      requestedAt: stamp,
    };
    bench.on.telephony.listCallBacks = () => ({ callBacks: [callBack] });
    expect((await bench.ask('GET', '/call-backs?open=true')).body).toMatchObject({
      items: [{ id: callBack.callBackId, completedAt: null }],
    });
    bench.on.telephony.completeCallBack = ({ displayName }) => ({
      callBack: { ...callBack, completedAt: stamp, completedByName: displayName },
    });
    expect((await bench.ask('POST', `/call-backs/${callBack.callBackId}/done`)).body).toMatchObject({
      completedAt: at,
      completedByName: 'Robin',
    });
    expect(bench.audited.at(-1)).toEqual({
      action: 'call-backs.done',
      subject: `call-back/${callBack.callBackId}`,
      details: {},
    });
  });
});
