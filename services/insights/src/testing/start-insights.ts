import { insights } from '@wardline/contracts';
import type { BusEvent, NewEvent } from '@wardline/event-bus';
import { FakeEventBus } from '@wardline/event-bus/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createTestClients } from '@wardline/rpc/testing';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { compose } from '../compose.ts';
import { insightsSchema } from '../schema.ts';

export const GRACE_MS = 300_000;

/**
 * The whole service as it runs, with a real database and real RPC over a socket; only the event bus is in memory, so that
 * a test says itself when an event arrives.
 */
export async function startInsights() {
  const database = await startTestDatabase({ services: [insightsSchema] });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const serviceKey = randomBytes(32).toString('base64');
  const bus = new FakeEventBus();
  const clock = { nowMs: Date.now() };
  const service = compose(
    {
      host: '127.0.0.1',
      rpcPort: 0,
      databaseUrl: database.url('wardline_insights'),
      eventBus: { databaseUrl: undefined, kafka: undefined },
      serviceKey,
      graceMs: GRACE_MS,
    },
    { logger: createRecordingLogger('insights'), eventBus: bus, now: () => clock.nowMs },
  );
  await service.start();

  const clients = createTestClients(insights.InsightsService, {
    ...{ callee: 'insights', serviceKey, port: () => service.rpcPort },
    defaultDeadlineMs: 60_000,
  });
  const gateway = clients.clientAs('api-gateway');
  return {
    service,
    database,
    /** Superuser: what is really in the tables. */
    admin,
    bus,
    clock,
    clientAs: clients.clientAs,
    /** As the api-gateway, for one tenant. */
    as: (tenantId: string) => gateway.forTenant(tenantId),
    /** Lets events arrive, in this order within a key, and waits until they have had their effect. */
    async receive(events: readonly NewEvent[]): Promise<void> {
      for (const event of events) bus.publish(event);
      await bus.idle();
    },
    /** What committed transactions left in the outbox; the relay's work. */
    async told(): Promise<Pick<BusEvent, 'topic' | 'key' | 'data' | 'tenantId' | 'traceparent'>[]> {
      const { rows } = await admin.query(
        `WITH taken AS (DELETE FROM insights.outbox RETURNING *)
         SELECT topic, key, data, traceparent, tenant_id AS "tenantId" FROM taken ORDER BY position`,
      );
      return rows as Pick<BusEvent, 'topic' | 'key' | 'data' | 'tenantId' | 'traceparent'>[];
    },
    async stop(): Promise<void> {
      clients.close();
      await service.stop();
      await admin.end();
      await database.stop();
    },
  };
}

export type RunningInsights = Awaited<ReturnType<typeof startInsights>>;
