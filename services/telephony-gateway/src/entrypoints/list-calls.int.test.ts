import { randomUUID } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events, telephony } from '@wardline/contracts';
import { createRpcClient } from '@wardline/rpc';
import {
  callerNumber,
  campaignId,
  clinicNumber,
  openGatewayBench,
  patientNumber,
  tenantId,
  type GatewayBench,
  type Leg,
} from '../testing/gateway-bench.ts';

const { CallDirection, CallOutcome } = events;

let bench: GatewayBench;
let client: ReturnType<typeof connect>;
/** Two callers, and between them a patient who was called. */
let early: Leg;
let between: number;
let attemptId: string;

const connect = () => createRpcClient(telephony.CallControlService, bench.rpcOptions('campaigns'));

beforeAll(async () => {
  bench = await openGatewayBench({ outbound: { callsMax: 9, callsPerTenantMax: 9, callsPerSecondMax: 9 } });
  client = connect();
  early = await bench.talkingCall();
  await bench.say('call.hangup', { ...early, hangup_cause: 'normal_clearing' });
  bench.clock.advance(1_000);
  between = bench.clock.now();
  attemptId = bench.publishQueued();
  await bench.bus.idle();
  await bench.gateway.idle();
  bench.clock.advance(1_000);
  await bench.talkingCall();
  // As it was written before calls were made.
  await bench.admin.query('update telephony.calls set caller_number_index = $1 where call_control_id = $2', [
    bench.cipher.blindIndex(tenantId, callerNumber, 'phone'),
    early.call_control_id,
  ]);
});
afterAll(async () => {
  client.close();
  await bench.close();
});

const find = async (request: Parameters<ReturnType<typeof client.forTenant>['listCalls']>[0]) => {
  const { calls } = await client.forTenant(tenantId).listCalls(request);
  return calls.map((call) =>
    call.attemptId ? 'called' : call.answeredAt && call.endedAt ? 'early' : 'late',
  );
};

describe('the list of calls', () => {
  it('says of a call that we made which campaign and attempt it is, and who was called', async () => {
    const { calls } = await client.forTenant(tenantId).listCalls({ direction: CallDirection.OUTBOUND });
    expect(calls).toEqual([
      expect.objectContaining({
        ...{ attemptId, campaignId, clinicNumber, callerNumber: patientNumber },
        ...{ direction: CallDirection.OUTBOUND, callId: bench.authority.callIdOf(attemptId) },
      }),
    ]);
    const { calls: inbound } = await client
      .forTenant(tenantId)
      .listCalls({ direction: CallDirection.INBOUND });
    expect(inbound[0]).toMatchObject({ attemptId: '', campaignId: '', clinicNumber, callerNumber });
  });

  it('is narrowed by each of its filters', async () => {
    expect(await find({})).toEqual(['late', 'called', 'early']);
    expect(await find({ direction: CallDirection.INBOUND })).toEqual(['late', 'early']);
    expect(await find({ campaignId })).toEqual(['called']);
    expect(await find({ campaignId: randomUUID() })).toEqual([]);
    expect(await find({ callerNumber: patientNumber })).toEqual(['called']);
    expect(await find({ callerNumber })).toEqual(['late', 'early']);
    expect(await find({ callerNumber: '+12025550199' })).toEqual([]);
    expect(await find({ outcome: CallOutcome.ABANDONED })).toEqual(['early']);
    expect(await find({ outcome: CallOutcome.OPTED_OUT })).toEqual([]);
    expect(await find({ from: timestampFromMs(between) })).toEqual(['late', 'called']);
    expect(await find({ to: timestampFromMs(between) })).toEqual(['early']);
    expect(
      await find({ from: timestampFromMs(between), to: timestampFromMs(between + 1_000), liveOnly: true }),
    ).toEqual(['called']);
  });

  it('goes on with the filter where a page ended', async () => {
    const tenant = client.forTenant(tenantId);
    const first = await tenant.listCalls({ callerNumber, limit: 1 });
    const second = await tenant.listCalls({ callerNumber, limit: 1, cursor: first.nextCursor });
    expect(first.calls[0]?.callId).not.toBe(second.calls[0]?.callId);
    expect([first.calls.length, second.calls.length, second.nextCursor]).toEqual([1, 1, '']);
  });
});
