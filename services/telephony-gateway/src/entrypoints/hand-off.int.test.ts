import { Code, ConnectError } from '@connectrpc/connect';
import { events, telephony } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { callerNumber, clinicId, codeOf, otherTenant, tenantId } from '../testing/gateway-bench.ts';
import {
  jordan,
  taylor,
  jordansNumber,
  taylorsNumber,
  briefing,
  personOf,
  useHandOffBench,
} from '../testing/use-hand-off-bench.ts';

const { HandOffState: State, RequestHandOffResponse_Result: Result } = telephony;
const desk = useHandOffBench();

describe('a supervisor takes over a call', () => {
  it('of two who accept at once one wins, the caller is connected, and all times are recorded', async () => {
    const leg = await desk.bench.talkingCall();
    const callId = await desk.idOf(leg);
    await desk.present(jordan, taylor);
    const asked = desk.request(callId);
    const { handOffId, ...seen } = await desk.offered(callId);
    expect(seen).toMatchObject({ clinicId, reason: 'caller-asked', callerNumber, briefing });
    desk.bench.clock.advance(4_000);
    const answers = await Promise.allSettled([
      desk.jordanAccepts(handOffId),
      desk.gateway.handOffs.acceptHandOff({ handOffId, ...taylor, number: taylorsNumber }),
    ]);
    expect(await asked).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    await desk.bench.gateway.idle();
    const [won] = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value.handOff] : []));
    const [lost] = answers.flatMap((one) =>
      one.status === 'rejected' ? [ConnectError.from(one.reason)] : [],
    );
    expect(won).toMatchObject({ state: State.ACCEPTED });
    expect(lost?.code).toBe(Code.AlreadyExists);
    expect(lost?.findDetails(telephony.HandOffSchema)).toMatchObject([
      { handOffId, acceptedByName: won?.acceptedByName, acceptedByUserId: won?.acceptedByUserId },
    ]);
    const number = won?.acceptedByUserId === jordan.userId ? jordansNumber : taylorsNumber;
    expect(desk.transfers(leg)).toEqual([number]);

    desk.bench.clock.advance(5_000);
    await desk.bench.say('call.answered', personOf(leg, number));
    expect((await desk.openOnes())[0]).toMatchObject({ handOffId, state: State.CONNECTED, briefing });
    desk.bench.clock.advance(60_000);
    await desk.bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    const row = await desk.rowOf(callId);
    const secondsAfter = (name: string) =>
      Math.round((Number(row[name]) - Number(row['requested_at'])) / 1_000);
    expect(['accepted_at', 'connected_at', 'ended_at'].map(secondsAfter)).toEqual([4, 9, 69]);
    expect(row).toMatchObject({ state: 'connected', fallback: 'none' });
    expect(JSON.stringify(row)).not.toMatch(/Alex|Friday|0171|0172/);
    const escalated = (await desk.bench.eventsOf(leg)).find(({ topic }) => topic === 'calls.escalated');
    expect(escalated?.data).toMatchObject({
      reason: 'caller-asked',
      requestedAt: (row['requested_at'] as Date).toISOString(),
      transferredAt: (row['connected_at'] as Date).toISOString(),
    });
    expect((await desk.gateway.handOffs.listHandOffs({ callId })).handOffs).toMatchObject([
      { state: State.CONNECTED, acceptedByName: won?.acceptedByName },
    ]);
    expect(await desk.openOnes()).toEqual([]);
    expect(desk.notes.map(({ state }) => state)).toEqual(['offered', 'accepted', 'connected', 'connected']);
    expect(desk.notes[0]).toEqual({ kind: 'hand-off', handOffId, callId, state: 'offered' });
    expect(await desk.messages()).toEqual([]);
  });

  it('twenty who accept at once: one winner, one transfer', async () => {
    const { leg, asked, handOffId } = await desk.offering(jordan);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const userId = `01930000-0000-7000-8000-0000000000${String(10 + i)}`;
        const number = `+120255501${String(10 + i)}`;
        return codeOf(desk.gateway.handOffs.acceptHandOff({ handOffId, userId, displayName: 'S', number }));
      }),
    );
    expect(answers.toSorted()).toEqual([...Array<string>(19).fill('AlreadyExists'), 'taken']);
    await asked;
    await desk.bench.gateway.idle();
    expect(desk.transfers(leg)).toHaveLength(1);
  });

  it('the winner may say it twice; who declined, or comes too late, or has no number, is told so', async () => {
    const { asked, handOffId } = await desk.offering(jordan, taylor);
    const accept = { handOffId, ...jordan, number: jordansNumber };
    expect(await codeOf(desk.gateway.handOffs.acceptHandOff({ ...accept, number: '' }))).toBe(
      'InvalidArgument',
    );
    const unknown = { ...accept, handOffId: crypto.randomUUID() };
    expect(await codeOf(desk.gateway.handOffs.acceptHandOff(unknown))).toBe('NotFound');
    const stranger = desk.connect('api-gateway', { tenant: otherTenant });
    expect(await codeOf(stranger.handOffs.acceptHandOff(accept))).toBe('NotFound');
    expect(await codeOf(stranger.handOffs.declineHandOff({ handOffId, userId: jordan.userId }))).toBe(
      'NotFound',
    );
    expect((await stranger.handOffs.listHandOffs({})).handOffs).toEqual([]);
    await desk.gateway.handOffs.declineHandOff({ handOffId, userId: taylor.userId });
    expect((await desk.openOnes())[0]?.declinedByUserIds).toEqual([taylor.userId]);
    const { handOffs: one } = await desk.gateway.handOffs.listHandOffs({ handOffId });
    expect(one).toMatchObject([{ handOffId, briefing }]);
    expect(await codeOf(desk.gateway.handOffs.acceptHandOff(accept))).toBe('taken');
    expect(await codeOf(desk.gateway.handOffs.acceptHandOff(accept))).toBe('taken');
    await asked;
  });
});

describe('a request for a person', () => {
  it('is the owner’s: an old epoch is refused, and one that is replaced while it waits is let go', async () => {
    const leg = await desk.bench.talkingCall();
    const callId = await desk.idOf(leg);
    await desk.present(jordan);
    expect(await codeOf(desk.request(callId, { ownerEpoch: 2 }))).toBe('Aborted');
    const asked = codeOf(desk.request(callId));
    await desk.offered(callId);
    await desk.bench.say('streaming.failed', { ...leg });
    await desk.bench.pass(300);
    desk.bench.clock.advance(500);
    expect(await asked).toBe('Aborted');
    const again = desk.request(callId, { ownerEpoch: 2 });
    const { handOffId } = await desk.offered(callId);
    await desk.jordanAccepts(handOffId);
    expect(await again).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    expect((await desk.gateway.handOffs.listHandOffs({ callId })).handOffs).toHaveLength(1);
  });

  it('survives its process: asked again of the next one, it waits for the same hand-off', async () => {
    const callId = await desk.idOf(await desk.bench.talkingCall());
    await desk.present(jordan);
    const asked = codeOf(desk.request(callId));
    const { handOffId } = await desk.offered(callId);
    await desk.bench.crash();
    // Told to ask again, unless the connection goes before the word is out; both mean the same to who asks.
    expect(['Unavailable', 'Canceled']).toContain(await asked);
    await desk.bench.boot();
    desk.reconnect();
    const again = desk.request(callId, {
      ownerEpoch: Number(
        (await desk.bench.admin.query('select owner_epoch from telephony.calls')).rows[0].owner_epoch,
      ),
    });
    expect((await desk.offered(callId)).handOffId).toBe(handOffId);
    desk.bench.clock.advance(31_000);
    await desk.bench.sweep();
    expect(await again).toMatchObject({ result: Result.TRANSFERRING, handOffId });
  });

  it('is answered by the instance that was asked, whichever the supervisor accepts at', async () => {
    const other = await desk.bench.bootAnother();
    try {
      const callId = await desk.idOf(await desk.bench.talkingCall());
      await desk.present(jordan);
      const asked = desk.request(callId, {
        from: desk.connect('conversation-brain', { port: other.rpcPort }),
      });
      const { handOffId } = await desk.offered(callId);
      await desk.jordanAccepts(handOffId);
      desk.bench.clock.advance(500);
      expect(await asked).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    } finally {
      await other.stop();
    }
  });

  it('is for the brain alone, and the desk is for the gateway alone', async () => {
    expect(await codeOf(desk.gateway.handOffs.requestHandOff({}))).toBe('PermissionDenied');
    for (const method of [
      'listHandOffs',
      'listPresence',
      'acceptHandOff',
      'declineHandOff',
      'setPresence',
    ] as const)
      expect(await codeOf(desk.brain.handOffs[method]({}))).toBe('PermissionDenied');
    expect(await codeOf(desk.brain.calls.completeCallBack({}))).toBe('PermissionDenied');
  });
});

describe('presence', () => {
  const there = async () =>
    (await desk.gateway.handOffs.listPresence({})).supervisors.map((one) => one.displayName);

  it('lasts 30 s from the last word, is begun anew after that, and ends at once when told', async () => {
    await desk.present(taylor, jordan);
    expect(await there()).toEqual(['Jordan Ellis', 'Taylor Reed']);
    const since = async () => (await desk.gateway.handOffs.listPresence({})).supervisors[0]?.since;
    const first = await since();
    desk.bench.clock.advance(20_000);
    await desk.present(jordan);
    desk.bench.clock.advance(10_000);
    expect([await there(), await since()]).toEqual([['Jordan Ellis'], first]);
    desk.bench.clock.advance(20_000);
    expect(await there()).toEqual([]);
    await desk.present(jordan);
    expect(await since()).not.toEqual(first);
    await desk.gateway.handOffs.setPresence({ userId: jordan.userId, present: false });
    expect(await there()).toEqual([]);
    expect(
      (await desk.connect('api-gateway', { tenant: otherTenant }).handOffs.listPresence({})).supervisors,
    ).toEqual([]);
  });
});

describe('the call-back list', () => {
  it('keeps who called back first, and shows the open ones alone when asked', async () => {
    const callId = await desk.idOf(await desk.bench.talkingCall());
    const asked = { callId, ownerEpoch: 1, reason: 'other', note: 'call me' };
    const { callBackId } = await desk.brain.calls.requestCallBack(asked);
    const { callBack } = await desk.gateway.calls.completeCallBack({ callBackId, ...jordan });
    expect(callBack).toMatchObject({ callBackId, completedByName: jordan.displayName });
    desk.bench.clock.advance(1_000);
    expect((await desk.gateway.calls.completeCallBack({ callBackId, ...taylor })).callBack).toEqual(callBack);
    expect((await desk.gateway.calls.listCallBacks({ openOnly: true })).callBacks).toEqual([]);
    expect((await desk.gateway.calls.listCallBacks({})).callBacks).toEqual([callBack]);
    const unknown = { callBackId: crypto.randomUUID(), ...jordan };
    expect(await codeOf(desk.gateway.calls.completeCallBack(unknown))).toBe('NotFound');
    const stranger = desk.connect('api-gateway', { tenant: otherTenant });
    expect(await codeOf(stranger.calls.completeCallBack({ callBackId, ...jordan }))).toBe('NotFound');
  });
});

it('keeps a briefing readable for its tenant’s key alone', async () => {
  const callId = await desk.idOf(await desk.bench.talkingCall());
  await desk.present(jordan);
  const asked = desk.request(callId);
  await desk.offered(callId);
  const sealed = String((await desk.rowOf(callId))['briefing_sealed']);
  expect(() => desk.bench.cipher.open(otherTenant, sealed, 'hand_offs.briefing')).toThrow();
  expect(desk.bench.cipher.open(tenantId, sealed, 'hand_offs.briefing')).toBeInstanceOf(Personal);
  await desk.brain.calls.hangUp({ callId, ownerEpoch: 1, outcome: events.CallOutcome.NOT_BOOKED });
  expect(await asked).toMatchObject({ result: Result.CALL_OVER });
});
