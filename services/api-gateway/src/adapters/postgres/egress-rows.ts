import type { EgressRow, Json } from '../../domain/egress-event.ts';

/** Columns of `gateway.egress_events`, under the alias `e`. */
export const egressColumns = `e.tenant_id, e.position, e.event_id, e.topic, e.type, e.key, e.subject, e.sequence,
  e.occurred_at, e.traceparent, e.data, e.recorded_at`;

export interface EgressEventColumns {
  tenant_id: string;
  position: bigint;
  event_id: string;
  topic: string;
  type: string;
  key: string;
  subject: string;
  sequence: bigint;
  occurred_at: Date;
  traceparent: string;
  data: Json;
  recorded_at: Date;
}

export const egressRowOf = (row: EgressEventColumns): EgressRow => ({
  tenantId: row.tenant_id,
  position: row.position,
  eventId: row.event_id,
  topic: row.topic,
  type: row.type,
  key: row.key,
  subject: row.subject,
  sequence: Number(row.sequence),
  occurredAt: row.occurred_at,
  traceparent: row.traceparent,
  data: row.data,
  recordedAt: row.recorded_at,
});
