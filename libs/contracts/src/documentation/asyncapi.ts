import {
  cloudEventSchema,
  eventEnvelopeSchema,
  exampleKafkaHeaders,
  kafkaHeadersSchema,
} from './envelope.ts';
import { publicSchemas, type JsonSchema } from './json-schema.ts';
import type { PublicEvent } from './public-events.ts';

const REFS = '#/components/schemas/';
const ref = (path: string) => ({ $ref: path });
const KAFKA_BINDING = '0.5.0';
const HTTP_BINDING = '0.3.0';

/** Partitions of a hospital's topic, where the order of keys is kept; api-gateway makes topics with so many. */
export const tenantTopicPartitions = 6;

export interface AsyncApiOptions {
  /** Where the API is reached, such as `https://wardline.hospital.example`. */
  readonly publicUrl: string;
  readonly topicPrefix?: string;
}

/** AsyncAPI 3.0: what integrators can receive, in which three ways, and how it is secured. */
export function asyncApiDocument(events: readonly PublicEvent[], o: AsyncApiOptions): JsonSchema {
  const { protocol, host } = new URL(o.publicUrl);
  return {
    asyncapi: '3.0.0',
    id: 'urn:wardline:events',
    info: {
      title: 'Wardline events',
      version: '1.0.0',
      description: overview,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      tags: [{ name: 'events' }, { name: 'cloudevents' }],
      externalDocs: { description: 'The same for reading', url: `${o.publicUrl}/docs/events` },
    },
    defaultContentType: 'application/json',
    servers: serversOf(protocol.replace(':', ''), host),
    channels: {
      ...Object.fromEntries(events.map((event) => [event.topic, topicChannel(event)])),
      ...transportChannels(events, o.topicPrefix ?? ''),
    },
    operations: {
      ...Object.fromEntries(
        events.map((event) => [
          `send${event.name}`,
          {
            action: 'send',
            channel: ref(`#/channels/${event.topic}`),
            title: event.name,
            summary: event.description,
          },
        ]),
      ),
      ...transportOperations,
    },
    components: {
      messages: { ...eventMessages(events), ...transportMessages(events) },
      schemas: schemasOf(events),
      securitySchemes,
    },
  };
}

const overview = `What happens in a hospital's calls and appointments, as CloudEvents 1.0.

Every event is delivered **at least once**: remember \`id\` and take each once. Events of one **key** (\`partitionkey\`) in one
topic arrive in the order in which they happened; between topics nothing is ordered, so \`calls.completed\` may come before
\`calls.initiated\`. Fields and enum values may be added at any time: ignore fields that you do not know, and read an enum value
that you do not know as \`*_UNSPECIFIED\`.

The channels named after topics say what there is. It is received through one of three others: \`webhook\`, \`eventStream\`
or the hospital's own Kafka topic.`;

function serversOf(protocol: string, host: string) {
  return {
    api: {
      host,
      protocol,
      title: 'The API of this installation',
      security: [ref('#/components/securitySchemes/streamToken')],
    },
    webhookReceiver: {
      host: '{receiver}',
      protocol: 'https',
      title: 'Your receiver of webhooks',
      variables: {
        receiver: {
          description: 'Host of the URL that you subscribe with.',
          default: 'hooks.hospital.example',
        },
      },
    },
    kafka: {
      host: '{broker}',
      protocol: 'kafka-secure',
      title: 'The Kafka cluster of this installation',
      description: 'Where the installation runs on Kafka. Brokers are named with the credentials.',
      variables: {
        broker: { description: 'host:port of a broker.', default: 'kafka.wardline.example:9093' },
      },
      security: [ref('#/components/securitySchemes/kafkaCredentials')],
    },
  };
}

function topicChannel(event: PublicEvent): JsonSchema {
  return {
    // Inside the platform it is a topic; outside it has no address of its own.
    address: null,
    title: event.topic,
    description: `${event.description} Key: ${event.key}. Events of one key arrive in the order in which they happened.`,
    messages: { [event.name]: ref(`#/components/messages/${event.name}`) },
    'x-key': event.key,
    'x-ordering': 'per key within the topic',
    'x-delivery': 'at least once',
  };
}

function transportChannels(events: readonly PublicEvent[], topicPrefix: string) {
  const all = Object.fromEntries(events.map(({ name }) => [name, ref(`#/components/messages/${name}`)]));
  const tenantTopic = (suffix: string, what: string) => ({
    address: `${topicPrefix}egress.{tenantId}${suffix}`,
    title: 'The hospital’s Kafka topic',
    description: `All events of one hospital, ${what}. The message key is the event’s key.`,
    servers: [ref('#/servers/kafka')],
    parameters: {
      tenantId: { description: 'The hospital. The name of your topic comes with your credentials.' },
    },
    messages: all,
    bindings: {
      kafka: { partitions: tenantTopicPartitions, bindingVersion: KAFKA_BINDING },
    },
  });
  return {
    webhook: {
      address: null,
      title: 'Webhooks',
      description: 'Your URL. Each event is one POST, signed after the Standard Webhooks specification.',
      servers: [ref('#/servers/webhookReceiver')],
      messages: { WebhookDelivery: ref('#/components/messages/WebhookDelivery') },
    },
    eventStream: {
      address: '/api/v1/events/stream',
      title: 'Event stream',
      description:
        'Server-Sent Events. `id` is a position in the log of the hospital: send the last one as `Last-Event-ID` and the stream goes on right behind it.',
      servers: [ref('#/servers/api')],
      messages: {
        StreamedEvent: ref('#/components/messages/StreamedEvent'),
        StreamGap: ref('#/components/messages/StreamGap'),
      },
    },
    tenantTopic: tenantTopic('', 'without personal fields'),
    tenantTopicPersonal: tenantTopic('.personal', 'with personal fields, for credentials with that scope'),
  };
}

const httpBinding = (method: string) => ({ http: { method, bindingVersion: HTTP_BINDING } });
const kafkaBinding = {
  kafka: {
    groupId: {
      type: 'string',
      description: 'Has to begin with the prefix that comes with your credentials.',
    },
    bindingVersion: KAFKA_BINDING,
  },
};

const transportOperations = {
  deliverWebhook: {
    action: 'send',
    channel: ref('#/channels/webhook'),
    summary:
      'Answer with any 2xx to take it. Anything else is tried again with growing delays for 24 hours; later events of the same key wait behind it.',
    security: [ref('#/components/securitySchemes/webhookSignature')],
    bindings: httpBinding('POST'),
  },
  streamEvents: {
    action: 'send',
    channel: ref('#/channels/eventStream'),
    summary: 'Ask with GET; the answer stays open.',
    security: [ref('#/components/securitySchemes/streamToken')],
    bindings: httpBinding('GET'),
  },
  publishToTenantTopic: {
    action: 'send',
    channel: ref('#/channels/tenantTopic'),
    summary: 'Read with your own consumer groups.',
    security: [ref('#/components/securitySchemes/kafkaCredentials')],
    bindings: kafkaBinding,
  },
  publishToTenantTopicPersonal: {
    action: 'send',
    channel: ref('#/channels/tenantTopicPersonal'),
    summary: 'Read with your own consumer groups.',
    security: [ref('#/components/securitySchemes/kafkaCredentials')],
    bindings: kafkaBinding,
  },
};

function eventMessages(events: readonly PublicEvent[]) {
  return Object.fromEntries(
    events.map((event) => [
      event.name,
      {
        name: event.typeName,
        title: event.name,
        summary: event.description,
        contentType: 'application/json',
        headers: ref(`${REFS}KafkaHeaders`),
        payload: ref(`${REFS}${event.name}`),
        bindings: {
          kafka: { key: { type: 'string', description: event.key }, bindingVersion: KAFKA_BINDING },
        },
        examples: [
          {
            name: event.name,
            summary: 'In a Kafka topic: attributes as headers, the data as value',
            headers: exampleKafkaHeaders(event),
            payload: event.example.data,
          },
        ],
      },
    ]),
  );
}

function transportMessages(events: readonly PublicEvent[]) {
  const anyEvent = { oneOf: events.map(({ name }) => ref(`${REFS}${name}Event`)) };
  const [first] = events;
  const webhookHeaders = {
    'webhook-id': first?.example.id,
    'webhook-timestamp': '1772463845',
    'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  };
  return {
    WebhookDelivery: {
      name: 'WebhookDelivery',
      title: 'An event in a webhook',
      contentType: 'application/cloudevents+json',
      headers: ref(`${REFS}WebhookHeaders`),
      payload: anyEvent,
      examples: events.map(({ name, example }) => ({
        name,
        headers: { ...webhookHeaders, 'webhook-id': example.id },
        payload: example,
      })),
    },
    StreamedEvent: {
      name: 'StreamedEvent',
      title: 'An event in the stream: `event` is its type, `id` its position, `data` this',
      contentType: 'application/json',
      payload: anyEvent,
      examples: events.map(({ name, example }) => ({ name, payload: example })),
    },
    StreamGap: {
      name: 'gap',
      title: 'What comes after your position is no longer kept; the stream ends',
      contentType: 'application/json',
      payload: ref(`${REFS}StreamGap`),
      examples: [{ name: 'gap', payload: { after: '17', oldest: '4020' } }],
    },
  };
}

function schemasOf(events: readonly PublicEvent[]): Record<string, JsonSchema> {
  const schemas = events.flatMap((event): [string, JsonSchema][] => [
    ...publicSchemas(event.message, { refPrefix: REFS }),
    [`${event.name}Event`, eventEnvelopeSchema(event, REFS)],
  ]);
  const position = { type: 'string', pattern: '^[0-9]+$' };
  return {
    ...Object.fromEntries(schemas),
    CloudEvent: cloudEventSchema(),
    KafkaHeaders: kafkaHeadersSchema(),
    WebhookHeaders: {
      title: 'WebhookHeaders',
      type: 'object',
      properties: {
        'webhook-id': { type: 'string', description: 'The event’s id; the same when it is tried again.' },
        'webhook-timestamp': { ...position, description: 'When it was sent, in seconds since 1970.' },
        'webhook-signature': {
          type: 'string',
          description: 'One or, while a secret is being rotated, two signatures, separated by a space.',
        },
      },
      required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    },
    StreamGap: {
      title: 'StreamGap',
      type: 'object',
      properties: {
        after: { ...position, description: 'The position that you came with.' },
        oldest: { ...position, description: 'The oldest that is still kept.' },
      },
      required: ['after', 'oldest'],
    },
  };
}

const securitySchemes = {
  streamToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token `wl_…` that the hospital’s staff hands out. Never in the address.',
  },
  webhookSignature: {
    type: 'httpApiKey',
    name: 'webhook-signature',
    in: 'header',
    description:
      'HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>` with your secret `whsec_…`, by the Standard Webhooks specification. Refuse what does not verify.',
  },
  kafkaCredentials: {
    type: 'scramSha512',
    description: 'A user of your own, which may read the hospital’s topic and nothing else.',
  },
};
