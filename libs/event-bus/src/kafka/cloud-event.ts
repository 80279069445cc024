import type { IHeaders, Message } from 'kafkajs';
import type { LogRow } from '../stored-event.ts';

/**
 * Events as Kafka messages: CloudEvents 1.0, Kafka protocol binding, binary content mode (attributes in `ce_` headers, the
 * JSON body as value, the key as message key). Extensions: `tenantid`; `sequence` with `sequencetype` Integer (of the subject
 * within the topic, from 1, without gaps); `traceparent` (Distributed Tracing), also as the plain header that OpenTelemetry's
 * Kafka instrumentations read.
 *
 * Written by hand because a relay does this for every event there is, and the `cloudevents` library takes 24 µs for each; a
 * test holds the two against each other.
 */
export interface OutboxRow {
  /** Schema whose outbox it was in. */
  source: string;
  topic: string;
  partition: number;
  id: string;
  tenant_id: string;
  type: string;
  key: string;
  subject: string;
  sequence: string;
  /** JSON text. */
  data: string;
  traceparent: string;
  /** RFC 3339, UTC. */
  occurred_at: string;
}

const SPEC_VERSION = Buffer.from('1.0');
const CONTENT_TYPE = Buffer.from('application/json');
const SEQUENCE_TYPE = Buffer.from('Integer');

export function kafkaMessageOf(row: OutboxRow): Message {
  return {
    key: row.key,
    value: row.data,
    partition: row.partition,
    headers: {
      'content-type': CONTENT_TYPE,
      ce_specversion: SPEC_VERSION,
      ce_id: row.id,
      ce_source: `/wardline/${row.source}`,
      ce_type: row.type,
      ce_subject: row.subject,
      ce_time: row.occurred_at,
      ce_tenantid: row.tenant_id,
      ce_sequence: row.sequence,
      ce_sequencetype: SEQUENCE_TYPE,
      ce_traceparent: row.traceparent,
      traceparent: row.traceparent,
    },
  };
}

/** What a consumer gets from the cluster. */
export interface ReceivedMessage {
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders | undefined;
  offset: string;
  /** Milliseconds since 1970. */
  timestamp: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads a message of any origin. What is no event of ours comes with `unreadable` saying why, and with whatever there is of
 * it, so that it can be kept and shown.
 *
 * @param topic our name of it, without the cluster's prefix
 */
export function readKafkaMessage(topic: string, partition: number, message: ReceivedMessage): LogRow {
  const header = (name: string): string => textOf(message.headers?.[name]);
  const problems: string[] = [];
  const required = (name: string, isRight: (value: string) => boolean = (value) => value !== ''): string => {
    const value = header(name);
    if (!isRight(value)) problems.push(value === '' ? `no ${name}` : `a wrong ${name}`);
    return value;
  };
  const isUuid = (value: string): boolean => UUID.test(value);
  const key = textOf(message.key ?? undefined);
  if (key === '') problems.push('no key');
  required('ce_specversion', (value) => value === '1.0');
  const row: LogRow = {
    topic,
    partition,
    offset: message.offset,
    id: required('ce_id', isUuid),
    tenant_id: required('ce_tenantid', isUuid),
    type: required('ce_type'),
    key,
    subject: header('ce_subject'),
    sequence: header('ce_sequence') || '0',
    data: undefined,
    traceparent: header('ce_traceparent') || header('traceparent'),
    occurred_at: header('ce_time') || new Date(Number(message.timestamp)).toISOString(),
    published_at: new Date(Number(message.timestamp)),
  };
  const body = message.value?.toString('utf8') ?? '';
  try {
    row.data = JSON.parse(body);
  } catch {
    problems.push(body === '' ? 'no body' : 'a body that is not JSON');
    row.data = body.slice(0, UNREADABLE_CHARS_MAX);
  }
  if (problems.length > 0) row.unreadable = `not an event of ours: ${problems.join(', ')}`;
  return row;
}

const UNREADABLE_CHARS_MAX = 4_096;

/** U+0000 is what no text column takes; nothing of ours has one. */
function textOf(value: Buffer | string | (Buffer | string)[] | undefined): string {
  const first = Array.isArray(value) ? value[0] : value;
  const text = first === undefined ? '' : typeof first === 'string' ? first : first.toString('utf8');
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
