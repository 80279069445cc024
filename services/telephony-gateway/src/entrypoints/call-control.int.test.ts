import { events, telephony } from '@wardline/contracts';
import { createRpcClient } from '@wardline/rpc';
import {
  callerNumber,
  clinicId,
  codeOf,
  openGatewayBench,
  otherTenant,
  tenantId,
  type GatewayBench,
  type Leg,
} from '../testing/gateway-bench.ts';

const { CallOutcome, CallState } = events;

let bench: GatewayBench;
const opened: { close(): void }[] = [];
const clientOf = (service: string, tenant = tenantId) => {
  const client = createRpcClient(telephony.CallControlService, bench.rpcOptions(service));
  opened.push(client);
  return client.forTenant(tenant);
};
type Client = ReturnType<typeof clientOf>;
let brain: Client;
let gateway: Client;

beforeAll(async () => {
  bench = await openGatewayBench();
  brain = clientOf('conversation-brain');
  gateway = clientOf('api-gateway');
});
afterAll(async () => {
  opened.forEach((client) => client.close());
  await bench.close();
});

const idOf = async (leg: Leg) => String((await bench.row(leg))['id']);

describe('the owner of a call', () => {
  it('records what was achieved, and a hang-up right after keeps it', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await brain.recordOutcome({ callId, ownerEpoch: 1, outcome: CallOutcome.BOOKED });
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing', hangup_source: 'caller' });
    expect((await bench.eventsOf(leg)).at(-1)?.data).toMatchObject({ outcome: 'CALL_OUTCOME_BOOKED' });
  });

  it('hangs up, and transfers, each once however often it asks', async () => {
    const [one, two] = [await bench.talkingCall(), await bench.talkingCall()];
    const hangUp = { callId: await idOf(one), ownerEpoch: 1, outcome: CallOutcome.NO_INPUT };
    const transfer = { callId: await idOf(two), ownerEpoch: 1, reason: 'caller-asked' };
    await Promise.all([
      brain.hangUp(hangUp),
      brain.hangUp(hangUp),
      brain.transferCall(transfer),
      brain.transferCall(transfer),
    ]);
    await bench.gateway.idle();
    expect(bench.carrier.commandsOf(one.call_control_id)).toEqual(['answer', 'hangup']);
    expect(bench.carrier.commandsOf(two.call_control_id)).toEqual(['answer', 'transfer']);
    expect(await codeOf(brain.hangUp({ ...transfer, outcome: 0 }))).toBe('FailedPrecondition');
    await bench.say('call.hangup', { ...one, hangup_cause: 'normal_clearing' });
    expect(await bench.row(one)).toMatchObject({
      state: 'completed',
      outcome: 'no-input',
      end_reason: 'we-hung-up',
    });
  });

  it('is refused when another has taken the call over', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    await bench.say('streaming.failed', { ...leg });
    await bench.pass(300);
    const stale = { callId, ownerEpoch: 1 };
    expect(await codeOf(brain.transferCall({ ...stale, reason: 'emergency' }))).toBe('Aborted');
    expect(await codeOf(brain.hangUp(stale))).toBe('Aborted');
    expect(await codeOf(brain.recordOutcome({ ...stale, outcome: CallOutcome.BOOKED }))).toBe('Aborted');
    expect(await codeOf(brain.requestCallBack({ ...stale, reason: 'other' }))).toBe('Aborted');
    expect(await codeOf(brain.hangUp({ callId, ownerEpoch: 2 }))).toBe('taken');
  });

  it('is told of unknown calls, of another tenant’s as of unknown ones, and of calls that are over', async () => {
    const leg = await bench.talkingCall();
    const owned = { callId: await idOf(leg), ownerEpoch: 1 };
    const stranger = clientOf('conversation-brain', otherTenant);
    expect(await codeOf(stranger.hangUp(owned))).toBe('NotFound');
    expect(await codeOf(stranger.requestCallBack({ ...owned, reason: 'other' }))).toBe('NotFound');
    expect(await codeOf(brain.hangUp({ ...owned, callId: crypto.randomUUID() }))).toBe('NotFound');
    expect(await codeOf(brain.hangUp({ ...owned, callId: 'x' }))).toBe('InvalidArgument');
    expect(await codeOf(brain.transferCall({ ...owned, reason: 'Not a Word' }))).toBe('InvalidArgument');
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await codeOf(brain.transferCall({ ...owned, reason: 'emergency' }))).toBe('FailedPrecondition');
  });

  it('puts a caller on the call-back list once per reason, also just after the caller hung up', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    const request = { callId, ownerEpoch: 1, reason: 'move-appointment', note: 'move it to friday' };
    const first = await brain.requestCallBack(request);
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await brain.requestCallBack({ ...request, note: 'again' })).toEqual(first);
    const { callBacks } = await gateway.listCallBacks({ clinicId });
    expect(callBacks).toMatchObject([
      { callId, clinicId, reason: 'move-appointment', note: 'move it to friday', callerNumber },
    ]);
  });
});

describe('who may call', () => {
  it.each([
    ['api-gateway', 'hangUp', 'PermissionDenied'],
    ['voice-media', 'transferCall', 'PermissionDenied'],
    ['voice-media', 'listCalls', 'PermissionDenied'],
    ['conversation-brain', 'listCalls', 'taken'],
    ['conversation-brain', 'listCallBacks', 'PermissionDenied'],
    ['api-gateway', 'listCalls', 'taken'],
    ['standalone', 'listCallBacks', 'taken'],
  ] as const)('%s %s: %s', async (service, method, code) => {
    expect(await codeOf(clientOf(service)[method]({}))).toBe(code);
  });
});

describe('the list of calls', () => {
  it('goes from new to old in pages without gaps, also where calls began in the same millisecond', async () => {
    for (let i = 0; i < 5; i += 1) await bench.talkingCall();
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await gateway.listCalls({ clinicId, limit: 2, cursor });
      seen.push(...page.calls.map(({ callId }) => callId));
      cursor = page.nextCursor;
    } while (cursor !== '');
    const { rows } = await bench.admin.query<{ id: string }>(
      'select id from telephony.calls order by initiated_at desc, id desc',
    );
    expect(seen).toEqual(rows.map(({ id }) => id));
    expect(await codeOf(gateway.listCalls({ cursor: 'bogus' }))).toBe('InvalidArgument');
    expect(await codeOf(gateway.listCalls({ limit: 201 }))).toBe('InvalidArgument');
  });

  it('shows one call with its number and trace, living ones alone, and none of another tenant', async () => {
    const leg = await bench.talkingCall();
    const callId = await idOf(leg);
    const { calls } = await gateway.listCalls({ callId });
    expect(calls).toMatchObject([
      { callId, callerNumber, state: CallState.ACTIVE, traceId: (await bench.row(leg))['trace_id'] },
    ]);
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect((await gateway.listCalls({ callId, liveOnly: true })).calls).toEqual([]);
    expect((await gateway.listCalls({ callId })).calls[0]).toMatchObject({
      state: CallState.COMPLETED,
      outcome: CallOutcome.ABANDONED,
    });
    expect((await clientOf('api-gateway', otherTenant).listCalls({})).calls).toEqual([]);
  });
});
