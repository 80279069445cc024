import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import {
  callerNumber,
  clinicId,
  openGatewayBench,
  tenantId,
  type GatewayBench,
} from '../testing/gateway-bench.ts';

let bench: GatewayBench;
beforeAll(async () => {
  bench = await openGatewayBench();
});
afterAll(() => bench.close());

const incoming = { direction: 'incoming', state: 'parked' };

describe('a webhook that is not the carrier’s', () => {
  const hour = 3_600_000;
  const other = generateKeyPairSync('ed25519').privateKey;
  it.each([
    ['signed with another key', 401, (body: string) => bench.sender.headers(body, { key: other })],
    ['signed for another body', 401, () => bench.sender.headers('{}')],
    ['301 seconds old', 401, (body: string) => bench.sender.headers(body, { at: Date.now() - 302_000 })],
    ['from the future', 401, (body: string) => bench.sender.headers(body, { at: Date.now() + hour })],
    ['without headers', 401, () => ({})],
    [
      'without its timestamp',
      401,
      (body: string) => ({
        'telnyx-signature-ed25519': bench.sender.headers(body)['telnyx-signature-ed25519'] ?? '',
      }),
    ],
    ['without its signature', 401, () => ({ 'telnyx-timestamp': String(Math.floor(Date.now() / 1000)) })],
    [
      'with a signature that is none',
      401,
      (body: string) => ({ ...bench.sender.headers(body), 'telnyx-signature-ed25519': 'x' }),
    ],
  ])('%s is refused, and nothing is stored', async (_what, status, headers) => {
    const before = await bench.rowCounts();
    const body = bench.sender.event('call.initiated', { ...bench.newLeg(), ...incoming });
    const answer = await bench.sender.post(bench.url, body, headers(body) as Record<string, string>);
    expect(answer.status).toBe(status);
    await bench.gateway.idle();
    expect(await bench.rowCounts()).toEqual(before);
    expect(bench.carrier.taken).toEqual([]);
  });

  it('is refused above 256 KB, before its signature is looked at', async () => {
    const body = bench.sender.event('call.initiated', { padding: 'x'.repeat(300_000) });
    expect((await bench.sender.post(bench.url, body)).status).toBe(413);
  });
});

describe('a genuine webhook', () => {
  it.each([
    ['of a type nobody knows', { event: 'call.sang' }, 200],
    ['that is no envelope', { raw: '{"hello":1}' }, 400],
    ['that is no JSON', { raw: 'hello' }, 400],
  ])('%s stores nothing', async (_what, { event, raw }: { event?: string; raw?: string }, status) => {
    const before = await bench.rowCounts();
    const body = raw ?? bench.sender.event(event ?? '', { ...bench.newLeg() });
    expect((await bench.sender.post(bench.url, body)).status).toBe(status);
    expect(await bench.rowCounts()).toEqual(before);
  });

  it('of an incoming call answers it with a stream that only this call may open', async () => {
    const leg = bench.newLeg();
    expect((await bench.say('call.initiated', { ...leg, ...incoming })).status).toBe(200);
    const row = await bench.row(leg);
    expect(row).toMatchObject({ state: 'ringing', tenant_id: tenantId, clinic_id: clinicId, owner_epoch: 1 });

    const [answer] = bench.carrier.taken.filter((taken) => taken.leg === leg.call_control_id);
    expect(answer).toMatchObject({
      action: 'answer',
      body: {
        stream_bidirectional_mode: 'rtp',
        stream_bidirectional_codec: 'PCMU',
        stream_track: 'inbound_track',
      },
    });
    const streamUrl = new URL(String(answer?.body['stream_url']));
    expect(streamUrl.origin + streamUrl.pathname).toBe('wss://media.example.test/voice/media/telnyx');
    const { payload } = await jwtVerify(
      streamUrl.searchParams.get('token') ?? '',
      Buffer.from(bench.config.streamKey, 'base64'),
      { audience: 'wardline-media', issuer: 'telephony-gateway' },
    );
    expect(payload).toMatchObject({
      sub: row['id'],
      tid: tenantId,
      cid: clinicId,
      epc: 1,
      lng: 'en-US',
      res: false,
      tp: row['traceparent'],
      ccid: leg.call_control_id,
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells a whole call to others, on one trace', async () => {
    const leg = await bench.talkingCall();
    await bench.pass(5_000);
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing', hangup_source: 'caller' });
    const told = await bench.eventsOf(leg);
    expect(told.map(({ topic, data }) => [topic, data['toState']])).toEqual([
      ['calls.initiated', undefined],
      ['calls.changed', 'CALL_STATE_INITIATING'],
      ['calls.changed', 'CALL_STATE_RINGING'],
      ['calls.changed', 'CALL_STATE_ACTIVE'],
      ['calls.changed', 'CALL_STATE_COMPLETED'],
      ['calls.completed', undefined],
    ]);
    expect(told.at(-1)?.data).toMatchObject({
      direction: 'CALL_DIRECTION_INBOUND',
      outcome: 'CALL_OUTCOME_ABANDONED',
      endReason: 'normal_clearing',
      talkTime: '5s',
    });
    expect(new Set(told.map(({ traceparent }) => traceparent))).toEqual(
      new Set([(await bench.row(leg))['traceparent']]),
    );
    expect(JSON.stringify(told)).not.toContain(callerNumber);
  });

  it('has no second effect when it is replayed', async () => {
    const leg = bench.newLeg();
    const id = randomUUID();
    await bench.say('call.initiated', { ...leg, ...incoming }, { id });
    const before = await bench.rowCounts();
    const again = await bench.say('call.initiated', { ...leg, ...incoming }, { id });
    expect(again).toEqual({ status: 200, body: '{"result":"duplicate"}' });
    expect(await bench.rowCounts()).toEqual(before);
  });

  it.each([
    ['the same', () => 'same'],
    ['different', () => randomUUID()],
  ])('answers once when it comes twenty times at the same instant with %s ids', async (_what, nextId) => {
    const leg = bench.newLeg();
    const suffix = randomUUID().slice(0, 8);
    const bodies = Array.from({ length: 20 }, () =>
      bench.sender.event('call.initiated', { ...leg, ...incoming }, { id: `${nextId()}-${suffix}` }),
    );
    const answers = await Promise.all(bodies.map((body) => bench.sender.post(bench.url, body)));
    await bench.gateway.idle();
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(bench.carrier.commandsOf(leg.call_control_id)).toEqual(['answer']);
    const topics = (await bench.eventsOf(leg)).map(({ topic }) => topic);
    expect(topics).toEqual(['calls.initiated', 'calls.changed', 'calls.changed']);
  });

  it('ends a call right in any order, all at the same instant', async () => {
    const leg = bench.newLeg();
    const bodies = [
      bench.sender.event('call.hangup', { ...leg, hangup_cause: 'normal_clearing' }),
      bench.sender.event('call.initiated', { ...leg, ...incoming }),
      bench.sender.event('streaming.stopped', { ...leg, stream_url: 'wss://x.test/' }),
      bench.sender.event('call.answered', { ...leg }),
    ];
    const answers = await Promise.all(
      [...bodies, ...bodies].map((body) => bench.sender.post(bench.url, body)),
    );
    await bench.gateway.idle();
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await bench.row(leg))['state']).toBe('completed');
    const ends = (await bench.eventsOf(leg)).filter(({ topic }) => topic === 'calls.completed');
    expect(ends).toHaveLength(1);
  });

  it('of a call to a number of no clinic rejects the call and stores nothing', async () => {
    const before = await bench.rowCounts();
    const leg = bench.newLeg('+12025550199');
    expect(await bench.say('call.initiated', { ...leg, ...incoming })).toMatchObject({ status: 200 });
    await bench.say('call.hangup', { ...leg, hangup_cause: 'call_rejected' });
    expect(bench.carrier.commandsOf(leg.call_control_id)).toEqual(['reject']);
    expect(await bench.rowCounts()).toEqual(before);
  });

  it('is asked for again when the database fails, and then taken', async () => {
    const leg = bench.newLeg();
    const id = randomUUID();
    await bench.admin.query('alter table telephony.commands rename to commands_away');
    const failed = await bench.say('call.initiated', { ...leg, ...incoming }, { id });
    await bench.admin.query('alter table telephony.commands_away rename to commands');
    expect(failed.status).toBe(503);
    expect(await bench.row(leg)).toEqual({});
    expect((await bench.say('call.initiated', { ...leg, ...incoming }, { id })).status).toBe(200);
    expect(bench.carrier.commandsOf(leg.call_control_id)).toEqual(['answer']);
  });

  it('is asked for again when the directory does not answer', async () => {
    const leg = bench.newLeg();
    bench.clinics.down = true;
    expect((await bench.say('call.initiated', { ...leg, ...incoming })).status).toBe(503);
    bench.clinics.down = false;
    expect((await bench.say('call.initiated', { ...leg, ...incoming })).status).toBe(200);
  });
});
