import type { BusEvent, NewEvent } from '../event.ts';
import type { FakeEventBus } from './fake-event-bus.ts';

/** What is needed of a database client. */
interface Queries {
  query(sql: string): Promise<{ rows: unknown[] }>;
}

type OutboxRow = Required<Omit<NewEvent, 'tenantId' | 'occurredAt'>> & { tenant_id: string };

/**
 * Does the relay's work in a test: takes what committed transactions left in a service's outbox and publishes it, in its
 * order. Resolves once every subscriber is done with it.
 *
 * @param client whoever may delete from the outbox
 * @param schema the service's
 */
export async function publishOutbox(client: Queries, schema: string, bus: FakeEventBus): Promise<BusEvent[]> {
  const { rows } = await client.query(
    `WITH taken AS (DELETE FROM ${schema}.outbox RETURNING *) SELECT * FROM taken ORDER BY position`,
  );
  const published = (rows as OutboxRow[]).map(
    ({ topic, type, key, subject, tenant_id, data, traceparent, id }) =>
      bus.publish({ topic, type, key, subject, tenantId: tenant_id, data, traceparent, id }),
  );
  await bus.idle();
  return published;
}
