// The service as it is deployed: its own timers, the durable log in Postgres with its relay on both ways, a telephony that
// asks for leave to dial and reports how calls ended. Nothing is moved on by hand.
import { randomBytes } from 'node:crypto';
import { campaigns, events } from '@wardline/contracts';
import { appendToOutbox, busSchema, createPostgresLog, uuidv7, type NewEvent } from '@wardline/event-bus';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
import pg from 'pg';
import { compose, parseConfig } from '../compose.ts';
import { campaignsSchema } from '../schema.ts';
import {
  callCompleted,
  callFailed,
  csvOf,
  directoryChanged,
  hospital,
  numberOf,
  settings,
  startFakeFlows,
  startFakePatients,
  startFakeTelephony,
  uploadOf,
} from '../testing/index.ts';
import { until } from '../testing/until.ts';

const closers: (() => unknown)[] = [];
const closing = <T extends { close(): unknown }>(made: T): T => {
  closers.push(() => made.close());
  return made;
};
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

it('runs a campaign from the file to its completion by itself', async () => {
  const database = await startTestDatabase({ services: [busSchema, campaignsSchema] });
  closers.push(() => database.stop());
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 3 });
  // The database is stopped right after the last of them.
  admin.on('error', () => undefined);
  closers.push(() => admin.end());
  const serviceKey = randomBytes(32).toString('base64');
  const logger = createRecordingLogger('campaigns');
  const shared = { serviceKey, logger };
  const patients = closing(await startFakePatients(shared));
  const flows = closing(await startFakeFlows(shared));
  const telephony = closing(await startFakeTelephony(shared));
  const log = createPostgresLog({ connectionString: database.url('wardline_bus'), logger });
  await log.relay.start();
  closing(log.relay);
  const service = compose(
    parseConfig({
      WARDLINE_DB_CAMPAIGNS: database.url('wardline_campaigns'),
      WARDLINE_DB_BUS: database.url('wardline_bus'),
      WARDLINE_SERVICE_KEY: serviceKey,
      WARDLINE_RPC_PATIENTS: patients.baseUrl,
      WARDLINE_RPC_TELEPHONY: telephony.baseUrl,
      WARDLINE_RPC_BRAIN: flows.baseUrl,
      WARDLINE_CAMPAIGNS_TICK_MS: '50',
      // A rehearsal: busy is tried again at once.
      WARDLINE_CAMPAIGNS_POLICY: '{"retry":{"busy":{"afterMs":100,"counted":true}}}',
    }),
    { logger, cipher: createFieldCipher(createMemoryKeyring()) },
  );
  await service.start();
  closers.push(() => service.stop());

  // Other services' events come by the same outbox here; whose it was does not matter to the log.
  const announce = async (event: NewEvent): Promise<void> => {
    await appendToOutbox(
      { $executeRawUnsafe: async (sql, ...values) => (await admin.query(sql, values)).rowCount ?? 0 },
      'campaigns',
      event,
    );
  };
  const target = { baseUrl: `http://127.0.0.1:${service.rpcPort}`, callee: 'campaigns' };
  const as = (name: string) => createServiceTokens({ key: serviceKey, service: name });
  const dialler = closing(
    createRpcClient(campaigns.DiallingService, { ...target, tokens: as('telephony-gateway') }),
  );
  const { tenantId } = hospital;
  const dialled: string[] = [];
  const changes: unknown[] = [];
  const consumer = log.subscribe({
    group: 'test-telephony',
    topics: ['campaigns.queued', 'campaigns.changed'],
    handle: async (event) => {
      if (event.topic === 'campaigns.changed') {
        changes.push(event.data['state']);
        return { kind: 'ok' };
      }
      const attemptId = event.data['attemptId'] as string;
      const answer = await dialler.forTenant(tenantId).authorizeDial({ attemptId });
      if (!answer.allowed) return { kind: 'drop', reason: answer.reason };
      dialled.push(answer.to);
      const call = { tenantId, callId: answer.callId, attemptId, atMs: Date.now() };
      const first = dialled.filter((to) => to === answer.to).length === 1;
      if (answer.to === numberOf(1) && first)
        await announce(callFailed({ ...call, failureReason: 'user_busy' }));
      else await announce(callCompleted({ ...call, outcome: events.CallOutcome.CONFIRMED }));
      return { kind: 'ok' };
    },
  });
  await consumer.start();
  closing(consumer);

  const api = closing(
    createRpcClient(campaigns.CampaignsService, { ...target, tokens: as('api-gateway') }),
  ).forTenant(tenantId);
  await announce(directoryChanged(hospital));
  const always = { isoWeekdays: [1, 2, 3, 4, 5, 6, 7], fromLocalTime: '00:00', toLocalTime: '24:00' };
  const request = { settings: settings(always), idempotencyKey: uuidv7() };
  const campaign = await until(
    async () => (await api.createCampaign(request).catch(() => undefined))?.campaign,
  );
  const { campaignId } = campaign;
  // Asked for again, it is the same one.
  expect((await api.createCampaign(request)).campaign?.campaignId).toBe(campaignId);
  const people = Array.from({ length: 12 }, (_, i) => ({ name: `P${i}`, phone: numberOf(i) }));
  await api.importRecipients(uploadOf(campaignId, csvOf(people)));
  const start = campaigns.ChangeCampaignRequest_Change.START;
  await api.changeCampaign({ campaignId, change: start });

  const done = await until(async () => {
    const { campaign: now } = await api.getCampaign({ campaignId });
    return now?.state === events.CampaignState.COMPLETED ? now : undefined;
  });
  expect(done.progress).toMatchObject({
    settled: 12,
    calls: 13,
    results: [{ result: 'confirmed', count: 12 }],
  });
  expect(dialled.filter((to) => to === numberOf(1))).toHaveLength(2);
  const states = ['DRAFT', 'RUNNING', 'COMPLETED'].map((state) => `CAMPAIGN_STATE_${state}`);
  await until(async () => changes.length === states.length || undefined);
  expect(changes).toEqual(states);
}, 120_000);
