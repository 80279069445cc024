import { takeMany, type BusEvent } from '@wardline/event-bus';
import type { EgressLog } from '../../ports/egress-log.ts';
import { egressColumns, egressRowOf, type EgressEventColumns } from './egress-rows.ts';
import type { GatewayDatabase } from './gateway-database.ts';

/** The name under which the inbox remembers what is in the log. */
const consumer = 'egress';

/** The egress log in Postgres. */
export function createPostgresEgressLog(database: GatewayDatabase): EgressLog {
  return {
    append: (tenantId, events) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const ids = events.map((event) => event.id);
          const unseen = await takeMany(tx, 'gateway', consumer, ids);
          const fresh = firstOfEach(events).filter((event) => unseen.has(event.id));
          if (fresh.length === 0) return 0;
          // The lock on this row is held until the commit: positions become visible in their order.
          const [head] = await tx.$queryRawUnsafe<{ next_position: bigint }[]>(
            `INSERT INTO gateway.egress_heads AS h (tenant_id, next_position) VALUES ($1::uuid, $2::bigint + 1)
             ON CONFLICT (tenant_id) DO UPDATE SET next_position = h.next_position + $2::bigint
             RETURNING next_position`,
            tenantId,
            fresh.length,
          );
          if (!head) throw new Error('a tenant without a head of its log');
          return tx.$executeRawUnsafe(
            `INSERT INTO gateway.egress_events
               (tenant_id, position, event_id, topic, type, key, subject, sequence, occurred_at, traceparent, data)
             SELECT $1::uuid, $2::bigint + n - 1, id, topic, type, key, subject, sequence, occurred_at, traceparent, data
             FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::timestamptz[],
                         $10::text[], $11::text[]::jsonb[]) WITH ORDINALITY
               AS f(id, topic, type, key, subject, sequence, occurred_at, traceparent, data, n)`,
            tenantId,
            head.next_position - BigInt(fresh.length),
            fresh.map((e) => e.id),
            fresh.map((e) => e.topic),
            fresh.map((e) => e.type),
            fresh.map((e) => e.key),
            fresh.map((e) => e.subject),
            fresh.map((e) => e.sequence),
            fresh.map((e) => e.occurredAt.toISOString()),
            fresh.map((e) => e.traceparent),
            fresh.map((e) => JSON.stringify(e.data)),
          );
        },
        // Once per event is the inbox's doing and order that of the row lock. Run twice, the inbox says no.
        { isolation: 'ReadCommitted', idempotent: true },
      ),

    read: (tenantId, { after, topics, limit }) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          // First the end, then the rows up to it: all of those are visible, because positions commit in order.
          const [head] = await tx.$queryRawUnsafe<{ last: bigint }[]>(
            'SELECT next_position - 1 AS last FROM gateway.egress_heads WHERE tenant_id = $1::uuid',
            tenantId,
          );
          const last = head?.last ?? 0n;
          if (last <= after) return { rows: [], readTo: after, last };
          const rows = await tx.$queryRawUnsafe<EgressEventColumns[]>(
            `SELECT ${egressColumns} FROM gateway.egress_events e
             WHERE e.tenant_id = $1::uuid AND e.position > $2::bigint AND e.position <= $3::bigint
               AND e.topic = ANY($4::text[])
             ORDER BY e.position LIMIT $5::integer`,
            tenantId,
            after,
            last,
            [...topics],
            limit,
          );
          const full = rows.length === limit ? rows.at(-1)?.position : undefined;
          return { rows: rows.map(egressRowOf), readTo: full ?? last, last };
        },
        { isolation: 'ReadCommitted' },
      ),

    range: (tenantId) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          const [row] = await tx.$queryRawUnsafe<{ first: bigint; last: bigint }[]>(
            `SELECT coalesce((SELECT min(e.position) FROM gateway.egress_events e WHERE e.tenant_id = h.tenant_id),
                             h.next_position) AS first, h.next_position - 1 AS last
             FROM gateway.egress_heads h WHERE h.tenant_id = $1::uuid`,
            tenantId,
          );
          return row ?? { first: 1n, last: 0n };
        },
        { isolation: 'ReadCommitted' },
      ),

    async positions(tenantIds) {
      const rows = await database.client.$queryRawUnsafe<{ tenant_id: string; last_position: bigint }[]>(
        'SELECT * FROM gateway.egress_positions($1::uuid[])',
        [...tenantIds],
      );
      return new Map(rows.map((row) => [row.tenant_id, row.last_position]));
    },

    async sweep(atMost) {
      const [row] = await database.client.$queryRawUnsafe<{ events: bigint; deliveries: bigint }[]>(
        'SELECT * FROM gateway.sweep_egress($1::integer)',
        atMost,
      );
      return { events: Number(row?.events ?? 0), deliveries: Number(row?.deliveries ?? 0) };
    },
  };
}

/** A batch may hold an event twice; it has one place. */
function firstOfEach(events: readonly BusEvent[]): BusEvent[] {
  return [...new Map(events.toReversed().map((event) => [event.id, event])).values()].reverse();
}
