import { randomUUID } from 'node:crypto';
import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import { newTraceparent } from '@wardline/observability';
import { decodeJwt } from 'jose';
import { createPostgresDialQueue } from '../adapters/postgres/postgres-dial-queue.ts';
import { clientStateOf } from '../adapters/telnyx/client-state.ts';
import { policy } from '../domain/policy.ts';
import { sessionOf } from '../testing/fake-carrier.ts';
import {
  campaignId,
  clinicId,
  clinicNumber,
  openGatewayBench,
  patientNumber,
  tenantId,
  type GatewayBench,
} from '../testing/gateway-bench.ts';
import { PLACE_TTL_MS } from './dial-places.ts';

const limits = { callsMax: 3, callsPerTenantMax: 2, callsPerSecondMax: 50 };
const otherTenant = '01930000-0000-7000-8000-00000000b001';
const tick = 500;

let bench: GatewayBench;
beforeAll(async () => {
  bench = await openGatewayBench({ outbound: limits });
});
afterAll(() => bench.close());
afterEach(async () => {
  bench.carrier.trouble(undefined);
  Object.assign(bench.authority, { down: false, refusal: undefined });
  bench.authority.call = { ...bench.authority.call, leavesVoicemail: false };
  bench.clinics.down = false;
  await bench.admin.query(
    `update telephony.dials set state = 'refused', next_try_at = null where state = 'waiting'`,
  );
  await bench.admin.query(`update telephony.commands set status = 'superseded' where status = 'pending'`);
  await bench.admin.query(
    `update telephony.calls set state = 'failed', next_check_at = null, wake_at = null, ended_at = now(),
       machine = jsonb_set(machine, '{state}', '{"kind":"failed","reason":"test","failedAt":0}')
     where next_check_at is not null`,
  );
  // Places of calls that no test holds on to.
  bench.clock.advance(PLACE_TTL_MS);
  await settled();
});

/** Further instances, which end with the test. */
const others: Awaited<ReturnType<GatewayBench['another']>>[] = [];
async function another() {
  const other = await bench.another();
  others.push(other);
  return other;
}
afterEach(() => Promise.all(others.splice(0).map((other) => other.stop())));

/** Campaigns has been asked about it, and need not have answered. */
async function asked(attemptId: string): Promise<void> {
  while (!bench.authority.asked.includes(attemptId)) await new Promise((resolve) => setImmediate(resolve));
}

/** What was set off is done: events handled, turns taken, commands run. */
async function settled(gateway = bench.gateway): Promise<void> {
  await bench.bus.idle();
  await gateway.idle();
}

/** Time goes by in the dispatcher's own steps, each with what it sets off. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= tick) {
    bench.clock.advance(Math.min(left, tick));
    await settled();
  }
}

interface Wish {
  attemptId?: string;
  tenant?: string;
  inMs?: number;
  id?: string;
}

function publish({ attemptId = randomUUID(), tenant = tenantId, inMs = 60_000, id }: Wish = {}): string {
  const schema = events.CampaignCallQueuedSchema;
  const dialBy = timestampFromMs(bench.clock.now() + inMs);
  bench.bus.publish({
    ...(id === undefined ? {} : { id }),
    topic: 'campaigns.queued',
    type: schema.typeName,
    key: attemptId,
    subject: `attempts/${attemptId}`,
    tenantId: tenant,
    traceparent: newTraceparent(),
    data: toJson(schema, create(schema, { attemptId, campaignId, clinicId, dialBy })) as JsonObject,
  });
  return attemptId;
}

async function queue(wish: Wish = {}): Promise<string> {
  const attemptId = publish(wish);
  await settled();
  return attemptId;
}

const callOf = async (attemptId: string): Promise<Record<string, unknown>> => {
  const { rows } = await bench.admin.query<Record<string, unknown>>(
    'select * from telephony.calls where attempt_id = $1',
    [attemptId],
  );
  return rows[0] ?? {};
};
const dialRow = async (attemptId: string): Promise<Record<string, unknown>> => {
  const { rows } = await bench.admin.query<Record<string, unknown>>(
    'select * from telephony.dials where attempt_id = $1',
    [attemptId],
  );
  return rows[0] ?? {};
};
const stateOf = (callId: string) => clientStateOf(callId);
const dialsOf = (attemptId: string) => {
  const clientState = stateOf(bench.authority.callIdOf(attemptId));
  return bench.carrier.taken.filter(
    ({ body }) => body['client_state'] === clientState && 'connection_id' in body,
  );
};
const legOf = (attemptId: string) => dialsOf(attemptId)[0]?.leg ?? '';
const commandsOf = (attemptId: string) => bench.carrier.commandsOf(legOf(attemptId));
const eventsOf = async (attemptId: string) => {
  const { rows } = await bench.admin.query<{ topic: string; data: Record<string, unknown> }>(
    'select topic, data from telephony.outbox where key = $1 order by position',
    [bench.authority.callIdOf(attemptId)],
  );
  return rows;
};

/** As the carrier tells of a dialled leg. */
async function say(attemptId: string, eventType: string, more: object = {}, leg = legOf(attemptId)) {
  const answer = await bench.say(eventType, {
    ...{ call_control_id: leg, call_session_id: sessionOf(leg), from: clinicNumber, to: patientNumber },
    client_state: stateOf(bench.authority.callIdOf(attemptId)),
    ...more,
  });
  expect(answer.status).toBe(200);
  await settled();
}
const ring = (attemptId: string) =>
  say(attemptId, 'call.initiated', { direction: 'outgoing', state: 'bridging' });
const answer = (attemptId: string) => say(attemptId, 'call.answered', { state: 'answered' });
const hangUp = (attemptId: string, cause: string) => {
  bench.carrier.end(legOf(attemptId));
  return say(attemptId, 'call.hangup', { hangup_cause: cause });
};
const detect = (attemptId: string, result: string) =>
  say(attemptId, 'call.machine.premium.detection.ended', { result });
const claimsOf = (attemptId: string) => {
  const last = bench.carrier.taken
    .filter(({ leg, body }) => leg === legOf(attemptId) && 'stream_url' in body)
    .at(-1);
  return decodeJwt(new URL(String(last?.body['stream_url'])).searchParams.get('token') ?? '');
};

describe('a call that a campaign asks for', () => {
  it('is allowed, dialled, streamed when somebody picks up, and told to others with its attempt', async () => {
    const attemptId = await queue();
    expect(bench.authority.asked.at(-1)).toBe(attemptId);
    expect(dialsOf(attemptId).map(({ body }) => body)).toEqual([
      expect.objectContaining({ from: clinicNumber, to: patientNumber, timeout_secs: 25 }),
    ]);
    expect(await callOf(attemptId)).toMatchObject({
      ...{ direction: 'outbound', state: 'ringing', campaign_id: campaignId },
      call_control_id: legOf(attemptId),
      called_number: clinicNumber,
    });
    await ring(attemptId);
    expect(commandsOf(attemptId)).toEqual(['dial']);
    await answer(attemptId);
    expect(commandsOf(attemptId)).toEqual(['dial', 'streaming_start']);
    const callId = bench.authority.callIdOf(attemptId);
    expect(claimsOf(attemptId)).toMatchObject({
      ...{ sub: callId, epc: 1, res: false, lng: 'es-US', att: attemptId, mch: false },
      ccid: legOf(attemptId),
    });
    await detect(attemptId, 'human_residence');
    await hangUp(attemptId, 'normal_clearing');
    const told = await eventsOf(attemptId);
    expect(told.map(({ topic }) => topic)).toEqual([
      'calls.initiated',
      ...Array<string>(4).fill('calls.changed'),
      'calls.completed',
    ]);
    for (const { data } of told) expect(data).toMatchObject({ attemptId, campaignId });
    expect((await dialRow(attemptId))['state']).toBe('dialled');
  });

  it.each(['timeout', 'no_answer', 'user_busy', 'call_rejected'])(
    'fails as the carrier says: %s',
    async (cause) => {
      const attemptId = await queue();
      await ring(attemptId);
      await hangUp(attemptId, cause);
      expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
        topic: 'calls.failed',
        data: { failureReason: cause, attemptId, campaignId, direction: 'CALL_DIRECTION_OUTBOUND' },
      });
      expect(commandsOf(attemptId)).toEqual(['dial']);
    },
  );

  it('fails as not found when the carrier does not dial such a number', async () => {
    bench.carrier.invalidNumbers.add(patientNumber);
    const attemptId = await queue();
    bench.carrier.invalidNumbers.clear();
    expect(dialsOf(attemptId)).toEqual([]);
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
      topic: 'calls.failed',
      data: { failureReason: 'not_found', attemptId },
    });
  });

  it('that rings for ever is hung up as not answered', async () => {
    const attemptId = await queue();
    await ring(attemptId);
    await bench.pass(25_000 + policy.dialPatienceMs);
    expect(commandsOf(attemptId)).toEqual(['dial', 'hangup']);
    await hangUp(attemptId, 'normal_clearing');
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({ data: { failureReason: 'no_answer' } });
  });
});

describe('a machine', () => {
  it('is hung up on when no message is to be left', async () => {
    const attemptId = await queue();
    await answer(attemptId);
    await detect(attemptId, 'machine');
    expect(commandsOf(attemptId)).toEqual(['dial', 'streaming_start', 'hangup']);
    await hangUp(attemptId, 'normal_clearing');
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
      topic: 'calls.completed',
      data: { outcome: 'CALL_OUTCOME_MACHINE', endReason: 'machine' },
    });
  });

  it('gets a stream of its own once it has stopped greeting', async () => {
    bench.authority.call = { ...bench.authority.call, leavesVoicemail: true };
    const attemptId = await queue();
    await answer(attemptId);
    await detect(attemptId, 'machine');
    expect(commandsOf(attemptId)).toEqual(['dial', 'streaming_start', 'streaming_stop']);
    await say(attemptId, 'streaming.stopped', {});
    await pass(5_000);
    await say(attemptId, 'call.machine.premium.greeting.ended', { result: 'beep_detected' });
    expect(commandsOf(attemptId).slice(3)).toEqual(['streaming_stop', 'streaming_start']);
    expect(claimsOf(attemptId)).toMatchObject({ epc: 2, res: false, mch: true, att: attemptId });
    await hangUp(attemptId, 'normal_clearing');
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({ data: { outcome: 'CALL_OUTCOME_MACHINE' } });
  });
});

describe('permission', () => {
  it('that is refused dials nobody, and frees the place', async () => {
    bench.authority.refusal = 'paused';
    const refused = [await queue(), await queue(), await queue()];
    for (const attemptId of refused) {
      expect(await callOf(attemptId)).toEqual({});
      expect(await dialRow(attemptId)).toMatchObject({ state: 'refused', reason: 'paused' });
    }
    bench.authority.refusal = undefined;
    expect(dialsOf(await queue())).toHaveLength(1);
  });

  it('that nobody answers dials nobody, and is asked for again until the time is over', async () => {
    bench.authority.down = true;
    const attemptId = await queue({ inMs: 5_000 });
    await pass(3_000);
    expect(bench.authority.asked.filter((asked) => asked === attemptId).length).toBeGreaterThan(1);
    await pass(3_000);
    bench.authority.down = false;
    await pass(10_000);
    expect(await dialRow(attemptId)).toMatchObject({ state: 'too-late' });
    expect(await callOf(attemptId)).toEqual({});
  });

  it('is given later, when campaigns is back in time', async () => {
    bench.authority.down = true;
    const attemptId = await queue();
    bench.authority.down = false;
    await pass(1_500);
    expect(dialsOf(attemptId)).toHaveLength(1);
  });

  it('is not asked for before there is a number to call from', async () => {
    bench.clinics.down = true;
    const attemptId = await queue();
    expect(bench.authority.asked).not.toContain(attemptId);
    bench.clinics.down = false;
    await pass(1_500);
    expect(dialsOf(attemptId)).toHaveLength(1);
  });

  it('is not asked for when the time is over', async () => {
    const attemptId = await queue({ inMs: -1 });
    expect(bench.authority.asked).not.toContain(attemptId);
    expect(await dialRow(attemptId)).toMatchObject({ state: 'too-late' });
  });
});

describe('places', () => {
  it('of a hospital are so many, and the next one is dialled when one is free', async () => {
    const dialled = [await queue(), await queue()];
    const waits = await queue();
    await pass(5 * tick);
    expect(dialsOf(waits)).toEqual([]);
    expect(bench.authority.asked).not.toContain(waits);
    await hangUp(dialled[0] ?? '', 'no_answer');
    await pass(tick);
    expect(dialsOf(waits)).toHaveLength(1);
  });

  it('of all hospitals are so many', async () => {
    const [first] = [await queue(), await queue()];
    const other = await queue({ tenant: otherTenant });
    expect(dialsOf(other)).toHaveLength(1);
    const waits = await queue({ tenant: otherTenant });
    await pass(tick);
    expect(dialsOf(waits)).toEqual([]);
    await hangUp(first, 'user_busy');
    await pass(tick);
    expect(dialsOf(waits)).toHaveLength(1);
  });

  it('are held as long as the call lasts, also when who made it has been killed', async () => {
    for (const attemptId of [await queue(), await queue()]) await answer(attemptId);
    await bench.crash();
    bench.clock.advance(5_000);
    await bench.boot();
    const waits = await queue({ inMs: 600_000 });
    await pass(2 * PLACE_TTL_MS);
    expect(await dialRow(waits)).toMatchObject({ state: 'waiting' });
    expect(dialsOf(waits)).toEqual([]);
  });

  it('come back when who held them was killed and the calls have ended meanwhile', async () => {
    const [first, second] = [await queue(), await queue()];
    await bench.crash();
    for (const attemptId of [first, second]) bench.carrier.end(legOf(attemptId));
    await bench.admin.query(
      `update telephony.calls set state = 'failed', ended_at = now(), next_check_at = null, wake_at = null where attempt_id = any($1)`,
      [[first, second]],
    );
    await bench.boot();
    const waits = await queue();
    expect(dialsOf(waits)).toEqual([]);
    await pass(PLACE_TTL_MS);
    await pass(tick);
    expect(dialsOf(waits)).toHaveLength(1);
  });

  it('that cannot be counted are not taken', async () => {
    const { acquirePermit } = bench.keyValue;
    bench.keyValue.acquirePermit = () => Promise.reject(new Error('away'));
    const attemptId = await queue();
    await pass(2_000);
    expect(dialsOf(attemptId)).toEqual([]);
    bench.keyValue.acquirePermit = acquirePermit;
    await pass(1_000);
    expect(dialsOf(attemptId)).toHaveLength(1);
  });
});

describe('an event', () => {
  it('that comes twice is one call', async () => {
    const id = randomUUID();
    const attemptId = await queue({ id });
    await queue({ id, attemptId });
    await queue({ attemptId });
    await pass(tick);
    expect(dialsOf(attemptId)).toHaveLength(1);
    expect(bench.authority.asked.filter((asked) => asked === attemptId)).toHaveLength(1);
  });

  it('without ids is put aside', async () => {
    const before = bench.bus.deadLetters.length;
    await queue({ attemptId: 'none' });
    expect(bench.bus.deadLetters).toHaveLength(before + 1);
    bench.bus.release(bench.bus.deadLetters.at(-1)?.id ?? '', 'discard');
  });
});

describe('two instances', () => {
  it('that go through the same queue dial each once', async () => {
    const other = await another();
    const attempts = [publish(), publish()];
    await settled();
    await settled(other);
    await pass(tick);
    await settled(other);
    for (const attemptId of attempts) expect(dialsOf(attemptId)).toHaveLength(1);
  });

  it('of which one was asleep between the question and the answer dial once', async () => {
    const other = await another();
    const held = bench.authority.hold();
    const attemptId = publish({ inMs: 3_600_000 });
    await asked(attemptId);
    // The lease has run out, and the dial is taken by whoever comes first: asked for twice before it is answered.
    const countAsked = () => bench.authority.asked.filter((asked) => asked === attemptId).length;
    while (countAsked() < 2) {
      bench.clock.advance(11_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    held.release();
    await settled();
    await settled(other);
    expect(dialsOf(attemptId)).toHaveLength(1);
    const { rows } = await bench.admin.query('select 1 from telephony.commands where call_id = $1', [
      bench.authority.callIdOf(attemptId),
    ]);
    expect(rows).toHaveLength(1);
  });
});

it('does not dial on a yes that comes after its dial was taken away and refused', async () => {
  const held = bench.authority.hold();
  const attemptId = publish();
  await asked(attemptId);
  // Another one took it up when the lease had run out, and was told no: paused, meanwhile.
  await bench.admin.query(
    `update telephony.dials set tries = tries + 1, state = 'refused', reason = 'paused', next_try_at = null
     where attempt_id = $1`,
    [attemptId],
  );
  held.release();
  await settled();
  expect(await callOf(attemptId)).toEqual({});
  expect(dialsOf(attemptId)).toEqual([]);
});

/** Stores an allowed call as a process does that dies between its commit and the command. */
async function storedOnly(): Promise<string> {
  bench.authority.down = true;
  const attemptId = await queue();
  bench.authority.down = false;
  await bench.admin.query(`update telephony.dials set next_try_at = $2 where attempt_id = $1`, [
    attemptId,
    new Date(bench.clock.now()),
  ]);
  const [dial] = (
    await createPostgresDialQueue(bench.database).claim({
      now: bench.clock.now(),
      leaseMs: 60_000,
      limit: 10,
    })
  ).filter((claimed) => claimed.attemptId === attemptId);
  if (!dial) throw new Error('the dial was not there');
  const { to: callerNumber, language, leavesVoicemail, ringMs } = bench.authority.call;
  const placed = await bench.store.place(
    {
      ...{ tenantId, clinicId, clinicNumber, callerNumber, language, traceparent: dial.traceparent },
      callId: bench.authority.callIdOf(attemptId),
      campaign: { attemptId, campaignId },
      plan: { leavesVoicemail, ringMs },
    },
    { at: bench.clock.now(), tries: dial.tries },
  );
  expect(placed.kind).toBe('changed');
  return attemptId;
}

describe('killed', () => {
  it('between permission and command: dialled by the next one, if that comes at once', async () => {
    const attemptId = await storedOnly();
    await bench.sweep();
    expect(dialsOf(attemptId)).toHaveLength(1);
    expect(await callOf(attemptId)).toMatchObject({ state: 'ringing' });
  });

  it('between permission and command: not dialled later, and told so', async () => {
    const attemptId = await storedOnly();
    bench.clock.advance(policy.dialFreshMs + 1);
    await bench.sweep();
    expect(dialsOf(attemptId)).toEqual([]);
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
      topic: 'calls.failed',
      data: { failureReason: 'not-dialled', attemptId },
    });
  });

  it('between the dial and its answer: rung once, and found by what the carrier quotes', async () => {
    bench.carrier.trouble('lost-answer', 'dial');
    const attemptId = await queue();
    expect(dialsOf(attemptId)).toHaveLength(1);
    await bench.crash();
    bench.carrier.trouble(undefined);
    await bench.boot();
    await ring(attemptId);
    await answer(attemptId);
    await pass(10_000);
    expect(dialsOf(attemptId)).toHaveLength(1);
    expect(commandsOf(attemptId)).toEqual(['dial', 'streaming_start']);
  });
});

describe('a dial that is not answered', () => {
  it('is repeated with its own id, and rings once', async () => {
    bench.carrier.trouble('lost-answer', 'dial');
    const attemptId = await queue();
    bench.carrier.trouble(undefined);
    await pass(1_000);
    expect(dialsOf(attemptId)).toHaveLength(1);
    expect(await callOf(attemptId)).toMatchObject({ state: 'ringing', call_control_id: legOf(attemptId) });
  });

  it('is known by its first webhook, whichever that is, and not repeated', async () => {
    bench.carrier.trouble('lost-answer', 'dial');
    const attemptId = await queue();
    await answer(attemptId);
    bench.carrier.trouble(undefined);
    const before = bench.carrier.requests.length;
    await pass(20_000);
    expect(bench.carrier.requests.slice(before).filter(({ action }) => action === 'dial')).toEqual([]);
    expect(await callOf(attemptId)).toMatchObject({ state: 'active', call_control_id: legOf(attemptId) });
    expect(commandsOf(attemptId)).toEqual(['dial', 'streaming_start']);
  });
});

describe('a leg that nobody waits for', () => {
  it('is hung up when it was dialled for a call that has another one', async () => {
    const attemptId = await queue();
    bench.carrier.ring('v3:second');
    await say(attemptId, 'call.answered', {}, 'v3:second');
    expect(bench.carrier.commandsOf('v3:second')).toEqual(['hangup']);
    expect(await callOf(attemptId)).toMatchObject({ state: 'ringing', call_control_id: legOf(attemptId) });
  });

  it('is hung up when its call has been given up', async () => {
    const attemptId = await queue();
    await hangUp(attemptId, 'no_answer');
    bench.carrier.ring(legOf(attemptId));
    await answer(attemptId);
    expect(commandsOf(attemptId)).toEqual(['dial', 'hangup']);
  });
});

// Last, because the carrier's troubles open the circuit to it for a while.
describe('a carrier that is away', () => {
  it('is asked again for a while; then the call is given up', async () => {
    bench.carrier.trouble({ status: 503, code: '10011' }, 'dial');
    const attemptId = await queue();
    await pass(60_000);
    await bench.sweep();
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
      topic: 'calls.failed',
      data: { failureReason: 'dial-unconfirmed', attemptId },
    });
    expect(bench.carrier.requests.filter(({ action }) => action === 'dial').length).toBeGreaterThan(1);
  });
});
