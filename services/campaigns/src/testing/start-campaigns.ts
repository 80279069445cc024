import { campaigns, demo } from '@wardline/contracts';
import { FakeEventBus, publishOutbox } from '@wardline/event-bus/testing';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { compose } from '../compose.ts';
import { defaultPolicy, type DiallingPolicy } from '../domain/policy.ts';
import { campaignsSchema } from '../schema.ts';
import { directoryChanged } from './event-builders.ts';
import { startFakeFlows, startFakePatients, startFakeTelephony } from './fake-neighbours.ts';

/** A test may have patients away; then its turns do not wait for ever. */
const TOLD_WITHIN_MS = 5_000;
/** Monday noon in London, seven in the morning in New York. */
export const mondayNoon = Date.parse('2031-03-03T12:00:00Z');

/**
 * The whole service as it runs, with a real database and real RPC over sockets on both sides; the event bus is in memory,
 * so that a test says itself when an event arrives, and the clock stands still until a test moves it. Nothing happens by
 * itself: `tick()` does what is due.
 */
export async function startCampaigns(
  o: { policy?: DiallingPolicy; startMs?: number; clockRuns?: boolean; tickMs?: number } = {},
) {
  const database = await startTestDatabase({ services: [campaignsSchema] });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const serviceKey = randomBytes(32).toString('base64');
  const logger = createRecordingLogger('campaigns');
  const cipher = createFieldCipher(createMemoryKeyring());
  const bus = new FakeEventBus();
  const clock = { ms: o.startMs ?? mondayNoon };
  const shared = { serviceKey, logger };
  const patients = await startFakePatients(shared);
  const flows = await startFakeFlows(shared);
  const telephony = await startFakeTelephony(shared);
  const config = {
    host: '127.0.0.1',
    rpcPort: 0,
    databaseUrl: database.url('wardline_campaigns'),
    eventBus: { databaseUrl: undefined, kafka: undefined },
    serviceKey,
    keyring: undefined,
    patientsUrl: patients.baseUrl,
    telephonyUrl: telephony.baseUrl,
    brainUrl: flows.baseUrl,
    tickMs: o.tickMs ?? 86_400_000,
    policy: o.policy ?? defaultPolicy,
  };
  const now = o.clockRuns ? Date.now : () => clock.ms;
  const composeOne = () => compose(config, { logger, eventBus: bus, cipher, now });
  const service = composeOne();
  await service.start();
  for (const clinic of demo.clinics) bus.publish(directoryChanged(clinic));
  await bus.idle();

  const clients: { close(): void }[] = [];
  const tokens = (name: string) => createServiceTokens({ key: serviceKey, service: name });
  const target = () => ({ baseUrl: `http://127.0.0.1:${service.rpcPort}`, callee: 'campaigns' });
  const gateway = createRpcClient(campaigns.CampaignsService, {
    ...target(),
    tokens: tokens('api-gateway'),
    defaultDeadlineMs: 60_000,
  });
  const dialler = createRpcClient(campaigns.DiallingService, {
    ...target(),
    tokens: tokens('telephony-gateway'),
    defaultDeadlineMs: 30_000,
  });
  clients.push(gateway, dialler);

  return {
    service,
    config,
    /** Another instance on the same database. */
    composeOne,
    database,
    /** Superuser: what is really in the tables. */
    admin,
    bus,
    cipher,
    logger,
    clock,
    patients,
    flows,
    telephony,
    tokens,
    target,
    as: (tenantId: string) => gateway.forTenant(tenantId),
    dialling: (tenantId: string) => dialler.forTenant(tenantId),
    /** Does what is due, once patients has been told of everybody: whoever is just then being told of is left out of a turn. */
    async tick(): Promise<void> {
      const end = Date.now() + TOLD_WITHIN_MS;
      const untold = async () =>
        (
          await admin.query('SELECT FROM campaigns.recipients WHERE register_at <= $1 LIMIT 1', [
            new Date(now()),
          ])
        ).rows.length;
      while ((await untold()) > 0 && Date.now() < end) await pause(10);
      await service.tick();
    },
    /** Does the relay's work: publishes what committed transactions left in our outbox. */
    relay: () => publishOutbox(admin, 'campaigns', bus),
    async stop(): Promise<void> {
      clients.forEach((client) => client.close());
      await service.stop();
      await Promise.all([patients.close(), flows.close(), telephony.close()]);
      await admin.end();
      await database.stop();
    },
  };
}

export type RunningCampaigns = Awaited<ReturnType<typeof startCampaigns>>;
