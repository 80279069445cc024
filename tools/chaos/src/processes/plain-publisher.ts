import { Kafka, logLevel, type Message } from 'kafkajs';
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

export async function createPlainPublisher(config: ProcessConfig): Promise<PlainPublisher> {
  if (!config.kafkaBrokers) return { publish: appendToLog, close: async () => undefined };
  const kafka = new Kafka({
    brokers: [...config.kafkaBrokers],
    clientId: config.name,
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return {
    async publish(client, rows) {
      const perTopic = new Map<string, Message[]>();
      for (const row of rows) {
        const { sequence } = await nextSequence(client, row);
        perTopic.set(row.topic, [...(perTopic.get(row.topic) ?? []), messageOf(row, sequence)]);
      }
      const topicMessages = [...perTopic].map(([topic, messages]) => ({ topic, messages }));
      if (topicMessages.length > 0) await producer.sendBatch({ acks: -1, topicMessages });
    },
    close: () => producer.disconnect(),
  };
}

function messageOf(row: OutboxRow, sequence: string): Message {
  return {
    ...{ key: row.key, partition: row.partition, value: JSON.stringify(row.data) },
    headers: {
      ...{ 'content-type': 'application/json', ce_specversion: '1.0', ce_source: '/wardline/chaos' },
      ...{
        ce_id: row.id,
        ce_type: row.type,
        ce_subject: row.subject,
        ce_time: row.occurred_at.toISOString(),
      },
      ...{ ce_tenantid: row.tenant_id, ce_sequence: sequence, ce_traceparent: row.traceparent },
      traceparent: row.traceparent,
    },
  };
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
