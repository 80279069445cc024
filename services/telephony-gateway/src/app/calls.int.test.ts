import { randomUUID } from 'node:crypto';
import { sharedKeys } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { createTelnyxCarrier } from '../adapters/telnyx/telnyx-carrier.ts';
import { createCall } from '../domain/call.ts';
import {
  clinicNumber,
  openGatewayBench,
  tenantId,
  type GatewayBench,
  type Leg,
} from '../testing/gateway-bench.ts';
import { createSignedStreamLinks } from '../adapters/signed-stream-links.ts';

let bench: GatewayBench;
beforeAll(async () => {
  bench = await openGatewayBench();
});
afterAll(() => bench.close());
afterEach(async () => {
  bench.carrier.trouble(undefined);
  // What one test leaves open is not the next one's business.
  await bench.admin.query(`update telephony.commands set status = 'superseded' where status = 'pending'`);
  await bench.admin.query(
    `update telephony.calls set state = 'failed', next_check_at = null, wake_at = null,
       machine = jsonb_set(machine, '{state}', '{"kind":"failed","reason":"test","failedAt":0}')
     where next_check_at is not null`,
  );
});

const incoming = { direction: 'incoming', state: 'parked' };
const commandsOf = (leg: Leg) => bench.carrier.commandsOf(leg.call_control_id);
const keyOf = async (leg: Leg) => ({ tenantId, callId: String((await bench.row(leg))['id']) });

async function ask(leg: Leg, type: 'transfer-asked' | 'hang-up-asked', reason = 'caller-asked') {
  const key = await keyOf(leg);
  const at = bench.clock.now();
  await bench.store.change(key, {
    at,
    decide: () => [type === 'transfer-asked' ? { type, at, reason } : { type, at, outcome: null }],
  });
  await bench.sweep();
}

/** Stores an incoming call as a process does that dies between its commit and the command. */
async function storedOnly(leg: Leg) {
  const callId = randomUUID();
  const at = bench.clock.now();
  const result = await bench.store.changeNew(
    {
      ...{ callId, tenantId, clinicId: '01930000-0000-7000-8000-00000000a011', direction: 'inbound' },
      callControlId: leg.call_control_id,
      callSessionId: leg.call_session_id,
      callerNumber: Personal.of(leg.from),
      clinicNumber,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    { at, decide: () => [{ type: 'incoming' }] },
  );
  if (result.kind !== 'changed' || !result.commands[0]) throw new Error('the call was not stored');
  return result.commands[0];
}

describe('a command', () => {
  it('that was decided but never run, because the process died, is run by the sweeper', async () => {
    const leg = bench.newLeg();
    await storedOnly(leg);
    expect(commandsOf(leg)).toEqual([]);
    await bench.sweep();
    expect(commandsOf(leg)).toEqual(['answer']);
    expect((await bench.row(leg))['state']).toBe('ringing');
  });

  it('that was taken by the carrier but not noted has no second effect when it is repeated', async () => {
    const leg = bench.newLeg();
    const command = await storedOnly(leg);
    await bench.store.claimCommand(command, { now: bench.clock.now(), leaseMs: 10_000 });
    const carrier = createTelnyxCarrier(bench.config.telnyx);
    const streamUrl = 'wss://first.test/';
    await carrier.answer(leg.call_control_id, { commandId: command.commandId, streamUrl, clientState: 'x' });
    carrier.close();
    await bench.sweep();
    expect((await bench.row(leg))['state']).toBe('initiating');
    await bench.pass(10_000);
    expect(bench.carrier.requests.filter((request) => request.leg === leg.call_control_id)).toHaveLength(2);
    expect(commandsOf(leg)).toEqual(['answer']);
    expect((await bench.row(leg))['state']).toBe('ringing');
  });

  it('is repeated with its own id while the carrier does not answer', async () => {
    const leg = bench.newLeg();
    bench.carrier.trouble({ status: 503, code: '10011' });
    await bench.say('call.initiated', { ...leg, ...incoming });
    await bench.pass(250);
    bench.carrier.trouble(undefined);
    await bench.pass(500);
    const ids = bench.carrier.requests
      .filter((request) => request.leg === leg.call_control_id)
      .map(({ body }) => body['command_id']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect((await bench.row(leg))['state']).toBe('ringing');
  });

  it('is not sent when the caller has hung up before', async () => {
    const leg = bench.newLeg();
    await storedOnly(leg);
    await bench.say('call.hangup', { ...leg, hangup_cause: 'originator_cancel' });
    await bench.sweep();
    expect(bench.carrier.requests.filter((request) => request.leg === leg.call_control_id)).toEqual([]);
    expect(await bench.row(leg)).toMatchObject({ state: 'failed', end_reason: 'originator_cancel' });
  });
});

describe('a stream that breaks in mid-call', () => {
  const linkOf = (leg: Leg) =>
    bench.carrier.taken.filter((taken) => taken.leg === leg.call_control_id).at(-1)?.body[
      'stream_url'
    ] as string;
  const epochOf = (leg: Leg) =>
    createSignedStreamLinks({ ...bench.config, now: bench.clock.now }).epochOf(linkOf(leg));

  it('is started again for a new owner; late words about the old one change nothing', async () => {
    const leg = await bench.talkingCall();
    const firstLink = linkOf(leg);
    await bench.say('streaming.failed', { ...leg, stream_params: { stream_url: firstLink } });
    expect(commandsOf(leg)).toEqual(['answer']);
    await bench.pass(300);
    expect(commandsOf(leg)).toEqual(['answer', 'streaming_start']);
    expect(epochOf(leg)).toBe(2);
    expect((await bench.row(leg))['owner_epoch']).toBe(2);
    await bench.say('streaming.stopped', { ...leg, stream_url: firstLink });
    await bench.pass(3_000);
    expect(commandsOf(leg)).toEqual(['answer', 'streaming_start']);
  });

  it('goes to the clinic’s number when it breaks a fourth time, and ends when nobody is there', async () => {
    const leg = await bench.talkingCall();
    for (let i = 0; i < 4; i += 1) {
      await bench.say('streaming.failed', { ...leg, stream_params: { stream_url: linkOf(leg) } });
      await bench.pass(5_000);
    }
    expect(commandsOf(leg)).toEqual([
      'answer',
      'streaming_start',
      'streaming_start',
      'streaming_start',
      'transfer',
    ]);
    await bench.say('call.hangup', { ...leg, call_control_id: 'v3:person', hangup_cause: 'no_answer' });
    expect(commandsOf(leg).at(-1)).toBe('hangup');
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await bench.row(leg)).toMatchObject({ state: 'completed', end_reason: 'we-could-not-transfer' });
  });
});

describe('a stream that stops because the caller hung up', () => {
  it('is not started again while the hangup is on its way, so that the outcome can still be noted', async () => {
    const leg = await bench.talkingCall();
    bench.carrier.end(leg.call_control_id);
    await bench.say('streaming.stopped', { ...leg });
    await bench.pass(1_000);
    expect(await bench.row(leg)).toMatchObject({ state: 'active', owner_epoch: 1 });
    const at = bench.clock.now();
    await bench.store.change(await keyOf(leg), {
      at,
      decide: () => [{ type: 'outcome-recorded', outcome: 'booked' }],
    });
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await bench.row(leg)).toMatchObject({
      state: 'completed',
      outcome: 'booked',
      end_reason: 'normal_clearing',
    });
    expect(commandsOf(leg)).toEqual(['answer']);
  });

  it('ends as swept when the hangup never comes', async () => {
    const leg = await bench.talkingCall();
    bench.carrier.end(leg.call_control_id);
    await bench.say('streaming.stopped', { ...leg });
    await bench.pass(1_000);
    await bench.pass(3_000);
    expect(await bench.row(leg)).toMatchObject({ state: 'completed', end_reason: 'swept' });
  });
});

it('lets simultaneous changes of one call take turns, each seeing what the one before decided', async () => {
  const leg = await bench.talkingCall();
  const key = await keyOf(leg);
  const at = bench.clock.now();
  await bench.admin.query('begin');
  await bench.admin.query('select 1 from telephony.calls where id = $1 for update', [key.callId]);
  const asked = Array.from({ length: 3 }, () =>
    bench.store.change(key, { at, decide: () => [{ type: 'transfer-asked', at, reason: 'caller-asked' }] }),
  );
  // Until all three wait: then letting go of the row starts them at the same instant.
  for (let waiting = 0; waiting < 3;) {
    const { rows } = await bench.admin.query<{ n: string }>(
      'select count(*) n from pg_locks where not granted',
    );
    waiting = Number(rows[0]?.n);
  }
  await bench.admin.query('commit');
  const commands = (await Promise.all(asked)).flatMap((result) =>
    result.kind === 'changed' ? result.commands : [],
  );
  expect(commands).toHaveLength(1);
});

describe('a hand-off', () => {
  it.each([
    ['caller-asked', '+12025550119', 'transferred-to-person'],
    ['emergency', '+12025550112', 'emergency-transferred'],
  ])('for %s goes to %s and ends ESCALATED', async (reason, to, outcome) => {
    const leg = await bench.talkingCall();
    const person = { ...leg, call_control_id: `v3:person-${reason}`, to };
    await ask(leg, 'transfer-asked', reason);
    expect(bench.carrier.taken.at(-1)).toMatchObject({ action: 'transfer', body: { to } });
    await bench.say('call.initiated', { ...person, direction: 'outgoing', state: 'bridging' });
    await bench.say('streaming.stopped', { ...leg });
    await bench.say('call.answered', person);
    await bench.say('call.bridged', leg);
    expect(await bench.row(leg)).toMatchObject({ state: 'ending' });
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    await bench.say('call.hangup', { ...person, hangup_cause: 'normal_clearing' });
    expect(await bench.row(leg)).toMatchObject({ state: 'escalated', outcome, end_reason: reason });
    const last = (await bench.eventsOf(leg)).at(-1);
    expect(last).toMatchObject({ topic: 'calls.escalated', data: { reason } });
  });

  it('that nobody takes brings the caller back to the agent', async () => {
    const leg = await bench.talkingCall();
    await ask(leg, 'transfer-asked');
    await bench.say('call.hangup', { ...leg, call_control_id: 'v3:busy', hangup_cause: 'user_busy' });
    await bench.pass(300);
    expect(commandsOf(leg)).toEqual(['answer', 'transfer', 'streaming_stop', 'streaming_start']);
    expect(await bench.row(leg)).toMatchObject({ state: 'active', owner_epoch: 2 });
  });

  it('that the carrier refuses brings the caller back too', async () => {
    const leg = await bench.talkingCall();
    bench.carrier.trouble({ status: 422, code: '10016' }, 'transfer');
    await ask(leg, 'transfer-asked');
    await bench.pass(300);
    expect(commandsOf(leg)).toEqual(['answer', 'streaming_stop', 'streaming_start']);
  });
});

describe('the sweeper', () => {
  it('ends a call whose hangup was never told, and leaves living ones alone', async () => {
    const [lost, living] = [await bench.talkingCall(), await bench.talkingCall()];
    bench.carrier.end(lost.call_control_id);
    await bench.pass(9_000);
    expect((await bench.row(lost))['state']).toBe('active');
    await bench.pass(2_000);
    expect(await bench.row(lost)).toMatchObject({
      state: 'completed',
      end_reason: 'swept',
      outcome: 'abandoned',
    });
    expect(await bench.row(living)).toMatchObject({ state: 'active', owner_epoch: 1 });
    expect(commandsOf(living)).toEqual(['answer']);
  });

  it('hangs up again until the leg is gone', async () => {
    const leg = await bench.talkingCall();
    await ask(leg, 'hang-up-asked');
    // The carrier took the command, yet the leg lives on.
    bench.carrier.ring(leg.call_control_id);
    await bench.pass(16_000);
    expect(commandsOf(leg)).toEqual(['answer', 'hangup', 'hangup']);
    await bench.pass(16_000);
    expect(await bench.row(leg)).toMatchObject({
      state: 'completed',
      end_reason: 'we-hung-up',
      outcome: 'not-booked',
    });
  });

  it('hangs up a call that never connects', async () => {
    const leg = bench.newLeg();
    bench.carrier.trouble({ status: 422, code: '10015' }, 'answer');
    await bench.say('call.initiated', { ...leg, ...incoming });
    expect(commandsOf(leg)).toEqual(['hangup']);
    await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' });
    expect(await bench.row(leg)).toMatchObject({ state: 'failed', end_reason: 'answer-failed' });
  });

  it('keeps asking a silent carrier for ten minutes, then gives the call up', async () => {
    const leg = await bench.talkingCall();
    bench.carrier.trouble('reset');
    const start = bench.clock.now();
    while ((await bench.row(leg))['state'] === 'active' && bench.clock.now() - start < 3_600_000) {
      await bench.pass(20_000);
    }
    expect(await bench.row(leg)).toMatchObject({ state: 'failed', end_reason: 'carrier-unreachable' });
    const waited = bench.clock.now() - start;
    expect(waited).toBeGreaterThanOrEqual(600_000);
    expect(waited).toBeLessThan(720_000);
  });

  it('forgets the carrier’s silence when it speaks again', async () => {
    const leg = await bench.talkingCall();
    bench.carrier.trouble('reset');
    await bench.pass(12_000);
    expect(Number((await bench.row(leg))['check_failures'])).toBeGreaterThan(0);
    bench.carrier.trouble(undefined);
    // The circuit breaker counts on the machine's clock, not on the bench's: on a busy one it may still be open.
    do {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await bench.pass(12_000);
    } while (Number((await bench.row(leg))['check_failures']) > 0);
    expect(await bench.row(leg)).toMatchObject({
      state: 'active',
      check_failures: 0,
      unreachable_since: null,
    });
  });
});

describe('after a crash', () => {
  it('the first sweep resumes what lives, ends what is gone, and runs what was left', async () => {
    const [living, gone, ringing] = [await bench.talkingCall(), await bench.talkingCall(), bench.newLeg()];
    await bench.crash();
    await storedOnly(ringing);
    bench.carrier.end(gone.call_control_id);
    bench.clock.advance(1_000);
    await bench.boot();
    expect(commandsOf(living)).toEqual(['answer', 'streaming_stop', 'streaming_start']);
    expect(await bench.row(living)).toMatchObject({ state: 'active', owner_epoch: 2 });
    expect(await bench.row(gone)).toMatchObject({ state: 'completed', end_reason: 'swept' });
    expect(commandsOf(ringing)).toEqual(['answer']);
  });

  it('a call on which somebody listens goes on undisturbed, until nobody does', async () => {
    const [leg, other] = [await bench.talkingCall(), await bench.talkingCall()];
    const { id } = await bench.row(leg);
    const stream = sharedKeys.openStream(tenantId, String(id), 1);
    await bench.crash();
    await bench.keyValue.set(stream, '1');
    bench.clock.advance(1_000);
    await bench.boot();
    expect(commandsOf(leg)).toEqual(['answer']);
    expect(commandsOf(other)).toEqual(['answer', 'streaming_stop', 'streaming_start']);
    await bench.keyValue.delete(stream);
    await bench.pass(20_000);
    expect(commandsOf(leg)).toEqual(['answer', 'streaming_stop', 'streaming_start']);
  });

  it('a call is resumed later when the carrier could not be asked at first', async () => {
    const leg = await bench.talkingCall();
    await bench.crash();
    bench.carrier.trouble('reset');
    bench.clock.advance(1_000);
    await bench.boot();
    expect((await bench.row(leg))['owner_epoch']).toBe(1);
    bench.carrier.trouble(undefined);
    await bench.pass(4_000);
    expect(commandsOf(leg)).toEqual(['answer', 'streaming_stop', 'streaming_start']);
  });

  it('a stream that was to be restarted is restarted, although its timer is lost', async () => {
    const leg = await bench.talkingCall();
    await bench.say('streaming.failed', { ...leg });
    await bench.crash();
    bench.clock.advance(1_000);
    await bench.boot();
    await bench.sweep();
    expect(commandsOf(leg)).toEqual(['answer', 'streaming_start']);
  });
});

it('refuses a stored machine of another version rather than guessing', async () => {
  const leg = await bench.talkingCall();
  await bench.admin.query(`update telephony.calls set machine = $1 where call_control_id = $2`, [
    JSON.stringify({ ...createCall('inbound', 0), version: 2 }),
    leg.call_control_id,
  ]);
  expect((await bench.say('call.hangup', { ...leg, hangup_cause: 'normal_clearing' })).status).toBe(503);
});
