import type { JsonSchema } from './json-schema.ts';
import type { PublicEvent } from './public-events.ts';

/** An attribute of the CloudEvents that integrators receive. */
export interface Attribute {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly description: string;
  /** Only where it is part of the form: the JSON form has `data`, Kafka has `position` as a header. */
  readonly only?: 'json' | 'kafka';
}

const uuid = { type: 'string', format: 'uuid' };
const text = { type: 'string' };
const digits = { type: 'string', pattern: '^[0-9]+$' };
const traceparent = { type: 'string', pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' };

/** CloudEvents 1.0, with the extensions `sequence`, `partitioning` and `distributed-tracing` and two of our own. */
export const attributes: readonly Attribute[] = [
  { name: 'specversion', schema: { const: '1.0' }, description: 'The version of CloudEvents.' },
  {
    name: 'id',
    schema: uuid,
    description: 'UUIDv7. The same in every delivery of the event: remember it, and take each once.',
  },
  { name: 'source', schema: { const: '/wardline' }, description: 'Who tells it.' },
  { name: 'type', schema: text, description: 'Full name of the message that `data` is.' },
  { name: 'subject', schema: text, description: 'What it is about, such as `calls/<id>`.' },
  { name: 'time', schema: { ...text, format: 'date-time' }, description: 'When it happened, in UTC.' },
  {
    name: 'datacontenttype',
    schema: { const: 'application/json' },
    description: 'What `data` is.',
    only: 'json',
  },
  { name: 'tenantid', schema: uuid, description: 'The hospital.' },
  { name: 'topic', schema: text, description: 'The topic, such as `calls.completed`.' },
  {
    name: 'partitionkey',
    schema: text,
    description: 'The key. Events of one key in one topic arrive in the order in which they happened.',
  },
  {
    name: 'sequence',
    schema: digits,
    description: 'Counts the events of one subject in one topic, from 1 without gaps. As text.',
  },
  { name: 'traceparent', schema: traceparent, description: 'W3C Trace Context of what caused it.' },
  {
    name: 'position',
    schema: digits,
    description:
      'Where it lies in the log of the hospital. Grows by the order of commit; the same number as the stream’s `id`.',
    only: 'kafka',
  },
];

/** The JSON form of any event: what a webhook's body and a stream's `data` line are. */
export function cloudEventSchema(): JsonSchema {
  const own = attributes.filter(({ only }) => only !== 'kafka');
  return {
    title: 'CloudEvent',
    description: 'A CloudEvent 1.0 in its JSON form.',
    type: 'object',
    properties: {
      ...Object.fromEntries(own.map(({ name, schema, description }) => [name, { description, ...schema }])),
      data: { type: 'object' },
    },
    required: [...own.map(({ name }) => name), 'data'],
    additionalProperties: true,
  };
}

/** The JSON form of one event. */
export function eventEnvelopeSchema(event: PublicEvent, refPrefix: string): JsonSchema {
  return {
    title: `${event.name} as CloudEvent`,
    description: event.description,
    allOf: [
      { $ref: `${refPrefix}CloudEvent` },
      {
        type: 'object',
        properties: {
          type: { const: event.typeName },
          topic: { const: event.topic },
          data: { $ref: `${refPrefix}${event.name}` },
        },
      },
    ],
  };
}

/** Headers of a message in a hospital's Kafka topic: the CloudEvents Kafka protocol binding, binary content mode. */
export function kafkaHeadersSchema(): JsonSchema {
  const own = attributes.filter(({ only }) => only !== 'json');
  const properties = {
    ...Object.fromEntries(
      own.map(({ name, schema, description }) => [`ce_${name}`, { description, ...schema }]),
    ),
    'content-type': { const: 'application/json', description: 'What the value is.' },
    traceparent: { description: 'The same again, where OpenTelemetry looks for it.', ...traceparent },
  };
  return { title: 'KafkaHeaders', type: 'object', properties, required: Object.keys(properties) };
}

/** The headers of an example. */
export function exampleKafkaHeaders(event: PublicEvent): Record<string, string> {
  const { data: _, datacontenttype, ...rest } = event.example;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [`ce_${name}`, value])),
    ce_position: '4711',
    'content-type': datacontenttype,
    traceparent: rest.traceparent,
  };
}
