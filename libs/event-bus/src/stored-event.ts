import type { BusEvent, JsonObject } from './event.ts';
import { isTopicName } from './topics.ts';

/** A row of bus.log as `pg` gives it; also the JSON kept for a parked event, where times are text. */
export interface LogRow {
  topic: string;
  partition: number;
  offset: string;
  id: string;
  tenant_id: string;
  type: string;
  key: string;
  subject: string;
  sequence: string | number;
  data: unknown;
  traceparent: string;
  occurred_at: Date | string;
  published_at: Date | string;
  /** Why it is no event at all; what there is of it is kept in the other fields. */
  unreadable?: string;
}

export const LOG_COLUMNS = `topic, partition, "offset", id, tenant_id, type, key, subject, sequence, data, traceparent,
  occurred_at, published_at`;

/** `undefined` when the row is not an event that this code can read. */
export function parseLogRow(row: LogRow): BusEvent | undefined {
  if (row.unreadable !== undefined || !isTopicName(row.topic) || !isJsonObject(row.data) || row.type === '')
    return undefined;
  return {
    topic: row.topic,
    type: row.type,
    key: row.key,
    subject: row.subject,
    tenantId: row.tenant_id,
    data: row.data,
    traceparent: row.traceparent,
    occurredAt: new Date(row.occurred_at),
    id: row.id,
    partition: row.partition,
    offset: BigInt(row.offset),
    sequence: Number(row.sequence),
    time: new Date(row.published_at),
  };
}

function isJsonObject(data: unknown): data is JsonObject {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
