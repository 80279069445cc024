import type { SqlQueryTx } from '@wardline/event-bus';
import type { WebhookStore } from '../../ports/webhook-store.ts';
import { insertRecords } from './webhook-records.ts';

/** Forgets how the receiver did: whatever waits is due, has 24 hours again, and nothing is held back. */
export async function retryNow(tx: SqlQueryTx, id: string, at: Date): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE gateway.webhook_cursors
     SET failing_since = NULL, failed_keys = '{}', resume_at = NULL, probes = 0, next_retry_at = $2::timestamptz
     WHERE subscription_id = $1::uuid`,
    id,
    at.toISOString(),
  );
  await tx.$executeRawUnsafe(
    `UPDATE gateway.webhook_waiting SET attempts = 0, first_failed_at = NULL, next_attempt_at = $2::timestamptz
     WHERE subscription_id = $1::uuid`,
    id,
    at.toISOString(),
  );
}

/** The cursor, held until the end of the transaction, so that whoever delivers waits or comes first. */
async function lockedCursor(tx: SqlQueryTx, id: string): Promise<bigint> {
  const [row] = await tx.$queryRawUnsafe<{ position: bigint }[]>(
    'SELECT position FROM gateway.webhook_cursors WHERE subscription_id = $1::uuid FOR UPDATE',
    id,
  );
  return row?.position ?? 0n;
}

export async function replayOne(
  tx: SqlQueryTx,
  id: string,
  eventId: string,
  at: Date,
): ReturnType<WebhookStore['replayOne']> {
  const cursor = await lockedCursor(tx, id);
  const [event] = await tx.$queryRawUnsafe<{ tenant_id: string; position: bigint; key: string }[]>(
    `SELECT e.tenant_id, e.position, e.key FROM gateway.egress_events e
     WHERE e.event_id = $1::uuid AND e.tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid`,
    eventId,
  );
  if (!event) return 'unknown';
  if (event.position > cursor) return 'ahead';
  await tx.$executeRawUnsafe(
    `INSERT INTO gateway.webhook_waiting (tenant_id, subscription_id, position, event_id, key, next_attempt_at)
     VALUES ($1::uuid, $2::uuid, $3::bigint, $4::uuid, $5, $6::timestamptz)
     ON CONFLICT (subscription_id, position) DO UPDATE SET next_attempt_at = excluded.next_attempt_at`,
    event.tenant_id,
    id,
    event.position,
    eventId,
    event.key,
    at.toISOString(),
  );
  await tx.$executeRawUnsafe(
    'UPDATE gateway.webhook_cursors SET next_retry_at = $2::timestamptz WHERE subscription_id = $1::uuid',
    id,
    at.toISOString(),
  );
  return 'ok';
}

export async function replayFrom(
  tx: SqlQueryTx,
  id: string,
  from: { position: bigint } | { time: Date },
  at: Date,
): ReturnType<WebhookStore['replayFrom']> {
  const cursor = await lockedCursor(tx, id);
  const wanted = 'position' in from ? from.position : undefined;
  if (wanted !== undefined && wanted > cursor + 1n) return 'ahead';
  const [first] = await tx.$queryRawUnsafe<{ position: bigint | null }[]>(
    `SELECT min(e.position) AS position FROM gateway.egress_events e
     WHERE e.tenant_id = nullif(current_setting('wardline.tenant_id', true), '')::uuid
       AND ($1::bigint IS NULL OR e.position >= $1::bigint)
       AND ($2::timestamptz IS NULL OR e.recorded_at >= $2::timestamptz)`,
    wanted ?? null,
    'time' in from ? from.time.toISOString() : null,
  );
  const start = first?.position ?? cursor + 1n;
  if (start > cursor) return cursor + 1n;
  await tx.$executeRawUnsafe(
    'DELETE FROM gateway.webhook_waiting WHERE subscription_id = $1::uuid AND position >= $2::bigint',
    id,
    start,
  );
  await tx.$executeRawUnsafe(
    `UPDATE gateway.webhook_cursors
     SET position = $2::bigint - 1, generation = generation + 1, next_retry_at = $3::timestamptz
     WHERE subscription_id = $1::uuid`,
    id,
    start,
    at.toISOString(),
  );
  return start;
}

export async function skip(
  tx: SqlQueryTx,
  tenantId: string,
  id: string,
  eventId: string,
  at: Date,
): Promise<boolean> {
  await lockedCursor(tx, id);
  const [gone] = await tx.$queryRawUnsafe<
    { position: bigint; key: string; attempts: number; topic: string | null; type: string | null }[]
  >(
    `WITH gone AS (
       DELETE FROM gateway.webhook_waiting WHERE subscription_id = $1::uuid AND event_id = $2::uuid
       RETURNING tenant_id, position, key, attempts)
     SELECT g.position, g.key, g.attempts, e.topic, e.type
     FROM gone g LEFT JOIN gateway.egress_events e ON e.tenant_id = g.tenant_id AND e.position = g.position`,
    id,
    eventId,
  );
  if (!gone) return false;
  await tx.$executeRawUnsafe(
    'UPDATE gateway.webhook_cursors SET next_retry_at = $2::timestamptz WHERE subscription_id = $1::uuid',
    id,
    at.toISOString(),
  );
  await insertRecords(tx, tenantId, id, [
    {
      ...{ position: gone.position, eventId, key: gone.key, attempt: gone.attempts, at },
      ...{ topic: gone.topic ?? '', type: gone.type ?? '', outcome: 'skipped', reason: 'by-staff' },
      ...{ httpStatus: undefined, latencyMs: undefined },
    },
  ]);
  return true;
}
