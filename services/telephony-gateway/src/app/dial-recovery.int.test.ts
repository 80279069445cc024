import { createPostgresDialQueue } from '../adapters/postgres/postgres-dial-queue.ts';
import { policy } from '../domain/policy.ts';
import { campaignId, clinicId, clinicNumber, tenantId } from '../testing/gateway-bench.ts';
import { useDiallingBench } from '../testing/use-dialling-bench.ts';

const dialling = useDiallingBench();
const { pass, queue, callOf, dialsOf, legOf, commandsOf, eventsOf, ring, answer } = dialling;

/** Stores an allowed call as a process does that dies between its commit and the command. */
async function storedOnly(): Promise<string> {
  dialling.bench.authority.down = true;
  const attemptId = await queue();
  dialling.bench.authority.down = false;
  await dialling.bench.admin.query(`update telephony.dials set next_try_at = $2 where attempt_id = $1`, [
    attemptId,
    new Date(dialling.bench.clock.now()),
  ]);
  const [dial] = (
    await createPostgresDialQueue(dialling.bench.database).claim({
      now: dialling.bench.clock.now(),
      leaseMs: 60_000,
      limit: 10,
    })
  ).filter((claimed) => claimed.attemptId === attemptId);
  if (!dial) throw new Error('the dial was not there');
  const { to: callerNumber, language, leavesVoicemail, ringMs } = dialling.bench.authority.call;
  const placed = await dialling.bench.store.place(
    {
      ...{ tenantId, clinicId, clinicNumber, callerNumber, language, traceparent: dial.traceparent },
      callId: dialling.bench.authority.callIdOf(attemptId),
      campaign: { attemptId, campaignId },
      plan: { leavesVoicemail, ringMs },
    },
    { at: dialling.bench.clock.now(), tries: dial.tries },
  );
  expect(placed.kind).toBe('changed');
  return attemptId;
}

describe('killed', () => {
  it('between permission and command: dialled by the next one, if that comes at once', async () => {
    const attemptId = await storedOnly();
    await dialling.bench.sweep();
    expect(dialsOf(attemptId)).toHaveLength(1);
    expect(await callOf(attemptId)).toMatchObject({ state: 'ringing' });
  });

  it('between permission and command: not dialled later, and told so', async () => {
    const attemptId = await storedOnly();
    dialling.bench.clock.advance(policy.dialFreshMs + 1);
    await dialling.bench.sweep();
    expect(dialsOf(attemptId)).toEqual([]);
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
      topic: 'calls.failed',
      data: { failureReason: 'not-dialled', attemptId },
    });
  });

  it('between the dial and its answer: rung once, and found by what the carrier quotes', async () => {
    dialling.bench.carrier.trouble('lost-answer', 'dial');
    const attemptId = await queue();
    expect(dialsOf(attemptId)).toHaveLength(1);
    await dialling.bench.crash();
    dialling.bench.carrier.trouble(undefined);
    await dialling.bench.boot();
    await ring(attemptId);
    await answer(attemptId);
    await pass(10_000);
    expect(dialsOf(attemptId)).toHaveLength(1);
    expect(commandsOf(attemptId)).toEqual(['dial', 'streaming_start']);
  });
});

describe('a dial that is not answered', () => {
  it('is repeated with its own id, and rings once', async () => {
    dialling.bench.carrier.trouble('lost-answer', 'dial');
    const attemptId = await queue();
    dialling.bench.carrier.trouble(undefined);
    await pass(1_000);
    expect(dialsOf(attemptId)).toHaveLength(1);
    expect(await callOf(attemptId)).toMatchObject({ state: 'ringing', call_control_id: legOf(attemptId) });
  });

  it('is known by its first webhook, whichever that is, and not repeated', async () => {
    dialling.bench.carrier.trouble('lost-answer', 'dial');
    const attemptId = await queue();
    await answer(attemptId);
    dialling.bench.carrier.trouble(undefined);
    const before = dialling.bench.carrier.requests.length;
    await pass(20_000);
    expect(dialling.bench.carrier.requests.slice(before).filter(({ action }) => action === 'dial')).toEqual(
      [],
    );
    expect(await callOf(attemptId)).toMatchObject({ state: 'active', call_control_id: legOf(attemptId) });
    expect(commandsOf(attemptId)).toEqual(['dial', 'streaming_start']);
  });
});

// Last, because the carrier's troubles open the circuit to it for a while.
describe('a carrier that is away', () => {
  it('is asked again for a while; then the call is given up', async () => {
    dialling.bench.carrier.trouble({ status: 503, code: '10011' }, 'dial');
    const attemptId = await queue();
    await pass(60_000);
    await dialling.bench.sweep();
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
      topic: 'calls.failed',
      data: { failureReason: 'dial-unconfirmed', attemptId },
    });
    expect(dialling.bench.carrier.requests.filter(({ action }) => action === 'dial').length).toBeGreaterThan(
      1,
    );
  });
});
