import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { dialogue, events, patients, telephony } from '@wardline/contracts';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { createQueue } from '../app/queue.ts';
import { compose } from '../compose.ts';
import { brainSchema } from '../schema.ts';
import { slotAt } from '../testing/clinic.ts';
import { type HospitalServers, startHospitalServers } from '../testing/hospital-server.ts';

/**
 * The service as it runs: real streams, real Postgres, two instances on one database. directory, appointments and telephony
 * are servers in memory behind the real protocol.
 */
const serviceKey = randomBytes(32).toString('base64');
const tenantId = '01930000-0000-7000-8000-0000000000a1';
const clinicId = '01930000-0000-7000-8000-0000000000c1';
const logger = createSilentLogger();
const keyValue = createMemoryKeyValue();
const cipher = createFieldCipher(createMemoryKeyring());
const free = ['09:00', '10:30', '14:00'].map((time) => slotAt(`2026-11-24T${time}`));

let database: TestDatabase;
let hospital: HospitalServers;
let instances: ReturnType<typeof compose>[];

beforeAll(async () => {
  database = await startTestDatabase({ services: [brainSchema] });
});
afterAll(() => database?.stop());

beforeEach(async () => {
  hospital = await startHospitalServers({ serviceKey, free, logger });
  const config = {
    host: '127.0.0.1',
    rpcPort: 0,
    databaseUrl: database.url('wardline_brain'),
    serviceKey,
    rpc: hospital.urls,
    keyValue: {},
    keysDir: 'unused',
    masterKey: 'unused',
  };
  const now = (): number => Date.parse('2026-11-21T17:00:00Z');
  instances = [1, 2].map(() => compose(config, { logger, keyValue, cipher, now }));
  for (const instance of instances) await instance.start();
});
afterEach(async () => {
  for (const instance of instances) await instance.stop();
  await hospital.stop();
});

type CallerMessage = Parameters<typeof create<typeof dialogue.CallerEventSchema>>[1];

/** voice-media's end of a stream. */
class Media {
  readonly #requests = createQueue<dialogue.CallerEvent>(100);
  readonly #answers: AsyncIterator<dialogue.AgentCommand>;
  readonly listens: dialogue.Listen[] = [];
  readonly #client;

  constructor(
    instance: ReturnType<typeof compose>,
    o: {
      callId: string;
      epoch?: number;
      resumed?: boolean;
      service?: string;
      attemptId?: string;
      machine?: boolean;
    },
  ) {
    this.#client = createRpcClient(dialogue.DialogueService, {
      baseUrl: `http://127.0.0.1:${instance.port}`,
      callee: 'conversation-brain',
      tokens: createServiceTokens({ key: serviceKey, service: o.service ?? 'voice-media' }),
    });
    const { callId, epoch = 1, resumed = false, attemptId = '', machine = false } = o;
    this.send({
      event: {
        case: 'callStarted',
        value: { callId, clinicId, ownerEpoch: epoch, language: 'en-US', resumed, attemptId, machine },
      },
    });
    this.#answers = this.#client.forTenant(tenantId).converse(this.#requests)[Symbol.asyncIterator]();
  }

  send(message: CallerMessage): void {
    this.#requests.push(create(dialogue.CallerEventSchema, message));
  }

  says(text: string): void {
    const status = dialogue.RecognitionStatus.CONFIDENT;
    this.send({ event: { case: 'callerTurn', value: { turn: 1, text, confidence: 0.9, status } } });
  }

  async hears(pattern: RegExp): Promise<string> {
    let text = '';
    for (;;) {
      const next = await this.#answers.next();
      if (next.done) throw new Error(`the stream ended without ${pattern}`);
      const { command } = next.value;
      if (command.case === 'say') {
        const { utteranceId } = command.value;
        text = command.value.text;
        const cause = dialogue.UtteranceEnded_Cause.PLAYED;
        this.send({ event: { case: 'utteranceEnded', value: { utteranceId, cause, heardText: text } } });
      } else if (command.case === 'listen') {
        this.listens.push(command.value);
        if (pattern.test(text)) return text;
      }
    }
  }

  /** How the stream ends: undefined when as it should, else the code. */
  async ends(): Promise<Code | undefined> {
    try {
      while (!(await this.#answers.next()).done);
      return undefined;
    } catch (error) {
      return ConnectError.from(error).code;
    } finally {
      this.#client.close();
    }
  }

  /** The process of voice-media is gone: no hang-up, no end. */
  breaks(): void {
    this.#client.close();
  }

  close(): void {
    this.#requests.end();
  }
}

async function transcript(callId: string): Promise<dialogue.TranscriptLine[]> {
  const client = createRpcClient(dialogue.DialogueService, {
    baseUrl: `http://127.0.0.1:${instances[0]!.port}`,
    callee: 'conversation-brain',
    tokens: createServiceTokens({ key: serviceKey, service: 'api-gateway' }),
  });
  try {
    return (await client.forTenant(tenantId).getTranscript({ callId })).lines;
  } finally {
    client.close();
  }
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

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
      briefing: { patientName: 'Alex Morrison', summary: expect.stringMatching(/^Asked for a person/) },
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
