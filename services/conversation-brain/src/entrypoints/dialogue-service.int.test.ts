import { Code } from '@connectrpc/connect';
import { dialogue, events, sharedKeys } from '@wardline/contracts';
import { randomUUID } from 'node:crypto';
import {
  hospital,
  instances,
  keyValue,
  Media,
  rows,
  tenantId,
  transcript,
  until,
  useBrainBench,
} from '../testing/use-brain-bench.ts';

useBrainBench();

async function toReadBack(media: Media): Promise<void> {
  await media.hears(/How can I help/);
  media.says('doctor sharma on tuesday at ten thirty');
  await media.hears(/first and last name/);
  media.says('my name is alex morrison');
  await media.hears(/for Alex Morrison\. Is that right/);
}

it('hands a call over, rather than ending it, when its instance stops in order', async () => {
  const callId = randomUUID();
  const media = new Media(instances[0]!, { callId });
  await media.hears(/how can i help/i);
  const stopped = instances[0]!.stop();
  expect(await media.ends()).toBeDefined();
  await stopped;
  const again = new Media(instances[1]!, { callId, resumed: true });
  expect(await again.hears(/./)).toMatch(/cut off/i);
  again.close();
});

it('books over a real stream; what was said is stored sealed and read back in order', async () => {
  const callId = randomUUID();
  const live: { kind: string; sequence?: number }[] = [];
  await keyValue.subscribe(`live:${tenantId}`, (_, message) =>
    live.push(JSON.parse(message) as { kind: string }),
  );
  const media = new Media(instances[0]!, { callId });
  await toReadBack(media);
  expect(media.listens[0]).toMatchObject({
    expects: [dialogue.Expectation.OPEN],
    noInputTimeout: { seconds: 6n },
  });
  expect(media.listens[0]?.vocabulary).toContain('Doctor Anita Sharma');
  media.send({ event: { case: 'callerPartial', value: { turn: 3, text: 'ye' } } });
  media.says('yes');
  await media.hears(/^You are booked with Doctor Anita Sharma/);
  media.says("no thank you that's all");
  await media.hears(/Goodbye/);
  expect(await media.ends()).toBeUndefined();

  expect(hospital.bookings).toMatchObject([
    {
      doctorId: 'd-sharma',
      patient: { name: 'Alex Morrison', phone: '+12025550143' },
      idempotencyKey: `${callId}:1`,
      holdId: 'hold-1',
      channel: events.BookingChannel.PHONE,
      callId,
    },
  ]);
  const booked = events.CallOutcome.BOOKED;
  expect(hospital.commands).toEqual([`RecordOutcome 1 ${booked}`, `HangUp 1 ${booked}`]);
  await until(async () => (await transcript(callId)).length === 9);
  const lines = await transcript(callId);
  expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(lines[1]).toMatchObject({
    speaker: dialogue.TranscriptLine_Speaker.CALLER,
    text: 'doctor sharma on tuesday at ten thirty',
  });
  const raw = JSON.stringify(
    await rows(`SELECT * FROM brain.conversations c JOIN brain.turns t USING (tenant_id, call_id)`),
  );
  expect(raw).not.toMatch(/alex|sharma|2025550143/i);
  expect(live.filter(({ kind }) => kind === 'line').map(({ sequence }) => sequence)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
  expect(live.some(({ kind }) => kind === 'partial')).toBe(true);
});

it('is continued by a second instance in mid-call, and booked once', async () => {
  const callId = randomUUID();
  const first = new Media(instances[0]!, { callId });
  await toReadBack(first);
  await until(async () => (await rows(`SELECT 1 FROM brain.turns WHERE call_id = '${callId}'`)).length >= 5);
  const second = new Media(instances[1]!, { callId, resumed: true });
  expect(await second.hears(/Is that right/)).toMatch(
    /^Sorry, we were cut off\. An appointment with Doctor Anita Sharma/,
  );
  // The older instance is still there and hears a yes: it finds out that it was replaced.
  first.says('repeat');
  expect(await first.ends()).toBe(Code.Aborted);
  second.says('yes');
  await second.hears(/^You are booked/);
  expect(hospital.bookings).toHaveLength(1);
  second.send({ event: { case: 'callerHungUp', value: {} } });
  expect(await second.ends()).toBeUndefined();
});

it('says that a stream is open for as long as it is', async () => {
  const callId = randomUUID();
  const isOpen = async (): Promise<boolean> =>
    (await keyValue.get(sharedKeys.openStream(tenantId, callId, 3))) !== undefined;
  const hangsUp = new Media(instances[0]!, { callId, epoch: 3 });
  await hangsUp.hears(/How can I help/);
  expect(await isOpen()).toBe(true);
  hangsUp.send({ event: { case: 'callerHungUp', value: {} } });
  expect(await hangsUp.ends()).toBeUndefined();
  await until(async () => !(await isOpen()));
  const breaks = new Media(instances[0]!, { callId, epoch: 3, resumed: true });
  await breaks.hears(/cut off/);
  expect(await isOpen()).toBe(true);
  breaks.breaks();
  await until(async () => !(await isOpen()));
});

it('commits once when the instance is lost during the commit', async () => {
  const callId = randomUUID();
  const first = new Media(instances[0]!, { callId });
  await toReadBack(first);
  let release: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    hospital.beforeBooking = () => {
      resolve();
      hospital.beforeBooking = async () => {};
      return new Promise((go) => (release = go));
    };
  });
  first.says('yes');
  await asked;
  first.breaks();
  const second = new Media(instances[1]!, { callId, resumed: true });
  await second.hears(/^You are booked/);
  release();
  second.says('goodbye');
  await second.hears(/Goodbye/);
  expect(await second.ends()).toBeUndefined();
  expect(hospital.bookings.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${callId}:1`]);
});

it('refuses an older epoch, another service, and a stream that does not begin with the call', async () => {
  const callId = randomUUID();
  const newer = new Media(instances[0]!, { callId, epoch: 2 });
  await newer.hears(/How can I help/);
  expect(await new Media(instances[0]!, { callId, epoch: 1 }).ends()).toBe(Code.Aborted);
  expect(await new Media(instances[1]!, { callId, epoch: 1 }).ends()).toBe(Code.Aborted);
  expect(await new Media(instances[1]!, { callId, service: 'notifications' }).ends()).toBe(
    Code.PermissionDenied,
  );
  expect(await new Media(instances[1]!, { callId: 'not-a-uuid' }).ends()).toBe(Code.InvalidArgument);
  newer.send({ event: { case: 'callerHungUp', value: {} } });
  expect(await newer.ends()).toBeUndefined();
});

it('says that a slot was taken by another call, and offers what is left', async () => {
  const [one, other] = [
    new Media(instances[0]!, { callId: randomUUID() }),
    new Media(instances[1]!, { callId: randomUUID() }),
  ];
  await Promise.all([toReadBack(one), toReadBack(other)]);
  one.says('yes');
  await one.hears(/^You are booked/);
  other.says('yes');
  expect(await other.hears(/Which one/)).toMatch(/just been taken|nine a m or two p m/);
  expect(hospital.bookings).toHaveLength(1);
  for (const media of [one, other]) {
    media.send({ event: { case: 'callerHungUp', value: {} } });
    expect(await media.ends()).toBeUndefined();
  }
});
