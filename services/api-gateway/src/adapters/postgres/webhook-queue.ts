import { uuidv7, type SqlQueryTx } from '@wardline/event-bus';
import type { LaneChanges } from '../../domain/webhook-lanes.ts';
import type { Breaker } from '../../domain/webhook-schedule.ts';
import type { ClaimedWebhook, WebhookFill, WebhookQueue, WebhookWrite } from '../../ports/webhook-queue.ts';
import { egressColumns, egressRowOf, type EgressEventColumns } from './egress-rows.ts';
import type { GatewayDatabase } from './gateway-database.ts';
import { insertRecords } from './webhook-records.ts';
import { webhookColumns, webhookOf, type WebhookColumns } from './webhook-rows.ts';

interface CursorColumns {
  position: bigint;
  generation: number;
  lease_owner: string | null;
  failing_since: Date | null;
  failed_keys: string[];
  resume_at: Date | null;
  probes: number;
}

/** The queue of webhooks in Postgres. Leases run by the database's clock, delays by the caller's. */
export function createPostgresWebhookQueue(
  database: GatewayDatabase,
  o: { leaseMs?: number } = {},
): WebhookQueue {
  const leaseMs = o.leaseMs ?? 30_000;
  const inTenant = <T>(claim: ClaimedWebhook, work: (tx: SqlQueryTx) => Promise<T>): Promise<T> =>
    database.inTenant(claim.tenantId, work, { isolation: 'ReadCommitted' });

  return {
    async claim({ at, atMost }) {
      const owner = uuidv7();
      const rows = await database.client.$queryRawUnsafe<{ tenant_id: string; subscription_id: string }[]>(
        'SELECT * FROM gateway.claim_webhooks($1::uuid, $2::timestamptz, $3::integer, $4::integer)',
        owner,
        at.toISOString(),
        leaseMs,
        atMost,
      );
      return rows.map((row) => ({ tenantId: row.tenant_id, subscriptionId: row.subscription_id, owner }));
    },

    open: (claim) =>
      inTenant(claim, async (tx) => {
        const [row] = await tx.$queryRawUnsafe<(WebhookColumns & CursorColumns)[]>(
          `SELECT ${webhookColumns}, c.position, c.generation, c.lease_owner, c.failing_since, c.failed_keys,
                  c.resume_at, c.probes
           FROM gateway.webhook_cursors c JOIN gateway.egress_subscriptions s ON s.id = c.subscription_id
           WHERE c.subscription_id = $1::uuid AND c.lease_owner = $2::uuid`,
          claim.subscriptionId,
          claim.owner,
        );
        if (!row) return undefined;
        return {
          webhook: webhookOf(row),
          cursor: row.position,
          generation: row.generation,
          breaker: breakerOf(row),
        };
      }),

    fill: (claim, wanted) => inTenant(claim, (tx) => fill(tx, claim, wanted)),

    write: (claim, wanted) =>
      inTenant(claim, async (tx) => {
        const [held] = await tx.$queryRawUnsafe<{ generation: number }[]>(
          `SELECT generation FROM gateway.webhook_cursors
           WHERE subscription_id = $1::uuid AND lease_owner = $2::uuid FOR UPDATE`,
          claim.subscriptionId,
          claim.owner,
        );
        if (!held) return 'lost';
        const id = claim.subscriptionId;
        if (wanted.recovered) await makeDue(tx, id, wanted.at);
        await writeWaiting(tx, claim, wanted.changes, wanted.at);
        await insertRecords(tx, claim.tenantId, id, wanted.records);
        await writeCursor(tx, claim, wanted, leaseMs, held.generation === wanted.generation);
        if (wanted.disable) await disable(tx, id, wanted.disable, wanted.at);
        const [webhook] = await tx.$queryRawUnsafe<WebhookColumns[]>(
          `SELECT ${webhookColumns} FROM gateway.egress_subscriptions s WHERE s.id = $1::uuid`,
          id,
        );
        if (!webhook) return 'lost';
        return { webhook: webhookOf(webhook), generation: held.generation };
      }),
  };
}

const breakerOf = (row: CursorColumns): Breaker => ({
  failedKeys: row.failed_keys,
  probes: row.probes,
  ...(row.failing_since ? { failingSince: row.failing_since } : {}),
  ...(row.resume_at ? { resumeAt: row.resume_at } : {}),
});

type FillWanted = Parameters<WebhookQueue['fill']>[1];

async function fill(tx: SqlQueryTx, claim: ClaimedWebhook, wanted: FillWanted): Promise<WebhookFill> {
  const found = await findWaiting(tx, claim, wanted);
  const waiting = found.flatMap((row) =>
    row.topic === null
      ? []
      : [{ row: egressRowOf(row), attempts: row.attempts, firstFailedAt: row.first_failed_at ?? undefined }],
  );
  const expired = found
    .filter((row) => row.topic === null)
    .map((row) => ({
      position: row.w_position,
      eventId: row.w_event_id,
      key: row.w_key,
      attempts: row.attempts,
    }));
  const room = wanted.limit - waiting.length;
  if (room <= 0) return { waiting, expired, rows: [], readTo: wanted.after };
  return { waiting, expired, ...(await readLog(tx, claim, { ...wanted, limit: room })) };
}

type WaitingColumns = {
  w_position: bigint;
  w_event_id: string;
  w_key: string;
  attempts: number;
  first_failed_at: Date | null;
} & (EgressEventColumns | { [name in keyof EgressEventColumns]: null });

/** The first rows of keys whose first row is due; a probe takes whichever was tried least. */
function findWaiting(tx: SqlQueryTx, claim: ClaimedWebhook, o: FillWanted): PromiseLike<WaitingColumns[]> {
  return tx.$queryRawUnsafe<WaitingColumns[]>(
    `WITH heads AS (
       SELECT DISTINCT ON (w.key) w.key, w.position, w.next_attempt_at, w.attempts
       FROM gateway.webhook_waiting w
       WHERE w.subscription_id = $1::uuid AND w.key <> ALL($2::text[])
       ORDER BY w.key, w.position
     ), due AS (
       SELECT h.key FROM heads h WHERE $3::boolean OR h.next_attempt_at <= $4::timestamptz
       ORDER BY CASE WHEN $3::boolean THEN h.attempts ELSE 0 END, h.position LIMIT $5::integer
     ), lanes AS (
       SELECT w.*, row_number() OVER (PARTITION BY w.key ORDER BY w.position) AS nth
       FROM gateway.webhook_waiting w JOIN due USING (key) WHERE w.subscription_id = $1::uuid
     ), picked AS (
       SELECT * FROM lanes WHERE nth <= $6::integer ORDER BY nth, position LIMIT $5::integer
     )
     SELECT p.position AS w_position, p.event_id AS w_event_id, p.key AS w_key, p.attempts, p.first_failed_at,
            ${egressColumns}
     FROM picked p LEFT JOIN gateway.egress_events e ON e.tenant_id = p.tenant_id AND e.position = p.position
     ORDER BY p.position`,
    claim.subscriptionId,
    [...o.keysInHand],
    o.probe,
    o.at.toISOString(),
    o.limit,
    o.laneMax,
  );
}

async function readLog(
  tx: SqlQueryTx,
  claim: ClaimedWebhook,
  o: { after: bigint; topics: readonly string[]; limit: number },
): Promise<Pick<WebhookFill, 'rows' | 'readTo'>> {
  // First the end, then the rows up to it: all of those are visible, because positions commit in order.
  const [head] = await tx.$queryRawUnsafe<{ last: bigint }[]>(
    'SELECT next_position - 1 AS last FROM gateway.egress_heads WHERE tenant_id = $1::uuid',
    claim.tenantId,
  );
  if (!head || head.last <= o.after) return { rows: [], readTo: o.after };
  const rows = await tx.$queryRawUnsafe<(EgressEventColumns & { waits: boolean })[]>(
    `SELECT ${egressColumns}, EXISTS (SELECT FROM gateway.webhook_waiting w
              WHERE w.subscription_id = $1::uuid AND w.key = e.key) AS waits
     FROM gateway.egress_events e
     WHERE e.tenant_id = $2::uuid AND e.position > $3::bigint AND e.position <= $4::bigint AND e.topic = ANY($5::text[])
     ORDER BY e.position LIMIT $6::integer`,
    claim.subscriptionId,
    claim.tenantId,
    o.after,
    head.last,
    [...o.topics],
    o.limit,
  );
  const full = rows.length === o.limit ? rows.at(-1)?.position : undefined;
  return {
    rows: rows.map((row) => ({ row: egressRowOf(row), waits: row.waits })),
    readTo: full ?? head.last,
  };
}

async function makeDue(tx: SqlQueryTx, id: string, at: Date): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE gateway.webhook_waiting SET next_attempt_at = $2::timestamptz
     WHERE subscription_id = $1::uuid AND next_attempt_at > $2::timestamptz`,
    id,
    at.toISOString(),
  );
}

async function writeWaiting(
  tx: SqlQueryTx,
  claim: ClaimedWebhook,
  { parked, failed, done }: LaneChanges,
  at: Date,
): Promise<void> {
  const id = claim.subscriptionId;
  const fresh = [...parked, ...failed.filter((f) => !f.stored).map((f) => f.row)];
  if (fresh.length > 0)
    await tx.$executeRawUnsafe(
      `INSERT INTO gateway.webhook_waiting (tenant_id, subscription_id, position, event_id, key, next_attempt_at)
       SELECT $1::uuid, $2::uuid, position, event_id, key, $3::timestamptz
       FROM unnest($4::bigint[], $5::uuid[], $6::text[]) AS p(position, event_id, key)
       ON CONFLICT (subscription_id, position) DO NOTHING`,
      claim.tenantId,
      id,
      at.toISOString(),
      fresh.map((row) => row.position),
      fresh.map((row) => row.eventId),
      fresh.map((row) => row.key),
    );
  if (failed.length > 0)
    // A row that is gone was removed by a person while it was under way.
    await tx.$executeRawUnsafe(
      `UPDATE gateway.webhook_waiting w
       SET attempts = f.attempts, first_failed_at = f.first_failed_at, next_attempt_at = f.next_attempt_at,
           last_reason = f.reason
       FROM unnest($2::bigint[], $3::integer[], $4::timestamptz[], $5::timestamptz[], $6::text[])
         AS f(position, attempts, first_failed_at, next_attempt_at, reason)
       WHERE w.subscription_id = $1::uuid AND w.position = f.position`,
      id,
      failed.map((f) => f.row.position),
      failed.map((f) => f.attempts),
      failed.map((f) => f.firstFailedAt.toISOString()),
      failed.map((f) => f.nextAttemptAt.toISOString()),
      failed.map((f) => f.reason),
    );
  if (done.length > 0)
    await tx.$executeRawUnsafe(
      'DELETE FROM gateway.webhook_waiting WHERE subscription_id = $1::uuid AND position = ANY($2::bigint[])',
      id,
      [...done],
    );
}

/**
 * While the lease is held, something is always due: whoever takes it over has to look. On giving it back the time of the
 * first key that waits is written down.
 */
async function writeCursor(
  tx: SqlQueryTx,
  claim: ClaimedWebhook,
  o: WebhookWrite,
  leaseMs: number,
  moveCursor: boolean,
): Promise<void> {
  const { breaker } = o;
  await tx.$executeRawUnsafe(
    `UPDATE gateway.webhook_cursors SET
       position = CASE WHEN $2::boolean THEN greatest(position, $3::bigint) ELSE position END,
       failing_since = $4::timestamptz, failed_keys = $5::text[], resume_at = $6::timestamptz, probes = $7::integer,
       lease_owner = CASE WHEN $8::boolean THEN NULL ELSE lease_owner END,
       lease_until = CASE WHEN $8::boolean THEN NULL
                          ELSE clock_timestamp() + $9::integer * interval '1 millisecond' END,
       next_retry_at = CASE WHEN $8::boolean THEN (
           SELECT min(h.next_attempt_at) FROM (
             SELECT DISTINCT ON (w.key) w.next_attempt_at FROM gateway.webhook_waiting w
             WHERE w.subscription_id = $1::uuid ORDER BY w.key, w.position) h)
         ELSE $10::timestamptz END
     WHERE subscription_id = $1::uuid`,
    claim.subscriptionId,
    moveCursor,
    o.changes.cursor,
    breaker.failingSince?.toISOString() ?? null,
    [...breaker.failedKeys],
    breaker.resumeAt?.toISOString() ?? null,
    breaker.probes,
    o.release,
    leaseMs,
    o.at.toISOString(),
  );
}

async function disable(tx: SqlQueryTx, id: string, reason: string, at: Date): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE gateway.egress_subscriptions SET state = 'disabled', state_reason = $2, state_changed_at = $3::timestamptz
     WHERE id = $1::uuid AND state = 'active'`,
    id,
    reason,
    at.toISOString(),
  );
}
