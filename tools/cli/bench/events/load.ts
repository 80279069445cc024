import { fileURLToPath } from 'node:url';
import { partitionOf, uuidv7, type NewEvent, type TopicName } from '@wardline/event-bus';
import type { ServiceSchema } from '@wardline/persistence';

export const benchSchema: ServiceSchema = {
  service: 'bench',
  schema: 'bench',
  role: 'wardline_bench',
  migrationsDir: fileURLToPath(new URL('migrations', import.meta.url)),
};

export const TENANTS = ['0190a0b0-0000-7000-8000-00000000be01', '0190a0b0-0000-7000-8000-00000000be02'];
export const TOPICS: readonly TopicName[] = ['calls.changed', 'appointments.changed'];
export const GROUP = 'bench.effects';
const KEYS = 5_000;

/** An event like those of a day: some 330 bytes of JSON, a key in 5,000. */
export function loadEvent(n: number): NewEvent {
  const key = `0190a0b0-0000-7000-8000-${(n % KEYS).toString(16).padStart(12, '0')}`;
  return {
    topic: TOPICS[n % TOPICS.length] ?? 'calls.changed',
    type: 'wardline.events.v1.CallChanged',
    key,
    subject: `calls/${key}`,
    tenantId: TENANTS[n % KEYS < KEYS / 2 ? 0 : 1] ?? '',
    id: uuidv7(),
    traceparent: `00-${key.replaceAll('-', '')}-00f067aa0ba902b7-01`,
    data: {
      callId: key,
      clinicId: '0190a0b0-0000-7000-8000-0000000000c1',
      fromState: 'CALL_STATE_RINGING',
      toState: 'CALL_STATE_ACTIVE',
      reason: 'call.answered',
      changedAt: '2026-03-02T09:30:00.123Z',
      note: `a field that makes the event as long as events are, number ${n}`,
    },
  };
}

/** Columns of an outbox insert through `unnest`, for many events in one statement. */
export function outboxColumns(events: readonly NewEvent[]): unknown[][] {
  return [
    events.map((e) => e.id),
    events.map((e) => e.tenantId),
    events.map((e) => e.topic),
    events.map((e) => partitionOf(e.topic, e.key)),
    events.map((e) => e.type),
    events.map((e) => e.key),
    events.map((e) => e.subject),
    events.map((e) => JSON.stringify(e.data)),
    events.map((e) => e.traceparent),
  ];
}

export const INSERT_OUTBOX = `
  insert into bench.outbox (id, tenant_id, topic, partition, type, key, subject, data, traceparent, occurred_at)
  select *, now() from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
    $8::jsonb[], $9::text[])`;
