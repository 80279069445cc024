import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs, { type KafkaMessage } from 'kafkajs';
import type { TopicRecord } from './check.ts';

const READ_MS_MAX = 120_000;

// kafkajs knows only gzip by itself, and the topics may be compressed with anything.
const decompress = promisify(zlib.zstdDecompress);
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: () => Promise.reject(new Error('a reader does not write')),
  decompress: (buffer: Buffer) => decompress(buffer),
});

/** Every record of every partition, from the beginning to the end as it is now. */
export async function readKafkaTopics(
  brokers: readonly string[],
  topics: readonly string[],
): Promise<TopicRecord[]> {
  const kafka = new kafkajs.Kafka({ clientId: 'wardline-chaos-judge', brokers: [...brokers], logLevel: 0 });
  const ends = new Map<string, number>();
  const admin = kafka.admin();
  await admin.connect();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > Number(low)) ends.set(`${topic} ${partition}`, Number(high));
  }
  await admin.disconnect();
  const records: TopicRecord[] = [];
  if (ends.size === 0) return records;

  // A group nobody has had before: its one member is given all partitions and begins at the oldest record.
  const consumer = kafka.consumer({
    groupId: `wardline-chaos-judge-${process.pid}-${Date.now()}`,
    maxWaitTimeInMs: 200,
  });
  const whole = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => whole.reject(new Error(`${ends.size} partitions were not read in time`)),
    READ_MS_MAX,
  );
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) records.push(recordOf(batch.topic, batch.partition, message));
        const place = `${batch.topic} ${batch.partition}`;
        const end = ends.get(place);
        if (end !== undefined && Number(batch.lastOffset()) >= end - 1) ends.delete(place);
        if (ends.size === 0) whole.resolve();
      },
    });
    await whole.promise;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
  return records;
}

function recordOf(topic: string, partition: number, message: KafkaMessage): TopicRecord {
  const header = (name: string): string => message.headers?.[name]?.toString() ?? '';
  const body = JSON.parse(message.value?.toString() ?? '{}') as { n?: unknown };
  return {
    ...{ topic, partition, offset: Number(message.offset), key: message.key?.toString() ?? '' },
    ...{ eventId: header('ce_id'), tenantId: header('ce_tenantid'), subject: header('ce_subject') },
    ...{ n: Number(body.n), sequence: Number(header('ce_sequence')) },
  };
}
