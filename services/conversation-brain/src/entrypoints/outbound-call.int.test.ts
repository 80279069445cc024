import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events, patients, telephony } from '@wardline/contracts';
import { randomUUID } from 'node:crypto';
import { slotAt } from '../testing/clinic.ts';
import {
  clinicId,
  hospital,
  instances,
  Media,
  rows,
  until,
  useBrainBench,
} from '../testing/use-brain-bench.ts';

useBrainBench();

describe('a call that a campaign makes', () => {
  const attemptId = '01930000-0000-7000-8000-0000000000e1';
  beforeEach(() => {
    hospital.attempt = {
      attemptId,
      campaignId: '01930000-0000-7000-8000-0000000000f1',
      clinicId,
      flowId: 'appointment-reminder',
      flowVersion: 1,
      patientName: 'Alex Morrison',
      patientId: '01930000-0000-7000-8000-0000000000d1',
      number: '+12025550143',
      appointmentId: '01930000-0000-7000-8000-000000000a71',
      language: 'en-US',
    };
    hospital.appointment = {
      appointmentId: '01930000-0000-7000-8000-000000000a71',
      doctorId: 'd-sharma',
      doctorName: 'Dr. Anita Sharma',
      department: 'Cardiology',
      start: timestampFromMs(slotAt('2026-11-23T10:30').startMs),
      status: 'booked',
    };
  });
  const { CONFIRMED, MOVED, CANCELLED, OPTED_OUT, VOICEMAIL_LEFT, NOT_BOOKED } = events.CallOutcome;

  /** Up to the question whether the patient will come. */
  async function told(o: { callId?: string } = {}): Promise<Media> {
    const media = new Media(instances[0]!, { callId: o.callId ?? randomUUID(), attemptId });
    media.says('hello');
    await media.hears(/Am I speaking with Alex Morrison/);
    media.says('yes');
    await media.hears(/Will you come/);
    return media;
  }

  it('confirms: nothing is said before a word is heard, and the outcome is there before the words', async () => {
    const media = await told();
    expect(media.listens[0]).toMatchObject({ noInputTimeout: { seconds: 1n, nanos: 500_000_000 } });
    media.says("yes i'll come");
    await media.hears(/appointment is confirmed/);
    expect(await media.ends()).toBeUndefined();
    expect(hospital.changes).toEqual(['ConfirmAppointment']);
    expect(hospital.commands).toEqual([`RecordOutcome 1 ${CONFIRMED}`, `HangUp 1 ${CONFIRMED}`]);
  });

  it('says once how the conversation went, with its last snapshot', async () => {
    const callId = randomUUID();
    const media = await told({ callId });
    const response = { seconds: 0n, nanos: 640_000_000 };
    for (const turn of [2, 1]) media.send({ event: { case: 'turnMeasured', value: { turn, response } } });
    media.send({ event: { case: 'callerSilent', value: {} } });
    await media.hears(/still there/);
    media.says('yes');
    await media.hears(/is confirmed/);
    expect(await media.ends()).toBeUndefined();
    const announced = () =>
      rows(`SELECT topic, data FROM brain.outbox WHERE key = '${callId}'`) as Promise<
        { topic: string; data: Record<string, unknown> }[]
      >;
    await until(async () => (await announced()).length > 0);
    expect(await announced()).toMatchObject([
      {
        topic: 'conversations.ended',
        data: {
          callId,
          clinicId,
          flowId: 'appointment-reminder',
          flowVersion: 1,
          turns: 3,
          notUnderstood: 0,
          silences: 1,
          interruptions: 0,
          responseMs: [640, 640],
        },
      },
    ]);
    // The stream comes back once more: it ends at once, and nothing is said twice.
    expect(await new Media(instances[1]!, { callId, attemptId, resumed: true }).ends()).toBeUndefined();
    expect(await announced()).toHaveLength(1);
  });

  it('goes on when its stream ended because it is replaced, and says in the end how all of it went', async () => {
    const callId = randomUUID();
    const first = await told({ callId });
    first.send({ event: { case: 'callerHungUp', value: {} } });
    expect(await first.ends()).toBeUndefined();
    const turns = async () =>
      (await rows(`SELECT data FROM brain.outbox WHERE key = '${callId}' ORDER BY position`)).map(
        (row) => (row as { data: { turns: number } }).data.turns,
      );
    await until(async () => (await turns()).length > 0);
    const newer = new Media(instances[1]!, { callId, attemptId, epoch: 2, resumed: true });
    await newer.hears(/cut off.*Will you come/);
    newer.says("yes i'll come");
    await newer.hears(/appointment is confirmed/);
    expect(await newer.ends()).toBeUndefined();
    expect(hospital.changes).toEqual(['ConfirmAppointment']);
    await until(async () => (await turns()).length > 1);
    expect(await turns()).toEqual([2, 3]);
  });

  it('moves to another slot, once, with a key of the call', async () => {
    const callId = randomUUID();
    const media = await told({ callId });
    media.says('can we move it');
    await media.hears(/Which one/);
    media.says('ten thirty');
    await media.hears(/I move your appointment to Tuesday/);
    media.says('yes');
    await media.hears(/Your appointment is now on Tuesday/);
    expect(await media.ends()).toBeUndefined();
    expect(hospital.changes).toEqual([`MoveAppointment ${callId}:1`]);
    expect(hospital.commands).toEqual([`RecordOutcome 1 ${MOVED}`, `HangUp 1 ${MOVED}`]);
  });

  it('cancels after a yes to the question that says so', async () => {
    const media = await told();
    media.says('cancel it');
    await media.hears(/Shall I cancel your appointment on Monday/);
    expect(hospital.changes).toEqual([]);
    media.says('yes');
    await media.hears(/is cancelled/);
    expect(await media.ends()).toBeUndefined();
    expect(hospital.changes).toEqual(['CancelAppointment']);
    expect(hospital.commands).toEqual([`RecordOutcome 1 ${CANCELLED}`, `HangUp 1 ${CANCELLED}`]);
  });

  it('enters that somebody wants no more calls before it says so', async () => {
    const callId = randomUUID();
    const media = await told({ callId });
    media.says('stop calling me');
    await media.hears(/will not be called again/);
    expect(await media.ends()).toBeUndefined();
    expect(hospital.consents).toMatchObject([
      {
        patientId: '01930000-0000-7000-8000-0000000000d1',
        number: '+12025550143',
        change: patients.ConsentChange.OPTED_OUT,
        source: 'voice',
        callId,
        idempotencyKey: `${callId}:opt-out`,
      },
    ]);
    expect(hospital.commands.at(-1)).toBe(`HangUp 1 ${OPTED_OUT}`);
  });

  it('leaves the message when a machine takes the call over, and hangs up', async () => {
    const callId = randomUUID();
    const person = new Media(instances[0]!, { callId, attemptId });
    person.send({ event: { case: 'callerHungUp', value: {} } });
    expect(await person.ends()).toBeUndefined();
    const machine = new Media(instances[1]!, { callId, attemptId, epoch: 2, machine: true });
    expect(await machine.hears(/Please call us back/)).not.toMatch(/Sharma|Cardiology|Alex/);
    expect(await machine.ends()).toBeUndefined();
    expect(hospital.commands.at(-1)).toBe(`HangUp 2 ${VOICEMAIL_LEFT}`);
  });

  it('apologises and ends when it cannot be told whom the call is to', async () => {
    hospital.attempt = undefined;
    const media = new Media(instances[0]!, { callId: randomUUID(), attemptId });
    media.says('hello');
    await media.hears(/cannot go on with this call/);
    expect(await media.ends()).toBeUndefined();
    expect(hospital.commands).toEqual([`HangUp 1 ${NOT_BOOKED}`]);
  });

  it('hands over with what was said, and is put through blindly where telephony asks nobody', async () => {
    const media = await told();
    media.says('a person please');
    await media.hears(/asking a person/);
    expect(await media.ends()).toBeUndefined();
    expect(hospital.commands).toEqual(['TransferCall 1 caller-asked']);

    hospital.answerHandOff = async () => telephony.RequestHandOffResponse_Result.TRANSFERRING;
    const again = await told();
    again.says('a person please');
    await again.hears(/asking a person/);
    expect(await again.ends()).toBeUndefined();
    expect(hospital.handOffs[0]).toMatchObject({
      reason: 'caller-asked',
      ownerEpoch: 1,
      briefing: {
        patientName: 'Alex Morrison',
        summary: 'Asked for a person, in a call that we made (Appointment reminder).',
      },
    });
    expect(hospital.handOffs[0]?.briefing?.lines.map(({ agent, text }) => `${agent} ${text}`)).toEqual(
      expect.arrayContaining(['false hello', 'false yes', 'false a person please']),
    );
  });

  it('says that somebody will call back when nobody comes, and an emergency goes on meanwhile', async () => {
    hospital.answerHandOff = async () => telephony.RequestHandOffResponse_Result.CALL_BACK;
    const media = await told();
    media.says('operator');
    await media.hears(/nobody is free right now.*call you back, and a message/);
    expect(await media.ends()).toBeUndefined();
    const { CALL_BACK_REQUESTED } = events.CallOutcome;
    expect(hospital.commands).toEqual([
      `RecordOutcome 1 ${CALL_BACK_REQUESTED}`,
      `HangUp 1 ${CALL_BACK_REQUESTED}`,
    ]);

    let answer: (result: telephony.RequestHandOffResponse_Result) => void = () => {};
    hospital.answerHandOff = () => new Promise((resolve) => (answer = resolve));
    const waiting = await told();
    waiting.says('operator');
    await waiting.hears(/asking a person/);
    waiting.send({ event: { case: 'callerSilent', value: {} } });
    await waiting.hears(/still (trying|asking)/);
    waiting.says('i have chest pain');
    await waiting.hears(/emergency/);
    expect(await waiting.ends()).toBeUndefined();
    expect(hospital.commands.at(-1)).toBe('TransferCall 1 emergency');
    answer(telephony.RequestHandOffResponse_Result.CALL_OVER);
  });
});
