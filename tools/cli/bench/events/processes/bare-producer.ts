// What kafkajs alone can do with the same messages, compressed the same way: no outbox before it.
import { createKafka, kafkaCompression, kafkaMessageOf, partitionOf } from '@wardline/event-bus';
import { createLogger } from '@wardline/observability';
import { loadEvent } from '../load.ts';
import { endWith, onMessage, readOptions, tell } from './child.ts';

const options = readOptions<{ brokers: string[]; topic: string; batch: number }>();
const logger = createLogger({ service: 'bench', level: 'error', destination: process.stderr });
const producer = createKafka({ brokers: options.brokers }, logger).producer({
  idempotent: true,
  maxInFlightRequests: 1,
});

const messages = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const e = loadEvent(from + i);
    return kafkaMessageOf({
      source: 'bench',
      topic: e.topic,
      partition: partitionOf(e.topic, e.key),
      id: e.id ?? '',
      tenant_id: e.tenantId,
      type: e.type,
      key: e.key,
      subject: e.subject,
      sequence: '1',
      data: JSON.stringify(e.data),
      traceparent: e.traceparent ?? '',
      occurred_at: '2026-03-02T09:30:00.123Z',
    });
  });

await producer.connect();
onMessage((message) => {
  const count = message['count'];
  if (typeof count !== 'number') return;
  void (async () => {
    for (let sent = 0; sent < count; sent += options.batch) {
      await producer.send({
        topic: options.topic,
        acks: -1,
        compression: kafkaCompression,
        messages: messages(sent, Math.min(options.batch, count - sent)),
      });
    }
    tell({ sent: count });
  })();
});
endWith(() => producer.disconnect());
tell({ ready: true });
