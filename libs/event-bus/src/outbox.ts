import { readFileSync } from 'node:fs';
import { currentTraceparent, newTraceparent } from '@wardline/observability';
import type { NewEvent } from './event.ts';
import { hintOutboxWritten } from './outbox-hint.ts';
import { isTopicName, partitionOf } from './topics.ts';
import { uuidv7 } from './uuidv7.ts';

/** Anything that runs parameterised SQL inside the caller's transaction: a Prisma transaction client. */
export interface SqlTx {
  $executeRawUnsafe(query: string, ...values: unknown[]): PromiseLike<number>;
}

const DATA_BYTES_MAX = 256 * 1024;

/**
 * Writes an event together with its cause: it exists exactly when the transaction commits. The active span becomes the
 * event's `traceparent`.
 *
 * @param schema the service's schema, such as `appointments`
 * @throws RangeError for an unknown topic, an empty key, or data above 256 KiB
 */
export async function appendToOutbox(tx: SqlTx, schema: string, event: NewEvent): Promise<void> {
  if (!isTopicName(event.topic)) throw new RangeError('unknown topic');
  if (event.key === '') throw new RangeError('an event needs a key');
  const data = JSON.stringify(event.data);
  if (Buffer.byteLength(data) > DATA_BYTES_MAX) throw new RangeError('event data is above 256 KiB');
  await tx.$executeRawUnsafe(
    `insert into ${quoted(schema)}.outbox
       (id, tenant_id, topic, partition, type, key, subject, data, traceparent, occurred_at)
     values ($1::uuid, $2::uuid, $3, $4::integer, $5, $6, $7, $8::jsonb, $9, $10::timestamptz)`,
    event.id ?? uuidv7(),
    event.tenantId,
    event.topic,
    partitionOf(event.topic, event.key),
    event.type,
    event.key,
    event.subject,
    data,
    event.traceparent ?? currentTraceparent() ?? newTraceparent(),
    (event.occurredAt ?? new Date()).toISOString(),
  );
  hintOutboxWritten();
}

/**
 * Remembers, in the effect's own transaction, that a consumer has processed an event. True the first time; false when the
 * effect has been made already and must not be made again. Two at once wait for each other.
 */
export async function takeOnce(
  tx: SqlTx,
  schema: string,
  consumer: string,
  eventId: string,
): Promise<boolean> {
  const inserted = await tx.$executeRawUnsafe(
    `insert into ${quoted(schema)}.inbox (consumer, event_id) values ($1, $2::uuid) on conflict do nothing`,
    consumer,
    eventId,
  );
  return inserted === 1;
}

/** The SQL that gives a service's schema its outbox and inbox; `@wardline/persistence` applies it by itself. */
export function outboxInboxSql(schema: string, role: string): string {
  const file = new URL('../migrations/service/001-outbox-inbox.sql', import.meta.url);
  return readFileSync(file, 'utf8').replaceAll('{{schema}}', schema).replaceAll('{{role}}', role);
}

function quoted(schema: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(schema)) throw new RangeError('a schema is a plain lower-case name');
  return `"${schema}"`;
}
