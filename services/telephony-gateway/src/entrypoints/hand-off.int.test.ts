import { Code, ConnectError } from '@connectrpc/connect';
import { events, telephony } from '@wardline/contracts';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
import { Personal } from '@wardline/personal-data';
import {
  callerNumber,
  clinicId,
  openGatewayBench,
  tenantId,
  type GatewayBench,
  type Leg,
} from '../testing/gateway-bench.ts';

const otherTenant = '01930000-0000-7000-8000-00000000b001';
const jordan = { userId: '01930000-0000-7000-8000-00000000a303', displayName: 'Jordan Ellis' };
const taylor = { userId: '01930000-0000-7000-8000-00000000a304', displayName: 'Taylor Reed' };
const jordansNumber = '+12025550171';
const taylorsNumber = '+12025550172';
const reception = '+12025550119';
const briefing = {
  patientName: 'Alex Moore',
  summary: 'Wants to move the appointment of Tuesday',
  details: [{ label: 'Wished day', value: 'Friday' }],
  lines: [
    { agent: true, text: 'How can I help?' },
    { agent: false, text: 'let me talk to a person' },
  ],
};
const { HandOffState: State, RequestHandOffResponse_Result: Result } = telephony;

let bench: GatewayBench;
const opened: { close(): void }[] = [];
const connect = (service: string, o: { tenant?: string; port?: number } = {}) => {
  const options = {
    baseUrl: `http://127.0.0.1:${String(o.port ?? bench.gateway.rpcPort)}`,
    callee: 'telephony-gateway',
    tokens: createServiceTokens({ key: bench.config.serviceKey, service }),
  };
  const handOffs = createRpcClient(telephony.HandOffService, { ...options, defaultDeadlineMs: 20_000 });
  const calls = createRpcClient(telephony.CallControlService, options);
  opened.push(handOffs, calls);
  const tenant = o.tenant ?? tenantId;
  return { handOffs: handOffs.forTenant(tenant), calls: calls.forTenant(tenant) };
};
let brain: ReturnType<typeof connect>;
let gateway: ReturnType<typeof connect>;
let notes: { handOffId: string; callId: string; state: string; kind: string }[];

beforeAll(async () => {
  bench = await openGatewayBench();
  await bench.keyValue.subscribe(`live:${tenantId}`, (_channel, note) => void notes.push(JSON.parse(note)));
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.admin.query('truncate telephony.calls, telephony.presence, telephony.outbox cascade');
  bench.clinics.lines = { ...bench.clinics.lines, transferNumber: reception };
  notes = [];
  brain = connect('conversation-brain');
  gateway = connect('api-gateway');
});
afterEach(() => opened.splice(0).forEach((client) => client.close()));

const idOf = async (leg: Leg) => String((await bench.row(leg))['id']);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'taken',
    (error: unknown) => Code[ConnectError.from(error).code],
  );
const present = (...who: (typeof jordan)[]) =>
  Promise.all(who.map((one) => gateway.handOffs.setPresence({ ...one, present: true })));
const request = (callId: string, o: { ownerEpoch?: number; from?: typeof brain } = {}) =>
  (o.from ?? brain).handOffs.requestHandOff({
    ...{ callId, ownerEpoch: o.ownerEpoch ?? 1 },
    ...{ reason: 'caller-asked', briefing },
  });
const openOnes = async () => (await gateway.handOffs.listHandOffs({ openOnly: true })).handOffs;
/** The request is under way and waits; its hand-off is what staff see. */
async function offered(callId: string): Promise<telephony.HandOff> {
  for (;;) {
    const found = (await openOnes()).find((one) => one.callId === callId);
    if (found?.state === State.OFFERED) return found;
  }
}
const rowOf = async (callId: string) =>
  (
    await bench.admin.query<Record<string, unknown>>(
      'select * from telephony.hand_offs where call_id = $1 order by requested_at desc, id desc',
      [callId],
    )
  ).rows[0]!;
const messages = async () =>
  (
    await bench.admin.query<{ data: { to: { sealed: string }; text: { sealed: string }; purpose: string } }>(
      `select data from telephony.outbox where topic = 'sms.send'`,
    )
  ).rows.map(({ data }) => ({
    purpose: data.purpose,
    to: bench.cipher.open(tenantId, data.to.sealed, 'sms.send/to').reveal(),
    text: bench.cipher.open(tenantId, data.text.sealed, 'sms.send/text').reveal(),
  }));
const callBacks = async () => (await gateway.calls.listCallBacks({})).callBacks;
const transfers = (leg: Leg) =>
  bench.carrier.taken
    .filter((command) => command.leg === leg.call_control_id && command.action === 'transfer')
    .map(({ body }) => body['to']);
/** The leg of the person whose telephone rings. */
const personOf = (leg: Leg, to: string) => ({
  call_control_id: `v3:person-${to}`,
  call_session_id: leg.call_session_id,
  ...{ from: callerNumber, to },
});

describe('a supervisor takes over a call', () => {
  it('of two who accept at once one wins, the caller is connected, and all times are recorded', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await present(jordan, taylor);
    const asked = request(callId);
    const { handOffId, ...seen } = await offered(callId);
    expect(seen).toMatchObject({ clinicId, reason: 'caller-asked', callerNumber, briefing });
    bench.clock.advance(4_000);
    const answers = await Promise.allSettled([
      gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber }),
      gateway.handOffs.acceptHandOff({ handOffId, ...taylor, number: taylorsNumber }),
    ]);
    expect(await asked).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    await bench.gateway.idle();
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
    expect(transfers(leg)).toEqual([number]);

    bench.clock.advance(5_000);
    await bench.say('call.answered', personOf(leg, number));
    expect((await openOnes())[0]).toMatchObject({ handOffId, state: State.CONNECTED, briefing });
    bench.clock.advance(60_000);
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    const row = await rowOf(callId);
    const secondsAfter = (name: string) =>
      Math.round((Number(row[name]) - Number(row['requested_at'])) / 1_000);
    expect(['accepted_at', 'connected_at', 'ended_at'].map(secondsAfter)).toEqual([4, 9, 69]);
    expect(row).toMatchObject({ state: 'connected', fallback: 'none' });
    expect(JSON.stringify(row)).not.toMatch(/Alex|Friday|0171|0172/);
    const escalated = (await bench.eventsOf(leg)).find(({ topic }) => topic === 'calls.escalated');
    expect(escalated?.data).toMatchObject({
      reason: 'caller-asked',
      requestedAt: (row['requested_at'] as Date).toISOString(),
      transferredAt: (row['connected_at'] as Date).toISOString(),
    });
    expect((await gateway.handOffs.listHandOffs({ callId })).handOffs).toMatchObject([
      { state: State.CONNECTED, acceptedByName: won?.acceptedByName },
    ]);
    expect(await openOnes()).toEqual([]);
    expect(notes.map(({ state }) => state)).toEqual(['offered', 'accepted', 'connected', 'connected']);
    expect(notes[0]).toEqual({ kind: 'hand-off', handOffId, callId, state: 'offered' });
    expect(await messages()).toEqual([]);
  });

  it('twenty who accept at once: one winner, one transfer', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await present(jordan);
    const asked = request(callId);
    const { handOffId } = await offered(callId);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const userId = `01930000-0000-7000-8000-0000000000${String(10 + i)}`;
        const number = `+120255501${String(10 + i)}`;
        return codeOf(gateway.handOffs.acceptHandOff({ handOffId, userId, displayName: 'S', number }));
      }),
    );
    expect(answers.toSorted()).toEqual([...Array<string>(19).fill('AlreadyExists'), 'taken']);
    await asked;
    await bench.gateway.idle();
    expect(transfers(leg)).toHaveLength(1);
  });

  it('the winner may say it twice; who declined, or comes too late, or has no number, is told so', async () => {
    const callId = await idOf(await bench.talkingCall());
    await present(jordan, taylor);
    const asked = request(callId);
    const { handOffId } = await offered(callId);
    const accept = { handOffId, ...jordan, number: jordansNumber };
    expect(await codeOf(gateway.handOffs.acceptHandOff({ ...accept, number: '' }))).toBe('InvalidArgument');
    const unknown = { ...accept, handOffId: crypto.randomUUID() };
    expect(await codeOf(gateway.handOffs.acceptHandOff(unknown))).toBe('NotFound');
    const stranger = connect('api-gateway', { tenant: otherTenant });
    expect(await codeOf(stranger.handOffs.acceptHandOff(accept))).toBe('NotFound');
    expect(await codeOf(stranger.handOffs.declineHandOff({ handOffId, userId: jordan.userId }))).toBe(
      'NotFound',
    );
    expect((await stranger.handOffs.listHandOffs({})).handOffs).toEqual([]);
    await gateway.handOffs.declineHandOff({ handOffId, userId: taylor.userId });
    expect((await openOnes())[0]?.declinedByUserIds).toEqual([taylor.userId]);
    const { handOffs: one } = await gateway.handOffs.listHandOffs({ handOffId });
    expect(one).toMatchObject([{ handOffId, briefing }]);
    expect(await codeOf(gateway.handOffs.acceptHandOff(accept))).toBe('taken');
    expect(await codeOf(gateway.handOffs.acceptHandOff(accept))).toBe('taken');
    await asked;
  });
});

describe('when nobody takes the call', () => {
  it('nobody present, no reception: one call back and one message, and the agent goes on with the call', async () => {
    bench.clinics.lines = { ...bench.clinics.lines, transferNumber: undefined };
    const leg = await bench.talkingCall();
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
    await brain.calls.hangUp({ callId, ownerEpoch: 1, outcome: 0 });
    await bench.gateway.idle();
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await bench.row(leg)).toMatchObject({ state: 'completed', outcome: 'call-back-requested' });
    expect(transfers(leg)).toEqual([]);
  });

  it('all have declined: the reception rings; it does not pick up: call back, and the agent again', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await present(jordan, taylor);
    const asked = request(callId);
    const { handOffId } = await offered(callId);
    await gateway.handOffs.declineHandOff({ handOffId, userId: jordan.userId });
    expect((await openOnes())[0]?.state).toBe(State.OFFERED);
    await gateway.handOffs.declineHandOff({ handOffId, userId: taylor.userId });
    expect(await asked).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    await bench.gateway.idle();
    expect(transfers(leg)).toEqual([reception]);
    expect(
      await codeOf(gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber })),
    ).toBe('FailedPrecondition');
    await bench.say('call.hangup', { ...personOf(leg, reception), hangup_cause: 'timeout' });
    await bench.pass(300);
    expect(await rowOf(callId)).toMatchObject({ state: 'declined', fallback: 'call-back' });
    expect(bench.carrier.commandsOf(leg.call_control_id).at(-1)).toBe('streaming_start');
    // The conversation's new owner asks again and learns what to say.
    expect(await codeOf(request(callId, { ownerEpoch: 1 }))).toBe('Aborted');
    expect(await request(callId, { ownerEpoch: 2 })).toMatchObject({ result: Result.CALL_BACK, handOffId });
    expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
  });

  it('in time: two instances notice it at once, and there is one call back and one message', async () => {
    bench.clinics.lines = { ...bench.clinics.lines, transferNumber: undefined };
    const other = await bench.bootAnother();
    try {
      const callId = await idOf(await bench.talkingCall());
      await present(jordan);
      const asked = request(callId, { from: connect('conversation-brain', { port: other.rpcPort }) });
      await offered(callId);
      bench.clock.advance(29_000);
      await Promise.all([bench.gateway.sweep(), other.sweep()]);
      expect((await openOnes())[0]?.state).toBe(State.OFFERED);
      bench.clock.advance(2_000);
      await Promise.all([bench.gateway.sweep(), other.sweep()]);
      expect(await asked).toMatchObject({ result: Result.CALL_BACK });
      expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'call-back' });
      expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
    } finally {
      await other.stop();
    }
  });

  it('in time, and the process is killed meanwhile: the next one makes one call back and one message', async () => {
    bench.clinics.lines = { ...bench.clinics.lines, transferNumber: undefined };
    const callId = await idOf(await bench.talkingCall());
    await present(jordan);
    const asked = codeOf(request(callId));
    await offered(callId);
    await bench.crash();
    await asked;
    bench.clock.advance(40_000);
    await bench.boot();
    gateway = connect('api-gateway');
    expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'call-back' });
    await bench.crash();
    await bench.boot();
    gateway = connect('api-gateway');
    expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
  });

  it('a supervisor who does not pick up is followed by the reception, which takes the call', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await present(jordan);
    const asked = request(callId);
    const { handOffId } = await offered(callId);
    await gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber });
    await asked;
    await bench.gateway.idle();
    await bench.say('call.hangup', { ...personOf(leg, jordansNumber), hangup_cause: 'no_answer' });
    expect(transfers(leg)).toEqual([jordansNumber, reception]);
    expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'reception' });
    await bench.say('call.answered', personOf(leg, reception));
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await rowOf(callId)).toMatchObject({ state: 'timed-out', fallback: 'reached' });
    expect(await bench.row(leg)).toMatchObject({ state: 'escalated', outcome: 'transferred-to-person' });
    expect(await messages()).toEqual([]);
  });

  it('a carrier that puts nobody through: the caller is with the agent again, and on the list', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await present(jordan);
    const asked = request(callId);
    const { handOffId } = await offered(callId);
    bench.carrier.trouble({ status: 422, code: '10016' }, 'transfer');
    await gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber });
    await asked;
    await bench.gateway.idle();
    bench.carrier.trouble(undefined);
    await bench.pass(300);
    const asks = bench.carrier.requests.filter(
      (one) => one.leg === leg.call_control_id && one.action === 'transfer',
    );
    expect(asks.map(({ body }) => body['to'])).toEqual([jordansNumber, reception]);
    expect(await bench.row(leg)).toMatchObject({ state: 'active', owner_epoch: 2 });
    expect(await request(callId, { ownerEpoch: 2 })).toMatchObject({ result: Result.CALL_BACK, handOffId });
    expect([(await callBacks()).length, (await messages()).length]).toEqual([1, 1]);
  });

  it('a caller without a number is put on the list and cannot be written to', async () => {
    bench.clinics.lines = { ...bench.clinics.lines, transferNumber: undefined };
    const leg = { ...bench.newLeg(), from: 'anonymous' };
    await bench.say('call.initiated', { ...leg, direction: 'incoming', state: 'parked' });
    await bench.say('call.answered', leg);
    expect(await request(await idOf(leg))).toMatchObject({ result: Result.CALL_BACK });
    expect([(await callBacks()).length, await messages()]).toEqual([1, []]);
  });

  it('a caller who hangs up ends it, while it is offered and while it rings', async () => {
    const [one, two] = [await bench.talkingCall(), await bench.talkingCall()];
    const [first, second] = [await idOf(one), await idOf(two)];
    await present(jordan);
    const asked = request(first);
    await offered(first);
    await bench.say('call.hangup', { ...one, hangup_cause: 'normal_clearing' });
    expect(await asked).toMatchObject({ result: Result.CALL_OVER });
    const askedToo = request(second);
    const { handOffId } = await offered(second);
    await gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber });
    await askedToo;
    await bench.say('call.hangup', { ...two, hangup_cause: 'normal_clearing' });
    await bench.pass(5_000);
    expect(await rowOf(first)).toMatchObject({ state: 'abandoned' });
    expect(await rowOf(second)).toMatchObject({ state: 'abandoned' });
    expect([await callBacks(), await messages(), await openOnes()]).toEqual([[], [], []]);
    expect(await request(first)).toMatchObject({ result: Result.CALL_OVER });
  });
});

describe('a request for a person', () => {
  it('is the owner’s: an old epoch is refused, and one that is replaced while it waits is let go', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await present(jordan);
    expect(await codeOf(request(callId, { ownerEpoch: 2 }))).toBe('Aborted');
    const asked = codeOf(request(callId));
    await offered(callId);
    await bench.say('streaming.failed', { ...leg });
    await bench.pass(300);
    bench.clock.advance(500);
    expect(await asked).toBe('Aborted');
    const again = request(callId, { ownerEpoch: 2 });
    const { handOffId } = await offered(callId);
    await gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber });
    expect(await again).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    expect((await gateway.handOffs.listHandOffs({ callId })).handOffs).toHaveLength(1);
  });

  it('survives its process: asked again of the next one, it waits for the same hand-off', async () => {
    const callId = await idOf(await bench.talkingCall());
    await present(jordan);
    const asked = codeOf(request(callId));
    const { handOffId } = await offered(callId);
    await bench.crash();
    // Told to ask again, unless the connection goes before the word is out; both mean the same to who asks.
    expect(['Unavailable', 'Canceled']).toContain(await asked);
    await bench.boot();
    brain = connect('conversation-brain');
    gateway = connect('api-gateway');
    const again = request(callId, {
      ownerEpoch: Number(
        (await bench.admin.query('select owner_epoch from telephony.calls')).rows[0].owner_epoch,
      ),
    });
    expect((await offered(callId)).handOffId).toBe(handOffId);
    bench.clock.advance(31_000);
    await bench.sweep();
    expect(await again).toMatchObject({ result: Result.TRANSFERRING, handOffId });
  });

  it('is answered by the instance that was asked, whichever the supervisor accepts at', async () => {
    const other = await bench.bootAnother();
    try {
      const callId = await idOf(await bench.talkingCall());
      await present(jordan);
      const asked = request(callId, { from: connect('conversation-brain', { port: other.rpcPort }) });
      const { handOffId } = await offered(callId);
      await gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber });
      bench.clock.advance(500);
      expect(await asked).toMatchObject({ result: Result.TRANSFERRING, handOffId });
    } finally {
      await other.stop();
    }
  });

  it('is for the brain alone, and the desk is for the gateway alone', async () => {
    expect(await codeOf(gateway.handOffs.requestHandOff({}))).toBe('PermissionDenied');
    for (const method of [
      'listHandOffs',
      'listPresence',
      'acceptHandOff',
      'declineHandOff',
      'setPresence',
    ] as const)
      expect(await codeOf(brain.handOffs[method]({}))).toBe('PermissionDenied');
    expect(await codeOf(brain.calls.completeCallBack({}))).toBe('PermissionDenied');
  });
});

describe('presence', () => {
  const there = async () =>
    (await gateway.handOffs.listPresence({})).supervisors.map((one) => one.displayName);

  it('lasts 30 s from the last word, is begun anew after that, and ends at once when told', async () => {
    await present(taylor, jordan);
    expect(await there()).toEqual(['Jordan Ellis', 'Taylor Reed']);
    const since = async () => (await gateway.handOffs.listPresence({})).supervisors[0]?.since;
    const first = await since();
    bench.clock.advance(20_000);
    await present(jordan);
    bench.clock.advance(10_000);
    expect([await there(), await since()]).toEqual([['Jordan Ellis'], first]);
    bench.clock.advance(20_000);
    expect(await there()).toEqual([]);
    await present(jordan);
    expect(await since()).not.toEqual(first);
    await gateway.handOffs.setPresence({ userId: jordan.userId, present: false });
    expect(await there()).toEqual([]);
    expect(
      (await connect('api-gateway', { tenant: otherTenant }).handOffs.listPresence({})).supervisors,
    ).toEqual([]);
  });
});

describe('the call-back list', () => {
  it('keeps who called back first, and shows the open ones alone when asked', async () => {
    const callId = await idOf(await bench.talkingCall());
    const asked = { callId, ownerEpoch: 1, reason: 'other', note: 'call me' };
    const { callBackId } = await brain.calls.requestCallBack(asked);
    const { callBack } = await gateway.calls.completeCallBack({ callBackId, ...jordan });
    expect(callBack).toMatchObject({ callBackId, completedByName: jordan.displayName });
    bench.clock.advance(1_000);
    expect((await gateway.calls.completeCallBack({ callBackId, ...taylor })).callBack).toEqual(callBack);
    expect((await gateway.calls.listCallBacks({ openOnly: true })).callBacks).toEqual([]);
    expect((await gateway.calls.listCallBacks({})).callBacks).toEqual([callBack]);
    const unknown = { callBackId: crypto.randomUUID(), ...jordan };
    expect(await codeOf(gateway.calls.completeCallBack(unknown))).toBe('NotFound');
    const stranger = connect('api-gateway', { tenant: otherTenant });
    expect(await codeOf(stranger.calls.completeCallBack({ callBackId, ...jordan }))).toBe('NotFound');
  });
});

it('keeps a briefing readable for its tenant’s key alone', async () => {
  const callId = await idOf(await bench.talkingCall());
  await present(jordan);
  const asked = request(callId);
  await offered(callId);
  const sealed = String((await rowOf(callId))['briefing_sealed']);
  expect(() => bench.cipher.open(otherTenant, sealed, 'hand_offs.briefing')).toThrow();
  expect(bench.cipher.open(tenantId, sealed, 'hand_offs.briefing')).toBeInstanceOf(Personal);
  await brain.calls.hangUp({ callId, ownerEpoch: 1, outcome: events.CallOutcome.NOT_BOOKED });
  expect(await asked).toMatchObject({ result: Result.CALL_OVER });
});
