import { randomBytes, randomUUID } from 'node:crypto';
import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { events } from '@wardline/contracts';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { uuidv7 } from '@wardline/event-bus';
import { FakeEventBus } from '@wardline/event-bus/testing';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger, newTraceparent } from '@wardline/observability';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createServiceTokens } from '@wardline/rpc';
import pg from 'pg';
import { createPostgresCallStore } from '../adapters/postgres/postgres-call-store.ts';
import { openTelephonyDatabase } from '../adapters/postgres/telephony-database.ts';
import { compose } from '../compose.ts';
import type { TelephonyConfig } from '../config.ts';
import { telephonySchema } from '../schema.ts';
import type { DialLimits } from '../app/dial-places.ts';
import { createFakeDialAuthority } from './fake-dial-authority.ts';
import { startFakeCarrier } from './fake-carrier.ts';
import { createFakeClinicLines } from './fake-clinic-lines.ts';
import { createManualClock } from './manual-clock.ts';
import { createWebhookSender } from './webhook-sender.ts';

export const clinicNumber = '+12025550110';
export const callerNumber = '+12025550143';
export const patientNumber = '+12025550177';
export const campaignId = '01930000-0000-7000-8000-00000000a0c1';
export const tenantId = '01930000-0000-7000-8000-00000000a001';
export const otherTenant = '01930000-0000-7000-8000-00000000b001';
export const clinicId = '01930000-0000-7000-8000-00000000a011';

export type GatewayBench = Awaited<ReturnType<typeof openGatewayBench>>;
export type Leg = { call_control_id: string; call_session_id: string; from: string; to: string };

interface QueuedWish {
  attemptId?: string;
  tenant?: string;
  inMs?: number;
  /** Of the event. */
  id?: string;
}

/** The code of a refusal, or `taken`. */
export const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'taken',
    (error: unknown) => Code[ConnectError.from(error).code],
  );

/**
 * The whole service against a real PostgreSQL and a carrier on a real socket; only the clock and the directory are put
 * in. `crash()` and `boot()` stand for a killed process and the next one.
 */
export async function openGatewayBench(o: { outbound?: DialLimits } = {}) {
  const db = await startTestDatabase({ services: [telephonySchema] });
  const admin = new pg.Client({ connectionString: db.adminUrl });
  await admin.connect();
  const carrier = await startFakeCarrier();
  const sender = createWebhookSender();
  const clock = createManualClock();
  const clinics = createFakeClinicLines({ [clinicNumber]: { tenantId, clinicId } });
  const cipher = createFieldCipher(createMemoryKeyring());
  const logger = createSilentLogger();
  const keyValue = createMemoryKeyValue({ now: clock.now });
  const bus = new FakeEventBus();
  const authority = createFakeDialAuthority({ to: patientNumber, clinicId, campaignId });
  const config: TelephonyConfig = {
    host: '127.0.0.1',
    rpcPort: 0,
    httpPort: 0,
    databaseUrl: db.url('wardline_telephony'),
    serviceKey: randomBytes(32).toString('base64'),
    streamKey: randomBytes(32).toString('base64'),
    directoryUrl: 'http://127.0.0.1:9',
    keyring: undefined,
    mediaPublicUrl: 'https://media.example.test/voice/',
    telnyx: {
      apiKey: carrier.apiKey,
      publicKey: sender.publicKey,
      apiBase: carrier.apiBase,
      connectionId: carrier.connectionId,
    },
    outbound: o.outbound
      ? { campaignsUrl: 'http://127.0.0.1:9', ...o.outbound }
      : { missing: 'WARDLINE_RPC_CAMPAIGNS' },
    eventBus: { databaseUrl: undefined, kafka: undefined },
    keyValue: {},
    handOffMs: 30_000,
    logLevel: 'silent',
  };
  const database = openTelephonyDatabase(config.databaseUrl, logger);
  const boot = async () => {
    const made = compose(config, {
      ...{ logger, cipher, clock, clinics, keyValue },
      ...{ eventBus: bus, dialAuthority: authority },
    });
    await made.start();
    await made.idle();
    return made;
  };
  let gateway = await boot();

  const bench = {
    ...{ db, admin, carrier, sender, clock, clinics, config, cipher, database, keyValue, bus, authority },
    /** The store alone: what it decides is not carried out, as in a process that dies after its commit. */
    store: createPostgresCallStore({ database, cipher, newId: uuidv7 }),
    get gateway() {
      return gateway;
    },
    get url() {
      return `http://127.0.0.1:${String(gateway.httpPort)}/webhooks/telnyx`;
    },
    newLeg(to = clinicNumber): Leg {
      const leg = {
        call_control_id: `v3:${randomUUID()}`,
        call_session_id: randomUUID(),
        from: callerNumber,
        to,
      };
      carrier.ring(leg.call_control_id);
      return leg;
    },
    /** Posts a webhook and waits until what it set off has been done. */
    async say(eventType: string, payload: object, o: { id?: string } = {}) {
      const body = sender.event(eventType, { ...payload }, { ...o, occurredAt: clock.now() });
      const answer = await sender.post(bench.url, body);
      await gateway.idle();
      return answer;
    },
    /** A caller's leg that has been answered and talks. */
    async talkingCall() {
      const leg = bench.newLeg();
      await bench.say('call.initiated', { ...leg, direction: 'incoming', state: 'parked' });
      await bench.say('call.answered', leg);
      return leg;
    },
    /** Campaigns asks for a call, to be dialled within `inMs`; the attempt. */
    publishQueued({
      attemptId = randomUUID(),
      tenant = tenantId,
      inMs = 60_000,
      id,
    }: QueuedWish = {}): string {
      const schema = events.CampaignCallQueuedSchema;
      const dialBy = timestampFromMs(clock.now() + inMs);
      bus.publish({
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
    },
    /** How clients reach it as a service of this name; `port` is that of another instance. */
    rpcOptions: (service: string, port = gateway.rpcPort) => ({
      baseUrl: `http://127.0.0.1:${String(port)}`,
      callee: 'telephony-gateway',
      tokens: createServiceTokens({ key: config.serviceKey, service }),
    }),
    /** Lets time go by, with a sweep at its end, and waits until what that set off has been done. */
    async pass(ms: number) {
      clock.advance(ms);
      await gateway.idle();
      await bench.sweep();
    },
    async sweep() {
      await gateway.sweep();
      await gateway.idle();
    },
    async row(leg: Leg): Promise<Record<string, unknown>> {
      const { rows } = await admin.query<Record<string, unknown>>(
        'select * from telephony.calls where call_control_id = $1',
        [leg.call_control_id],
      );
      return rows[0] ?? {};
    },
    async eventsOf(
      leg: Leg,
    ): Promise<{ topic: string; data: Record<string, unknown>; traceparent: string }[]> {
      const { rows } = await admin.query<{
        topic: string;
        data: Record<string, unknown>;
        traceparent: string;
      }>(
        `select o.topic, o.data, o.traceparent from telephony.outbox o
           join telephony.calls c on c.id::text = o.key where c.call_control_id = $1 order by o.position`,
        [leg.call_control_id],
      );
      return rows;
    },
    async rowCounts(): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const table of ['calls', 'webhook_events', 'commands', 'outbox']) {
        const { rows } = await admin.query<{ n: string }>(`select count(*) n from telephony.${table}`);
        counts[table] = Number(rows[0]?.n);
      }
      return counts;
    },
    async crash() {
      clock.forget();
      await gateway.stop();
    },
    /** Another instance beside the first, on the same everything. */
    bootAnother: boot,
    async boot() {
      gateway = await boot();
    },
    async close() {
      await gateway.stop();
      await keyValue.close();
      await database.close();
      await admin.end();
      await carrier.close();
      await db.stop();
    },
  };
  return bench;
}
