import { patients } from '@wardline/contracts';
import type { BusEvent, NewEvent } from '@wardline/event-bus';
import { FakeEventBus } from '@wardline/event-bus/testing';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
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

  const clients: { close(): void }[] = [];
  const clientAs = (caller: string) => {
    const client = createRpcClient(patients.PatientsService, {
      baseUrl: `http://127.0.0.1:${service.rpcPort}`,
      callee: 'patients',
      tokens: createServiceTokens({ key: serviceKey, service: caller }),
      defaultDeadlineMs: 30_000,
    });
    clients.push(client);
    return client;
  };
  const campaigns = clientAs('campaigns');
  return {
    service,
    database,
    /** Superuser: what is really in the tables. */
    admin,
    bus,
    keyring,
    cipher,
    clientAs,
    /** As campaigns, for one tenant. */
    as: (tenantId: string) => campaigns.forTenant(tenantId),
    /** Does the relay's work: publishes what committed transactions left in the outbox, in its order. */
    async relay(): Promise<BusEvent[]> {
      const { rows } = await admin.query<Omit<NewEvent, 'tenantId'> & { tenant_id: string }>(
        `WITH taken AS (DELETE FROM patients.outbox RETURNING *) SELECT * FROM taken ORDER BY position`,
      );
      return rows.map(({ id, topic, type, key, subject, tenant_id, data, traceparent }) =>
        bus.publish({
          topic,
          type,
          key,
          subject,
          tenantId: tenant_id,
          data,
          ...(id ? { id } : {}),
          ...(traceparent ? { traceparent } : {}),
        }),
      );
    },
    async stop(): Promise<void> {
      clients.forEach((client) => client.close());
      await service.stop();
      await admin.end();
      await database.stop();
    },
  };
}

export type RunningPatients = Awaited<ReturnType<typeof startPatients>>;
