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

/** The same, with answers. */
export interface SqlQueryTx extends SqlTx {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): PromiseLike<T>;
}

const DATA_BYTES_MAX = 256 * 1024;

/**
 * Writes an event together with its cause: it exists exactly when the transaction commits. The active span becomes the
 * event's `traceparent`.
 *
 * @param schema the service's schema, such as `appointments`
 * @throws RangeError for an unknown topic, an empty key, or data above 256 KiB
 */
export function appendToOutbox(tx: SqlTx, schema: string, event: NewEvent): Promise<void> {
  return appendAllToOutbox(tx, schema, [event]);
}

/** `appendToOutbox` for many events of one transaction, in one statement; they keep their order. */
export async function appendAllToOutbox(
  tx: SqlTx,
  schema: string,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(outboxRow);
  const column = (name: keyof OutboxRow) => rows.map((row) => row[name]);
  await tx.$executeRawUnsafe(
    `insert into ${quoted(schema)}.outbox
       (id, tenant_id, topic, partition, type, key, subject, data, traceparent, occurred_at)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
       $8::jsonb[], $9::text[], $10::timestamptz[])`,
    ...(
      ['id', 'tenantId', 'topic', 'partition', 'type', 'key', 'subject', 'data', 'traceparent', 'at'] as const
    ).map(column),
  );
  hintOutboxWritten();
}

interface OutboxRow {
  readonly id: string;
  readonly tenantId: string;
  readonly topic: string;
  readonly partition: number;
  readonly type: string;
  readonly key: string;
  readonly subject: string;
  readonly data: string;
  readonly traceparent: string;
  readonly at: string;
}

function outboxRow(event: NewEvent): OutboxRow {
  if (!isTopicName(event.topic)) throw new RangeError('unknown topic');
  if (event.key === '') throw new RangeError('an event needs a key');
  const data = JSON.stringify(event.data);
  if (Buffer.byteLength(data) > DATA_BYTES_MAX) throw new RangeError('event data is above 256 KiB');
  return {
    id: event.id ?? uuidv7(),
    tenantId: event.tenantId,
    topic: event.topic,
    partition: partitionOf(event.topic, event.key),
    type: event.type,
    key: event.key,
    subject: event.subject,
    data,
    traceparent: event.traceparent ?? currentTraceparent() ?? newTraceparent(),
    at: (event.occurredAt ?? new Date()).toISOString(),
  };
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

/**
 * `takeOnce` for a batch: which of the events this consumer has not processed before. Make effects for those only.
 *
 * @returns the ids to go on with, in no particular order
 */
export async function takeMany(
  tx: SqlQueryTx,
  schema: string,
  consumer: string,
  eventIds: readonly string[],
): Promise<Set<string>> {
  // Sorted, so that two batches that share events wait for each other and never in a circle.
  const rows = await tx.$queryRawUnsafe<{ event_id: string }[]>(
    `insert into ${quoted(schema)}.inbox (consumer, event_id)
     select $1, id from unnest($2::uuid[]) as id order by id
     on conflict do nothing returning event_id::text`,
    consumer,
    [...eventIds],
  );
  return new Set(rows.map((row) => row.event_id));
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
