import kafkajs from 'kafkajs';
import { until } from '../free-ports.ts';
import type { KafkaCredentials } from './cluster.ts';

const { Kafka, logLevel } = kafkajs;

/** The brokers that the cluster counts in, asked of those given; none when nobody answers yet. */
export async function membersOf(
  brokers: readonly string[],
  sasl: KafkaCredentials | undefined,
): Promise<number[]> {
  const admin = new Kafka({
    clientId: 'local-infrastructure',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
    // A copy: kafkajs writes its authenticator, which holds the password, into the object that it is given.
    ...(sasl ? { sasl: { ...sasl } as kafkajs.SASLOptions } : {}),
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.map((broker) => broker.nodeId);
  } catch {
    // Not there yet, or no leader yet: asked again by whoever waits.
    return [];
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Waits until all these nodes are counted in. */
export const untilMembers = (
  ids: readonly number[],
  o: {
    brokers: readonly string[];
    sasl: KafkaCredentials | undefined;
    withinMs: number;
    worthAsking?: () => boolean;
  },
): Promise<boolean> =>
  until(
    async () => {
      const members = await membersOf(o.brokers, o.sasl);
      return ids.every((id) => members.includes(id));
    },
    {
      withinMs: o.withinMs,
      everyMs: 100,
      ...(o.worthAsking ? { worthAsking: o.worthAsking } : {}),
    },
  );
