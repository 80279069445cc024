import { randomUUID } from 'node:crypto';
import { policy } from '../domain/policy.ts';
import { campaignId, clinicNumber, patientNumber } from '../testing/gateway-bench.ts';
import { tick, useDiallingBench } from '../testing/use-dialling-bench.ts';

const dialling = useDiallingBench();
const {
  pass,
  queue,
  callOf,
  dialRow,
  dialsOf,
  legOf,
  commandsOf,
  eventsOf,
  say,
  ring,
  answer,
  hangUp,
  detect,
  claimsOf,
} = dialling;

describe('a call that a campaign asks for', () => {
  it('is allowed, dialled, streamed when somebody picks up, and told to others with its attempt', async () => {
    const attemptId = await queue();
    expect(dialling.bench.authority.asked.at(-1)).toBe(attemptId);
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
    const callId = dialling.bench.authority.callIdOf(attemptId);
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
    dialling.bench.carrier.invalidNumbers.add(patientNumber);
    const attemptId = await queue();
    dialling.bench.carrier.invalidNumbers.clear();
    expect(dialsOf(attemptId)).toEqual([]);
    expect((await eventsOf(attemptId)).at(-1)).toMatchObject({
      topic: 'calls.failed',
      data: { failureReason: 'not_found', attemptId },
    });
  });

  it('that rings for ever is hung up as not answered', async () => {
    const attemptId = await queue();
    await ring(attemptId);
    await dialling.bench.pass(25_000 + policy.dialPatienceMs);
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
    dialling.bench.authority.call = { ...dialling.bench.authority.call, leavesVoicemail: true };
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

describe('a leg that nobody waits for', () => {
  it('is hung up when it was dialled for a call that has another one', async () => {
    const attemptId = await queue();
    dialling.bench.carrier.ring('v3:second');
    await say(attemptId, 'call.answered', {}, 'v3:second');
    expect(dialling.bench.carrier.commandsOf('v3:second')).toEqual(['hangup']);
    expect(await callOf(attemptId)).toMatchObject({ state: 'ringing', call_control_id: legOf(attemptId) });
  });

  it('is hung up when its call has been given up', async () => {
    const attemptId = await queue();
    await hangUp(attemptId, 'no_answer');
    dialling.bench.carrier.ring(legOf(attemptId));
    await answer(attemptId);
    expect(commandsOf(attemptId)).toEqual(['dial', 'hangup']);
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
    expect(dialling.bench.authority.asked.filter((asked) => asked === attemptId)).toHaveLength(1);
  });

  it('without ids is put aside', async () => {
    const before = dialling.bench.bus.deadLetters.length;
    await queue({ attemptId: 'none' });
    expect(dialling.bench.bus.deadLetters).toHaveLength(before + 1);
    dialling.bench.bus.release(dialling.bench.bus.deadLetters.at(-1)?.id ?? '', 'discard');
  });
});
