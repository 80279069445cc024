import type pg from 'pg';
import type { ProcessConfig } from './process-config.ts';

export interface OutboxRow {
  position: string;
  id: string;
  tenant_id: string;
  topic: string;
  partition: number;
  type: string;
  key: string;
  subject: string;
  data: unknown;
  traceparent: string;
  occurred_at: Date;
}

/** Writes events to their topics with nothing of the product. For the planted relay alone. */
export interface PlainPublisher {
  publish(client: pg.Client, rows: readonly OutboxRow[]): Promise<void>;
  close(): Promise<void>;
}

export async function createPlainPublisher(_config: ProcessConfig): Promise<PlainPublisher> {
  return { publish: appendToLog, close: async () => undefined };
}

async function appendToLog(client: pg.Client, rows: readonly OutboxRow[]): Promise<void> {
  for (const row of rows) {
    const { sequence } = await nextSequence(client, row);
    await client.query(
      `with place as (
         insert into bus.partitions as p (topic, partition, next_offset) values ($1, $2, 1)
         on conflict (topic, partition) do update set next_offset = p.next_offset + 1 returning next_offset
       )
       insert into bus.log
         (topic, partition, "offset", id, tenant_id, type, key, subject, sequence, data, traceparent, occurred_at)
       select $1, $2, next_offset - 1, $3, $4, $5, $6, $7, $8, $9, $10, $11 from place`,
      [
        ...[row.topic, row.partition, row.id, row.tenant_id, row.type, row.key, row.subject, sequence],
        ...[JSON.stringify(row.data), row.traceparent, row.occurred_at],
      ],
    );
  }
  if (rows.length > 0) await client.query('notify wardline_bus');
}

async function nextSequence(client: pg.Client, row: OutboxRow): Promise<{ sequence: string }> {
  const { rows } = await client.query<{ sequence: string }>(
    `insert into bus.subjects as s (topic, subject, sequence) values ($1, $2, 1)
     on conflict (topic, subject) do update set sequence = s.sequence + 1 returning sequence`,
    [row.topic, row.subject],
  );
  return rows[0] ?? { sequence: '0' };
}
