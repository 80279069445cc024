import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { demo, directory, events, notifications } from '@wardline/contracts';
import { uuidv7, type BusEvent, type NewEvent } from '@wardline/event-bus';
import { FakeEventBus, publishOutbox } from '@wardline/event-bus/testing';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { Personal } from '@wardline/personal-data';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import { createRpcServer, createServiceTokens, type RpcServer } from '@wardline/rpc';
import { createTestClients } from '@wardline/rpc/testing';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { compose } from '../compose.ts';
import { notificationsSchema } from '../schema.ts';
import { FakeSmsProvider } from '../testing/index.ts';

const [riverside, harbour] = demo.clinics;
const phone = '+12025550143';
const serviceKey = randomBytes(32).toString('base64');
const cipher = createFieldCipher(createMemoryKeyring());
const logger = createRecordingLogger('notifications');
const provider = new FakeSmsProvider();
/** Retries are bounded in the bus; here a test may need several. */
const bus = new FakeEventBus({ attemptsMax: 10 });

let database: TestDatabase;
let admin: pg.Client;
let directoryServer: RpcServer;
let directoryDown = 0;
let app: ReturnType<typeof compose>;
const clients = createTestClients(notifications.NotificationsService, {
  callee: 'notifications',
  serviceKey,
  port: () => app.rpcPort,
});
const { clientAs } = clients;

beforeAll(async () => {
  database = await startTestDatabase({ services: [notificationsSchema] });
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  directoryServer = createRpcServer({
    service: 'directory',
    port: 0,
    tokens: createServiceTokens({ key: serviceKey, service: 'directory' }),
    logger,
    routes: (router) => {
      router.service(directory.DirectoryService, {
        getClinic: ({ clinicId }) => {
          if (directoryDown-- > 0) throw new ConnectError('not now', Code.Unavailable);
          const clinic = demo.clinics.find((c) => c.clinicId === clinicId);
          return { clinic: { clinicId, name: clinic?.name ?? '', numbers: [...(clinic?.numbers ?? [])] } };
        },
      });
    },
  });
  await directoryServer.start();
  app = composeOne();
  await app.start();
});
afterAll(async () => {
  clients.close();
  await app?.stop();
  await directoryServer?.close();
  await admin?.end();
  await database?.stop();
});
beforeEach(() => {
  directoryDown = 0;
});

function composeOne() {
  return compose(
    {
      host: '127.0.0.1',
      rpcPort: 0,
      databaseUrl: database.url('wardline_notifications'),
      eventBus: { databaseUrl: undefined, kafka: undefined },
      serviceKey,
      keyring: undefined,
      directoryUrl: directoryServer.baseUrl,
    },
    { logger, eventBus: bus, cipher, provider },
  );
}

const listOf = async (appointmentId: string) =>
  (await clientAs('api-gateway').forTenant(riverside.tenantId).listMessages({ appointmentId })).messages;

function changed(
  o: {
    appointmentId?: string;
    change?: events.AppointmentChange;
    startMs?: number;
    patientPhone?: string;
  } = {},
): NewEvent {
  const appointmentId = o.appointmentId ?? uuidv7();
  const message = create(events.AppointmentChangedSchema, {
    appointmentId,
    clinicId: riverside.clinicId,
    clinicName: riverside.name,
    doctorId: riverside.doctors[0]!.doctorId,
    doctorName: riverside.doctors[0]!.name,
    change: o.change ?? events.AppointmentChange.BOOKED,
    start: timestampFromMs(o.startMs ?? Date.parse('2031-03-04T15:30:00Z')),
    end: timestampFromMs((o.startMs ?? Date.parse('2031-03-04T15:30:00Z')) + 1_800_000),
    timeZone: riverside.timeZone,
    patientPhone: {
      sealed:
        o.patientPhone ??
        cipher.seal(riverside.tenantId, Personal.of(phone), 'appointments.changed/patient_phone'),
    },
  });
  return {
    topic: 'appointments.changed',
    type: events.AppointmentChangedSchema.typeName,
    key: appointmentId,
    subject: `appointments/${appointmentId}`,
    tenantId: riverside.tenantId,
    data: toJson(events.AppointmentChangedSchema, message, { alwaysEmitImplicit: true }) as JsonObject,
  };
}

const relay = (): Promise<BusEvent[]> => publishOutbox(admin, 'notifications', bus);

async function booked(event = changed()): Promise<{ appointmentId: string; commands: BusEvent[] }> {
  bus.publish(event);
  await bus.idle();
  return { appointmentId: event.key, commands: await relay() };
}

describe('a booking', () => {
  it('is confirmed to the patient in the clinic’s time, and the console sees it', async () => {
    const { appointmentId, commands } = await booked();
    expect(commands.map((c) => c.topic)).toEqual(['sms.send']);
    const messages = await listOf(appointmentId);
    expect(messages).toMatchObject([
      {
        clinicId: riverside.clinicId,
        to: phone,
        text: 'Riverside Clinic: you are booked with Dr. Anita Sharma on Tue 4 March at 10:30. Call +12025550110 to change.',
        purpose: 'appointment-confirmation',
        status: 'sent',
        failureReason: '',
      },
    ]);
    expect(messages[0]?.sentAt).toBeDefined();
    expect(provider.delivered.at(-1)?.messageId).toBe(messages[0]?.messageId);
  });

  it('shows nobody’s number or text to who reads tables, the log or the bus', async () => {
    const { commands } = await booked();
    const rows = (await admin.query('SELECT * FROM notifications.messages')).rows;
    for (const text of [
      JSON.stringify(rows),
      logger.text(),
      JSON.stringify(commands.map((c) => [c.key, c.data])),
    ]) {
      expect(text).not.toContain(phone);
      expect(text).not.toContain('Sharma');
    }
  });

  it('keeps the trace of the booking', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { commands } = await booked({ ...changed(), traceparent });
    expect(commands[0]?.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('is confirmed once: redelivered, announced twice, or handled by two at once', async () => {
    const event = { ...changed(), id: uuidv7() };
    const { appointmentId } = await booked(event);
    const before = provider.delivered.length;
    expect((await booked(event)).commands).toEqual([]);
    expect((await booked({ ...event, id: uuidv7() })).commands).toEqual([]);
    expect(await listOf(appointmentId)).toHaveLength(1);
    expect(provider.delivered).toHaveLength(before);

    const twin = composeOne();
    await twin.start();
    const other = changed();
    // Different partitions of the fake have different keys; the same appointment under two keys is handled concurrently.
    bus.publish({ ...other, key: `${other.key}-1`, id: uuidv7() });
    bus.publish({ ...other, key: `${other.key}-2`, id: uuidv7() });
    await bus.idle();
    expect(await relay()).toHaveLength(1);
    await twin.stop();
  });

  it.each([
    ['the patient confirmed', { change: events.AppointmentChange.CONFIRMED }],
    ['is over', { startMs: Date.now() - 60_000 }],
  ])('that %s gets no message', async (_name, change) => {
    expect((await booked(changed(change))).commands).toEqual([]);
  });

  it('is told each time it moves, and once that it is cancelled', async () => {
    const { BOOKED, MOVED, CANCELLED } = events.AppointmentChange;
    const first = changed({ change: BOOKED });
    const { key: appointmentId } = first;
    const move = { ...changed({ appointmentId, change: MOVED }), id: uuidv7() };
    for (const event of [
      first,
      move,
      move,
      changed({ appointmentId, change: MOVED, startMs: Date.parse('2031-03-05T15:30:00Z') }),
      changed({ appointmentId, change: CANCELLED }),
      changed({ appointmentId, change: CANCELLED }),
    ])
      await booked(event);
    const purposes = (await listOf(appointmentId)).map(({ purpose }) => purpose);
    expect(purposes.sort()).toEqual([
      'appointment-cancelled',
      'appointment-confirmation',
      'appointment-moved',
      'appointment-moved',
    ]);
  });

  it('waits while the directory cannot be asked', async () => {
    directoryDown = 2;
    const { appointmentId } = await booked();
    expect(await listOf(appointmentId)).toHaveLength(1);
  });

  it('whose number was sealed for another tenant is put aside', async () => {
    const sealed = cipher.seal(harbour.tenantId, Personal.of(phone), 'appointments.changed/patient_phone');
    const { commands } = await booked(changed({ patientPhone: sealed }));
    expect(commands).toEqual([]);
    expect(bus.deadLetters.at(-1)?.reason).toBe('the phone of appointments.changed cannot be opened');
  });

  it('that cannot be read is put aside with the place that is wrong, never its value', async () => {
    const event = changed();
    const { commands } = await booked({ ...event, data: { ...event.data, start: `${phone} at noon` } });
    expect(commands).toEqual([]);
    expect(bus.deadLetters.at(-1)?.reason).toBe(
      'unreadable AppointmentChanged at start: expected a time (RFC 3339)',
    );
  });

  it('that a newer appointments service writes, with a change we do not know, is no booking and no failure', async () => {
    const event = changed();
    const before = bus.deadLetters.length;
    const data = { ...event.data, change: 'APPOINTMENT_CHANGE_CHECKED_IN', ward: 'new' };
    expect((await booked({ ...event, data })).commands).toEqual([]);
    expect(bus.deadLetters).toHaveLength(before);
  });
});

describe('sms.send', () => {
  it('that is no SmsSend is put aside', async () => {
    const event = { ...changed(), topic: 'sms.send' as const };
    const asked = provider.asked;
    bus.publish(event);
    bus.publish({ ...event, type: events.SmsSendSchema.typeName, data: { messageId: 7 } });
    await bus.idle();
    expect(bus.deadLetters.at(-1)?.reason).toBe('unreadable SmsSend: another message type');
    expect(provider.asked).toBe(asked);
  });

  it('is sent once however often it is delivered', async () => {
    const { appointmentId, commands } = await booked();
    const [asked, delivered] = [provider.asked, provider.delivered.length];
    for (let i = 0; i < 3; i++) bus.publish({ ...commands[0]!, id: uuidv7() });
    await bus.idle();
    expect([provider.asked, provider.delivered.length]).toEqual([asked, delivered]);
    expect(await listOf(appointmentId)).toHaveLength(1);
  });

  it('goes on after a death between provider and table: same id, delivered once', async () => {
    const before = provider.delivered.length;
    provider.next(new Error('the connection was lost after the message had left'));
    const { appointmentId } = await booked();
    expect(provider.delivered).toHaveLength(before + 1);
    expect(await listOf(appointmentId)).toMatchObject([{ status: 'sent' }]);
  });

  it('is queued until the provider can be reached', async () => {
    provider.next({ kind: 'unavailable', reason: 'provider-down' });
    provider.next({ kind: 'unavailable', reason: 'provider-down' });
    const asked = provider.asked;
    const { appointmentId } = await booked();
    expect(provider.asked - asked).toBe(3);
    expect(await listOf(appointmentId)).toMatchObject([{ status: 'sent' }]);
  });

  it('says why a message was refused, and does not try again', async () => {
    provider.next({ kind: 'rejected', reason: 'unknown-number' });
    const { appointmentId, commands } = await booked();
    expect(await listOf(appointmentId)).toMatchObject([
      { status: 'failed', failureReason: 'unknown-number' },
    ]);
    const asked = provider.asked;
    bus.publish({ ...commands[0]!, id: uuidv7() });
    await bus.idle();
    expect(provider.asked).toBe(asked);
  });
});

describe('the message of telephony to a caller whom nobody could take', () => {
  /** As telephony-gateway appends it when a hand-off ends on the call-back list. */
  const callBack = (messageId: string): NewEvent => {
    const seal = (text: string, field: string) => ({
      sealed: cipher.seal(riverside.tenantId, Personal.of(text), `sms.send/${field}`),
    });
    const command = create(events.SmsSendSchema, {
      messageId,
      clinicId: riverside.clinicId,
      to: seal(phone, 'to'),
      text: seal('Riverside Clinic: we will call you back.', 'text'),
      purpose: 'call-back',
    });
    return {
      topic: 'sms.send',
      type: events.SmsSendSchema.typeName,
      key: cipher.blindIndex(riverside.tenantId, phone, 'sms.send/key'),
      subject: `messages/${messageId}`,
      tenantId: riverside.tenantId,
      data: toJson(events.SmsSendSchema, command, { alwaysEmitImplicit: true }) as JsonObject,
    };
  };

  it('is sent once, also when it is delivered twice', async () => {
    const messageId = uuidv7();
    const before = provider.delivered.length;
    bus.publish({ ...callBack(messageId), id: uuidv7() });
    bus.publish({ ...callBack(messageId), id: uuidv7() });
    await bus.idle();
    expect(provider.delivered.slice(before).map((one) => one.messageId)).toEqual([messageId]);
    const { messages } = await clientAs('api-gateway')
      .forTenant(riverside.tenantId)
      .listMessages({ to: phone });
    expect(messages.filter(({ purpose }) => purpose === 'call-back')).toMatchObject([
      { messageId, status: 'sent', appointmentId: '', to: phone },
    ]);
  });
});

describe('ListMessages', () => {
  it('is newest first, limited, and of one tenant', async () => {
    const [first, second] = [await booked(), await booked()];
    const us = clientAs('standalone');
    const { messages } = await us
      .forTenant(riverside.tenantId)
      .listMessages({ clinicId: riverside.clinicId, limit: 2 });
    expect(messages.map((m) => m.appointmentId)).toEqual([second.appointmentId, first.appointmentId]);
    expect((await us.forTenant(harbour.tenantId).listMessages({})).messages).toEqual([]);
  });

  it('goes from new to old in pages without gaps', async () => {
    for (let i = 0; i < 3; i++) await booked();
    const us = clientAs('api-gateway').forTenant(riverside.tenantId);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await us.listMessages({ limit: 2, cursor });
      expect(page.messages.length).toBeLessThanOrEqual(2);
      seen.push(...page.messages.map((m) => m.messageId));
      cursor = page.nextCursor;
    } while (cursor !== '');
    const { rows } = await admin.query<{ id: string }>(
      'SELECT id FROM notifications.messages ORDER BY created_at DESC, id DESC',
    );
    expect(seen).toEqual(rows.map(({ id }) => id));
  });

  it('finds those to one number, and those of one status', async () => {
    const other = '+12025550144';
    const sealed = cipher.seal(riverside.tenantId, Personal.of(other), 'appointments.changed/patient_phone');
    provider.next({ kind: 'rejected', reason: 'unknown-number' });
    const { appointmentId } = await booked(changed({ patientPhone: sealed }));
    const us = clientAs('api-gateway').forTenant(riverside.tenantId);
    expect((await us.listMessages({ to: other })).messages).toMatchObject([{ appointmentId, to: other }]);
    expect((await us.listMessages({ to: other, status: 'sent' })).messages).toEqual([]);
    const failed = (await us.listMessages({ status: 'failed' })).messages;
    expect(failed.map((m) => m.status)).toEqual(failed.map(() => 'failed'));
    expect(failed[0]).toMatchObject({ appointmentId });
  });

  it.each([
    { limit: 201 },
    { limit: -1 },
    { clinicId: 'x' },
    { appointmentId: 'x' },
    { to: '555' },
    { status: 'lost' },
    { cursor: 'bogus' },
  ])('refuses %j', async (request) => {
    await expect(
      clientAs('api-gateway').forTenant(riverside.tenantId).listMessages(request),
    ).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
  });

  it('is for the console alone', async () => {
    await expect(
      clientAs('conversation-brain').forTenant(riverside.tenantId).listMessages({}),
    ).rejects.toMatchObject({
      code: Code.PermissionDenied,
    });
  });
});
