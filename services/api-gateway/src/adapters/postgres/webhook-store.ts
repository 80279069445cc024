import type { SqlQueryTx } from '@wardline/event-bus';
import type { DeliveryRecord } from '../../ports/webhook-queue.ts';
import type { StoredRecord, WaitingEvent, Webhook, WebhookStore } from '../../ports/webhook-store.ts';
import type { GatewayDatabase } from './gateway-database.ts';
import { insertRecords } from './webhook-records.ts';
import { webhookColumns, webhookOf as settingsOf, type WebhookColumns } from './webhook-rows.ts';
import { replayFrom, replayOne, retryNow, skip } from './webhook-replay.ts';

interface Columns {
  id: string;
  name: string;
  url: string;
  topics: string[];
  personal: boolean;
  state: Webhook['state'];
  state_reason: string | null;
  state_changed_at: Date;
  created_at: Date;
  previous_secret_until: Date | null;
  position: bigint;
  first_position: bigint;
  last_position: bigint;
  waiting_events: bigint;
  waiting_keys: bigint;
  failing_since: Date | null;
  resume_at: Date | null;
}

const select = `
  SELECT s.id, s.name, s.url, s.topics, s.personal, s.state, s.state_reason, s.state_changed_at, s.created_at,
         s.previous_secret_until, c.position, c.failing_since, c.resume_at,
         coalesce(h.next_position - 1, 0) AS last_position,
         coalesce((SELECT min(e.position) FROM gateway.egress_events e WHERE e.tenant_id = s.tenant_id),
                  h.next_position, 1) AS first_position, w.events AS waiting_events, w.keys AS waiting_keys
  FROM gateway.egress_subscriptions s
  JOIN gateway.webhook_cursors c ON c.subscription_id = s.id
  LEFT JOIN gateway.egress_heads h ON h.tenant_id = s.tenant_id
  CROSS JOIN LATERAL (SELECT count(*) AS events, count(DISTINCT key) AS keys
                      FROM gateway.webhook_waiting w WHERE w.subscription_id = s.id) w
  WHERE s.kind = 'webhook'`;

const webhookOf = (row: Columns): Webhook => ({
  id: row.id,
  name: row.name,
  url: row.url,
  topics: row.topics,
  personal: row.personal,
  state: row.state,
  stateReason: row.state_reason ?? undefined,
  stateChangedAt: row.state_changed_at,
  createdAt: row.created_at,
  previousSecretUntil: row.previous_secret_until ?? undefined,
  position: row.position,
  firstPosition: row.first_position,
  lastPosition: row.last_position,
  waitingEvents: Number(row.waiting_events),
  waitingKeys: Number(row.waiting_keys),
  failingSince: row.failing_since ?? undefined,
  resumeAt: row.resume_at ?? undefined,
});

/** Webhooks in Postgres, always as one tenant. */
export function createPostgresWebhookStore(database: GatewayDatabase): WebhookStore {
  const inTenant = <T>(tenantId: string, work: (tx: SqlQueryTx) => Promise<T>): Promise<T> =>
    database.inTenant(tenantId, work, { isolation: 'ReadCommitted' });
  const changed = (tenantId: string, sql: string, ...values: unknown[]): Promise<boolean> =>
    inTenant(tenantId, async (tx) => (await tx.$executeRawUnsafe(sql, ...values)) > 0);

  return {
    create: (tenantId, webhook, most) =>
      inTenant(tenantId, async (tx) => {
        // Two at once count one after the other.
        await tx.$executeRawUnsafe('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', tenantId);
        const added = await tx.$executeRawUnsafe(
          `INSERT INTO gateway.egress_subscriptions
             (id, tenant_id, kind, name, topics, personal, url, secret_sealed, created_by, created_at, state_changed_at)
           SELECT $1::uuid, $2::uuid, 'webhook', $3, $4::text[], $5, $6, $7, $8::uuid, $9::timestamptz, $9::timestamptz
           WHERE (SELECT count(*) FROM gateway.egress_subscriptions WHERE kind = 'webhook') < $10::integer`,
          webhook.id,
          tenantId,
          webhook.name,
          [...webhook.topics],
          webhook.personal,
          webhook.url,
          webhook.secretSealed,
          webhook.createdBy,
          webhook.at.toISOString(),
          most,
        );
        if (added === 0) return false;
        await tx.$executeRawUnsafe(
          `INSERT INTO gateway.webhook_cursors (tenant_id, subscription_id, position)
           SELECT $1::uuid, $2::uuid,
                  coalesce((SELECT next_position - 1 FROM gateway.egress_heads WHERE tenant_id = $1::uuid), 0)`,
          tenantId,
          webhook.id,
        );
        return true;
      }),

    list: (tenantId) =>
      inTenant(tenantId, async (tx) =>
        (await tx.$queryRawUnsafe<Columns[]>(`${select} ORDER BY s.created_at, s.id`)).map(webhookOf),
      ),

    find: (tenantId, id) =>
      inTenant(tenantId, async (tx) => {
        const [row] = await tx.$queryRawUnsafe<Columns[]>(`${select} AND s.id = $1::uuid`, id);
        return row && webhookOf(row);
      }),

    settings: (tenantId, id) =>
      inTenant(tenantId, async (tx) => {
        const [row] = await tx.$queryRawUnsafe<WebhookColumns[]>(
          `SELECT ${webhookColumns} FROM gateway.egress_subscriptions s WHERE s.kind = 'webhook' AND s.id = $1::uuid`,
          id,
        );
        return row && settingsOf(row);
      }),

    change: (tenantId, id, change, at) =>
      inTenant(tenantId, async (tx) => {
        const count = await tx.$executeRawUnsafe(
          `UPDATE gateway.egress_subscriptions SET name = coalesce($2, name), url = coalesce($3, url),
             topics = coalesce($4::text[], topics), personal = coalesce($5::boolean, personal)
           WHERE id = $1::uuid AND kind = 'webhook'`,
          id,
          change.name ?? null,
          change.url ?? null,
          change.topics ? [...change.topics] : null,
          change.personal ?? null,
        );
        if (count > 0 && change.url !== undefined) await retryNow(tx, id, at);
        return count > 0;
      }),

    remove: (tenantId, id) =>
      changed(
        tenantId,
        `DELETE FROM gateway.egress_subscriptions WHERE id = $1::uuid AND kind = 'webhook'`,
        id,
      ),

    rotate: (tenantId, id, sealed, previousUntil) =>
      changed(
        tenantId,
        `UPDATE gateway.egress_subscriptions SET previous_secret_sealed = secret_sealed,
           previous_secret_until = $3::timestamptz, secret_sealed = $2 WHERE id = $1::uuid AND kind = 'webhook'`,
        id,
        sealed,
        previousUntil.toISOString(),
      ),

    pause: (tenantId, id, at) =>
      inTenant(tenantId, async (tx) => {
        await tx.$executeRawUnsafe(
          `UPDATE gateway.egress_subscriptions
           SET state = 'paused', state_reason = 'by-staff', state_changed_at = $2::timestamptz
           WHERE id = $1::uuid AND kind = 'webhook' AND state = 'active'`,
          id,
          at.toISOString(),
        );
        return exists(tx, id);
      }),

    resume: (tenantId, id, at) =>
      inTenant(tenantId, async (tx) => {
        const count = await tx.$executeRawUnsafe(
          `UPDATE gateway.egress_subscriptions
           SET state = 'active', state_reason = NULL, state_changed_at = $2::timestamptz
           WHERE id = $1::uuid AND kind = 'webhook' AND state <> 'active'`,
          id,
          at.toISOString(),
        );
        if (count > 0) await retryNow(tx, id, at);
        return exists(tx, id);
      }),

    waiting: (tenantId, id, limit) => inTenant(tenantId, (tx) => listWaiting(tx, id, limit)),

    deliveries: (tenantId, id, filter) => inTenant(tenantId, (tx) => listDeliveries(tx, id, filter)),

    record: (tenantId, id, record) => inTenant(tenantId, (tx) => insertRecords(tx, tenantId, id, [record])),

    replayOne: (tenantId, id, eventId, at) => inTenant(tenantId, (tx) => replayOne(tx, id, eventId, at)),

    replayFrom: (tenantId, id, from, at) => inTenant(tenantId, (tx) => replayFrom(tx, id, from, at)),

    skip: (tenantId, id, eventId, at) => inTenant(tenantId, (tx) => skip(tx, tenantId, id, eventId, at)),
  };
}

async function exists(tx: SqlQueryTx, id: string): Promise<boolean> {
  const rows = await tx.$queryRawUnsafe<unknown[]>(
    `SELECT id FROM gateway.egress_subscriptions WHERE id = $1::uuid AND kind = 'webhook'`,
    id,
  );
  return rows.length > 0;
}

async function listWaiting(tx: SqlQueryTx, id: string, limit: number): Promise<WaitingEvent[]> {
  const rows = await tx.$queryRawUnsafe<
    {
      position: bigint;
      event_id: string;
      key: string;
      attempts: number;
      first_failed_at: Date | null;
      next_attempt_at: Date;
      last_reason: string | null;
    }[]
  >(
    `SELECT position, event_id, key, attempts, first_failed_at, next_attempt_at, last_reason
     FROM gateway.webhook_waiting WHERE subscription_id = $1::uuid ORDER BY position LIMIT $2::integer`,
    id,
    limit,
  );
  return rows.map((row) => ({
    position: row.position,
    eventId: row.event_id,
    key: row.key,
    attempts: row.attempts,
    firstFailedAt: row.first_failed_at ?? undefined,
    nextAttemptAt: row.next_attempt_at,
    lastReason: row.last_reason ?? undefined,
  }));
}

async function listDeliveries(
  tx: SqlQueryTx,
  id: string,
  f: Parameters<WebhookStore['deliveries']>[2],
): Promise<StoredRecord[]> {
  const rows = await tx.$queryRawUnsafe<
    {
      id: string;
      position: bigint | null;
      event_id: string;
      topic: string;
      type: string;
      key: string;
      attempt: number;
      outcome: DeliveryRecord['outcome'];
      http_status: number | null;
      latency_ms: number | null;
      reason: string | null;
      at: Date;
    }[]
  >(
    `SELECT d.id, d.position, d.event_id, d.topic, d.type, d.key, d.attempt, d.outcome, d.http_status, d.latency_ms,
            d.reason, d.at
     FROM gateway.webhook_deliveries d
     LEFT JOIN gateway.webhook_deliveries b ON b.id = $8::uuid AND b.subscription_id = d.subscription_id
     WHERE d.subscription_id = $1::uuid
       AND ($2::text IS NULL OR d.outcome = $2) AND ($3::uuid IS NULL OR d.event_id = $3::uuid)
       AND ($4::text IS NULL OR d.topic = $4) AND ($5::text IS NULL OR d.key = $5)
       AND ($6::timestamptz IS NULL OR d.at >= $6::timestamptz) AND ($7::timestamptz IS NULL OR d.at < $7::timestamptz)
       AND ($8::uuid IS NULL OR (d.at, d.id) < (b.at, b.id))
     ORDER BY d.at DESC, d.id DESC LIMIT $9::integer`,
    id,
    f.outcome ?? null,
    f.eventId ?? null,
    f.topic ?? null,
    f.key ?? null,
    f.from?.toISOString() ?? null,
    f.to?.toISOString() ?? null,
    f.before ?? null,
    f.limit,
  );
  return rows.map((row) => ({
    id: row.id,
    position: row.position ?? undefined,
    eventId: row.event_id,
    topic: row.topic,
    type: row.type,
    key: row.key,
    attempt: row.attempt,
    outcome: row.outcome,
    httpStatus: row.http_status ?? undefined,
    latencyMs: row.latency_ms ?? undefined,
    reason: row.reason ?? undefined,
    at: row.at,
  }));
}
