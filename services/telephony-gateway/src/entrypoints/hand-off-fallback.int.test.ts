import { telephony } from '@wardline/contracts';
import { callerNumber, codeOf } from '../testing/gateway-bench.ts';
import {
  jordan,
  taylor,
  jordansNumber,
  reception,
  briefing,
  personOf,
  useHandOffBench,
} from '../testing/use-hand-off-bench.ts';

const { HandOffState: State, RequestHandOffResponse_Result: Result } = telephony;
const desk = useHandOffBench();
const {
  connect,
  openOnes,
  idOf,
  present,
  request,
  offered,
  offering,
  jordanAccepts,
  rowOf,
  messages,
  callBacks,
  transfers,
} = desk;

describe('when nobody takes the call', () => {
  it('nobody present, no reception: one call back and one message, and the agent goes on with the call', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const leg = await desk.bench.talkingCall();
    const callId = await idOf(leg);
    const answer = await request(callId);
    expect(answer).toMatchObject({ result: Result.CALL_BACK });
    expect(await request(callId)).toEqual(answer);
    expect(await callBacks()).toMatchObject([
      { callId, reason: 'hand-off', note: briefing.summary, callerNumber, completedByName: '' },
    ]);
    expect(await messages()).toEqual([
      {
        purpose: 'call-back',
        to: callerNumber,
        text: expect.stringMatching(/^Riverside Clinic: .* call you back/) as string,
      },
    ]);
    await desk.brain.calls.hangUp({ callId, ownerEpoch: 1, outcome: 0 });
    await desk.bench.gateway.idle();
    await desk.bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await desk.bench.row(leg)).toMatchObject({ state: 'completed', outcome: 'call-back-requested' });
    expect(transfers(leg)).toEqual([]);
  });

  it('all have declined: the reception rings; it does not pick up: call back, and the agent again', async () => {
    const { leg, callId, asked, handOffId } = await offering(jordan, taylor);
    await desk.gateway.handOffs.declineHandOff({ handOffId, userId: jordan.userId });
    expect((await openOnes())[0]?.state).toBe(State.OFFERED);
    await desk.gateway.handOffs.declineHandOff({ handOffId, userId: taylor.userId });
    expect(await asked).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    await desk.bench.gateway.idle();
    expect(transfers(leg)).toEqual([reception]);
    expect(await codeOf(jordanAccepts(handOffId))).toBe('FailedPrecondition');
    await desk.bench.say('call.hangup', { ...personOf(leg, reception), hangup_cause: 'timeout' });
    await desk.bench.pass(300);
    expect(await rowOf(callId)).toMatchObject({ state: 'declined', fallback: 'call-back' });
    expect(desk.bench.carrier.commandsOf(leg.call_control_id).at(-1)).toBe('streaming_start');
    // The conversation's new owner asks again and learns what to say.
    expect(await codeOf(request(callId, { ownerEpoch: 1 }))).toBe('Aborted');
    expect(await request(callId, { ownerEpoch: 2 })).toMatchObject({ result: Result.CALL_BACK, handOffId });
    expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
  });

  it('in time: two instances notice it at once, and there is one call back and one message', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const other = await desk.bench.bootAnother();
    try {
      const callId = await idOf(await desk.bench.talkingCall());
      await present(jordan);
      const asked = request(callId, { from: connect('conversation-brain', { port: other.rpcPort }) });
      await offered(callId);
      desk.bench.clock.advance(29_000);
      await Promise.all([desk.bench.gateway.sweep(), other.sweep()]);
      expect((await openOnes())[0]?.state).toBe(State.OFFERED);
      desk.bench.clock.advance(2_000);
      await Promise.all([desk.bench.gateway.sweep(), other.sweep()]);
      expect(await asked).toMatchObject({ result: Result.CALL_BACK });
      expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'call-back' });
      expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
    } finally {
      await other.stop();
    }
  });

  it('in time, and the process is killed meanwhile: the next one makes one call back and one message', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const callId = await idOf(await desk.bench.talkingCall());
    await present(jordan);
    const asked = codeOf(request(callId));
    await offered(callId);
    await desk.bench.crash();
    await asked;
    desk.bench.clock.advance(40_000);
    await desk.bench.boot();
    desk.reconnect();
    expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'call-back' });
    await desk.bench.crash();
    await desk.bench.boot();
    desk.reconnect();
    expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
  });

  it('a supervisor who does not pick up is followed by the reception, which takes the call', async () => {
    const { leg, callId, asked, handOffId } = await offering(jordan);
    await jordanAccepts(handOffId);
    await asked;
    await desk.bench.gateway.idle();
    await desk.bench.say('call.hangup', { ...personOf(leg, jordansNumber), hangup_cause: 'no_answer' });
    expect(transfers(leg)).toEqual([jordansNumber, reception]);
    expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'reception' });
    await desk.bench.say('call.answered', personOf(leg, reception));
    await desk.bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'reached' });
    expect(await desk.bench.row(leg)).toMatchObject({ state: 'escalated', outcome: 'transferred-to-person' });
    expect(await messages()).toEqual([]);
  });

  it('a carrier that puts nobody through: the caller is with the agent again, and on the list', async () => {
    const { leg, callId, asked, handOffId } = await offering(jordan);
    desk.bench.carrier.trouble({ status: 422, code: '10016' }, 'transfer');
    await jordanAccepts(handOffId);
    await asked;
    await desk.bench.gateway.idle();
    desk.bench.carrier.trouble(undefined);
    await desk.bench.pass(300);
    const asks = desk.bench.carrier.requests.filter(
      (one) => one.leg === leg.call_control_id && one.action === 'transfer',
    );
    expect(asks.map(({ body }) => body['to'])).toEqual([jordansNumber, reception]);
    expect(await desk.bench.row(leg)).toMatchObject({ state: 'active', owner_epoch: 2 });
    expect(await request(callId, { ownerEpoch: 2 })).toMatchObject({ result: Result.CALL_BACK, handOffId });
    expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
  });

  it('a caller without a number is put on the list and cannot be written to', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const leg = { ...desk.bench.newLeg(), from: 'anonymous' };
    await desk.bench.say('call.initiated', { ...leg, direction: 'incoming', state: 'parked' });
    await desk.bench.say('call.answered', leg);
    expect(await request(await idOf(leg))).toMatchObject({ result: Result.CALL_BACK });
    expect([(await callBacks()).length, await messages()]).toEqual([1, []]);
  });

  it('a caller who hangs up ends it, while it is offered and while it rings', async () => {
    const [one, two] = [await desk.bench.talkingCall(), await desk.bench.talkingCall()];
    const [first, second] = [await idOf(one), await idOf(two)];
    await present(jordan);
    const asked = request(first);
    await offered(first);
    await desk.bench.say('call.hangup', { ...one, hangup_cause: 'normal_clearing' });
    expect(await asked).toMatchObject({ result: Result.CALL_OVER });
    const askedToo = request(second);
    const { handOffId } = await offered(second);
    await jordanAccepts(handOffId);
    await askedToo;
    await desk.bench.say('call.hangup', { ...two, hangup_cause: 'normal_clearing' });
    await desk.bench.pass(5_000);
    expect(await rowOf(first)).toMatchObject({ state: 'abandoned' });
    expect(await rowOf(second)).toMatchObject({ state: 'abandoned' });
    expect([await callBacks(), await messages(), await openOnes()]).toEqual([[], [], []]);
    expect(await request(first)).toMatchObject({ result: Result.CALL_OVER });
  });
});
