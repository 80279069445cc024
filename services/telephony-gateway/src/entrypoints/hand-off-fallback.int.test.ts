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

describe('when nobody takes the call', () => {
  it('nobody present, no reception: one call back and one message, and the agent goes on with the call', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const leg = await desk.bench.talkingCall();
    const callId = await desk.idOf(leg);
    const answer = await desk.request(callId);
    expect(answer).toMatchObject({ result: Result.CALL_BACK });
    expect(await desk.request(callId)).toEqual(answer);
    expect(await desk.callBacks()).toMatchObject([
      { callId, reason: 'hand-off', note: briefing.summary, callerNumber, completedByName: '' },
    ]);
    expect(await desk.messages()).toEqual([
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
    expect(desk.transfers(leg)).toEqual([]);
  });

  it('all have declined: the reception rings; it does not pick up: call back, and the agent again', async () => {
    const { leg, callId, asked, handOffId } = await desk.offering(jordan, taylor);
    await desk.gateway.handOffs.declineHandOff({ handOffId, userId: jordan.userId });
    expect((await desk.openOnes())[0]?.state).toBe(State.OFFERED);
    await desk.gateway.handOffs.declineHandOff({ handOffId, userId: taylor.userId });
    expect(await asked).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    await desk.bench.gateway.idle();
    expect(desk.transfers(leg)).toEqual([reception]);
    expect(await codeOf(desk.jordanAccepts(handOffId))).toBe('FailedPrecondition');
    await desk.bench.say('call.hangup', { ...personOf(leg, reception), hangup_cause: 'timeout' });
    await desk.bench.pass(300);
    expect(await desk.rowOf(callId)).toMatchObject({ state: 'declined', fallback: 'call-back' });
    expect(desk.bench.carrier.commandsOf(leg.call_control_id).at(-1)).toBe('streaming_start');
    // The conversation's new owner asks again and learns what to say.
    expect(await codeOf(desk.request(callId, { ownerEpoch: 1 }))).toBe('Aborted');
    expect(await desk.request(callId, { ownerEpoch: 2 })).toMatchObject({
      result: Result.CALL_BACK,
      handOffId,
    });
    expect([(await desk.callBacks()).length, (await desk.messages()).length]).toEqual([1, 1]);
  });

  it('in time: two instances notice it at once, and there is one call back and one message', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const other = await desk.bench.bootAnother();
    try {
      const callId = await desk.idOf(await desk.bench.talkingCall());
      await desk.present(jordan);
      const asked = desk.request(callId, {
        from: desk.connect('conversation-brain', { port: other.rpcPort }),
      });
      await desk.offered(callId);
      desk.bench.clock.advance(29_000);
      await Promise.all([desk.bench.gateway.sweep(), other.sweep()]);
      expect((await desk.openOnes())[0]?.state).toBe(State.OFFERED);
      desk.bench.clock.advance(2_000);
      await Promise.all([desk.bench.gateway.sweep(), other.sweep()]);
      expect(await asked).toMatchObject({ result: Result.CALL_BACK });
      expect(await desk.rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'call-back' });
      expect([(await desk.callBacks()).length, (await desk.messages()).length]).toEqual([1, 1]);
    } finally {
      await other.stop();
    }
  });

  it('in time, and the process is killed meanwhile: the next one makes one call back and one message', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const callId = await desk.idOf(await desk.bench.talkingCall());
    await desk.present(jordan);
    const asked = codeOf(desk.request(callId));
    await desk.offered(callId);
    await desk.bench.crash();
    await asked;
    desk.bench.clock.advance(40_000);
    await desk.bench.boot();
    desk.reconnect();
    expect(await desk.rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'call-back' });
    await desk.bench.crash();
    await desk.bench.boot();
    desk.reconnect();
    expect([(await desk.callBacks()).length, (await desk.messages()).length]).toEqual([1, 1]);
  });

  it('a supervisor who does not pick up is followed by the reception, which takes the call', async () => {
    const { leg, callId, asked, handOffId } = await desk.offering(jordan);
    await desk.jordanAccepts(handOffId);
    await asked;
    await desk.bench.gateway.idle();
    await desk.bench.say('call.hangup', { ...personOf(leg, jordansNumber), hangup_cause: 'no_answer' });
    expect(desk.transfers(leg)).toEqual([jordansNumber, reception]);
    expect(await desk.rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'reception' });
    await desk.bench.say('call.answered', personOf(leg, reception));
    await desk.bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await desk.rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'reached' });
    expect(await desk.bench.row(leg)).toMatchObject({ state: 'escalated', outcome: 'transferred-to-person' });
    expect(await desk.messages()).toEqual([]);
  });

  it('a carrier that puts nobody through: the caller is with the agent again, and on the list', async () => {
    const { leg, callId, asked, handOffId } = await desk.offering(jordan);
    desk.bench.carrier.trouble({ status: 422, code: '10016' }, 'transfer');
    await desk.jordanAccepts(handOffId);
    await asked;
    await desk.bench.gateway.idle();
    desk.bench.carrier.trouble(undefined);
    await desk.bench.pass(300);
    const asks = desk.bench.carrier.requests.filter(
      (one) => one.leg === leg.call_control_id && one.action === 'transfer',
    );
    expect(asks.map(({ body }) => body['to'])).toEqual([jordansNumber, reception]);
    expect(await desk.bench.row(leg)).toMatchObject({ state: 'active', owner_epoch: 2 });
    expect(await desk.request(callId, { ownerEpoch: 2 })).toMatchObject({
      result: Result.CALL_BACK,
      handOffId,
    });
    expect([(await desk.callBacks()).length, (await desk.messages()).length]).toEqual([1, 1]);
  });

  it('a caller without a number is put on the list and cannot be written to', async () => {
    desk.bench.clinics.lines = { ...desk.bench.clinics.lines, transferNumber: undefined };
    const leg = { ...desk.bench.newLeg(), from: 'anonymous' };
    await desk.bench.say('call.initiated', { ...leg, direction: 'incoming', state: 'parked' });
    await desk.bench.say('call.answered', leg);
    expect(await desk.request(await desk.idOf(leg))).toMatchObject({ result: Result.CALL_BACK });
    expect([(await desk.callBacks()).length, await desk.messages()]).toEqual([1, []]);
  });

  it('a caller who hangs up ends it, while it is offered and while it rings', async () => {
    const [one, two] = [await desk.bench.talkingCall(), await desk.bench.talkingCall()];
    const [first, second] = [await desk.idOf(one), await desk.idOf(two)];
    await desk.present(jordan);
    const asked = desk.request(first);
    await desk.offered(first);
    await desk.bench.say('call.hangup', { ...one, hangup_cause: 'normal_clearing' });
    expect(await asked).toMatchObject({ result: Result.CALL_OVER });
    const askedToo = desk.request(second);
    const { handOffId } = await desk.offered(second);
    await desk.jordanAccepts(handOffId);
    await askedToo;
    await desk.bench.say('call.hangup', { ...two, hangup_cause: 'normal_clearing' });
    await desk.bench.pass(5_000);
    expect(await desk.rowOf(first)).toMatchObject({ state: 'abandoned' });
    expect(await desk.rowOf(second)).toMatchObject({ state: 'abandoned' });
    expect([await desk.callBacks(), await desk.messages(), await desk.openOnes()]).toEqual([[], [], []]);
    expect(await desk.request(first)).toMatchObject({ result: Result.CALL_OVER });
  });
});
