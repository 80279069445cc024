import { uuidv7, type SqlTx } from '@wardline/event-bus';
import type { DeliveryRecord } from '../../ports/webhook-queue.ts';

/** Adds to the delivery log. */
export async function insertRecords(
  tx: SqlTx,
  tenantId: string,
  subscriptionId: string,
  records: readonly DeliveryRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.$executeRawUnsafe(
    `INSERT INTO gateway.webhook_deliveries
       (id, tenant_id, subscription_id, position, event_id, topic, type, key, attempt, outcome, http_status,
        latency_ms, reason, at)
     SELECT id, $1::uuid, $2::uuid, position, event_id, topic, type, key, attempt, outcome, http_status, latency_ms,
            reason, at
     FROM unnest($3::uuid[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::integer[], $10::text[],
                 $11::integer[], $12::integer[], $13::text[], $14::timestamptz[])
       AS r(id, position, event_id, topic, type, key, attempt, outcome, http_status, latency_ms, reason, at)`,
    tenantId,
    subscriptionId,
    records.map(() => uuidv7()),
    records.map((r) => r.position ?? null),
    records.map((r) => r.eventId),
    records.map((r) => r.topic),
    records.map((r) => r.type),
    records.map((r) => r.key),
    records.map((r) => r.attempt),
    records.map((r) => r.outcome),
    records.map((r) => r.httpStatus ?? null),
    records.map((r) => r.latencyMs ?? null),
    records.map((r) => r.reason ?? null),
    records.map((r) => r.at.toISOString()),
  );
}
