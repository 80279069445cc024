import { createSilentLogger } from '@wardline/observability';
import type { Kafka, ProducerBatch, RecordMetadata } from 'kafkajs';
import type { OutboxRow } from './cloud-event.ts';
import { createEventProducer } from './event-producer.ts';

const row = (topic: string, partition: number): OutboxRow => ({
  ...{
    source: 'telephony',
    topic,
    partition,
    id: 'id',
    tenant_id: 'tenant',
    type: 'T',
    key: 'k',
    subject: 's',
  },
  ...{ sequence: '1', data: '{}', traceparent: 'tp', occurred_at: '2026-03-01T10:00:00Z' },
});

/** A client whose cluster acknowledges what `answer` says. */
function fakeKafka(answer: (batch: ProducerBatch) => RecordMetadata[]) {
  const seen = { producers: 0, disconnected: 0 };
  const producer = () => {
    seen.producers += 1;
    return {
      connect: async () => undefined,
      disconnect: async () => void (seen.disconnected += 1),
      sendBatch: async (batch: ProducerBatch) => answer(batch),
    };
  };
  return { kafka: { producer } as unknown as Kafka, seen };
}

const all = ({ topicMessages = [] }: ProducerBatch): RecordMetadata[] =>
  topicMessages.flatMap(({ topic, messages }) =>
    messages.map(({ partition = -1 }) => ({ topicName: topic, partition, errorCode: 0 })),
  );
const rows = [row('calls.changed', 0), row('calls.changed', 1), row('calls.changed', 1), row('sms.send', 1)];

it('is content when every partition was acknowledged', async () => {
  const { kafka, seen } = fakeKafka(all);
  const producer = createEventProducer({ kafka, topicPrefix: 'p.', logger: createSilentLogger() });
  await producer.send(rows);
  await producer.send(rows);
  expect(seen).toEqual({ producers: 1, disconnected: 0 });
});

it('takes a send that left a partition out for failed, and goes on with another producer', async () => {
  let partly = true;
  const { kafka, seen } = fakeKafka((batch) =>
    all(batch).filter(
      ({ topicName, partition }) => !(partly && topicName === 'p.calls.changed' && partition === 1),
    ),
  );
  const producer = createEventProducer({ kafka, topicPrefix: 'p.', logger: createSilentLogger() });
  await expect(producer.send(rows)).rejects.toThrow('has not acknowledged 1 partitions');
  partly = false;
  await producer.send(rows);
  expect(seen).toEqual({ producers: 2, disconnected: 1 });
});
