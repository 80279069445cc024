import { patients } from '@wardline/contracts';
import { FakeEventBus, publishOutbox } from '@wardline/event-bus/testing';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createTestClients } from '@wardline/rpc/testing';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { compose } from '../compose.ts';
import { patientsSchema } from '../schema.ts';

/**
 * The whole service as it runs, with a real database and real RPC over a socket; only the event bus is in memory, so that a
 * test says itself when what was committed is published.
 */
export async function startPatients() {
  const database = await startTestDatabase({ services: [patientsSchema] });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const serviceKey = randomBytes(32).toString('base64');
  const keyring = createMemoryKeyring();
  const cipher = createFieldCipher(keyring);
  const bus = new FakeEventBus();
  const service = compose(
    {
      host: '127.0.0.1',
      rpcPort: 0,
      databaseUrl: database.url('wardline_patients'),
      serviceKey,
      keyring: undefined,
    },
    { logger: createRecordingLogger('patients'), cipher },
  );
  await service.start();

  const clients = createTestClients(patients.PatientsService, {
    callee: 'patients',
    serviceKey,
    port: () => service.rpcPort,
    defaultDeadlineMs: 30_000,
  });
  const campaigns = clients.clientAs('campaigns');
  return {
    service,
    database,
    /** Superuser: what is really in the tables. */
    admin,
    bus,
    keyring,
    cipher,
    clientAs: clients.clientAs,
    /** As campaigns, for one tenant. */
    as: (tenantId: string) => campaigns.forTenant(tenantId),
    /** Does the relay's work: publishes what committed transactions left in the outbox, in its order. */
    relay: () => publishOutbox(admin, 'patients', bus),
    async stop(): Promise<void> {
      clients.close();
      await service.stop();
      await admin.end();
      await database.stop();
    },
  };
}

export type RunningPatients = Awaited<ReturnType<typeof startPatients>>;
