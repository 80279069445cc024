import type { KafkaConnection } from '@wardline/event-bus';
import {
  Admin,
  alterUserScramCredentialsV0,
  fetchV13,
  findErrorBy,
  type RecordsBatch,
} from '@platformatic/kafka';
import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Two requests that kafkajs cannot make: AlterUserScramCredentials (KIP-554), and reading the end of a partition without
 * joining a consumer group. Made with the requests of `@platformatic/kafka`, on connections that last for one question.
 */

/** Number of SCRAM-SHA-512 in KIP-554. */
const scramSha512 = 2;
/** Twice the least that Kafka takes; the passwords are 256 random bits, which no number of iterations makes safer. */
const iterations = 8192;
/** RESOURCE_NOT_FOUND */
const noSuchUser = 91;
const latest = -1n;

const mechanisms = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

async function withAdmin<T>(connection: KafkaConnection, work: (admin: Admin) => Promise<T>): Promise<T> {
  const { ssl, sasl } = connection;
  const tls = typeof ssl === 'object' ? { ...ssl } : ssl ? {} : undefined;
  const admin = new Admin({
    clientId: `${connection.clientId ?? 'wardline'}-egress`,
    bootstrapBrokers: [...connection.brokers],
    ...(tls ? { tls } : {}),
    ...(sasl ? { sasl: { ...sasl, mechanism: mechanisms[sasl.mechanism] } } : {}),
    retries: 2,
    connectTimeout: 5_000,
    requestTimeout: 10_000,
  });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

async function anyBroker(admin: Admin) {
  // Brokers hand such a request on to the controller by themselves.
  const { brokers } = await admin.metadata({ topics: [] });
  return admin.connections.getFirstAvailable([...brokers.values()]);
}

/** Makes a user that logs in with SCRAM-SHA-512, or gives it this password. The password itself is not sent. */
export async function writeScramUser(
  connection: KafkaConnection,
  user: { readonly username: string; readonly password: string },
): Promise<void> {
  const salt = randomBytes(32);
  const saltedPassword = await promisify(pbkdf2)(user.password, salt, iterations, 64, 'sha512');
  const upsertion = { name: user.username, mechanism: scramSha512, iterations, salt, saltedPassword };
  await withAdmin(connection, async (admin) => {
    await alterUserScramCredentialsV0.api.async(await anyBroker(admin), [], [upsertion]);
  });
}

/** Removes a user; one that does not exist is removed already. */
export async function removeScramUser(connection: KafkaConnection, username: string): Promise<void> {
  const deletion = { name: username, mechanism: scramSha512 };
  await withAdmin(connection, async (admin) => {
    try {
      await alterUserScramCredentialsV0.api.async(await anyBroker(admin), [deletion], []);
    } catch (error) {
      if (!(error instanceof Error) || !findErrorBy(error, 'apiCode', noSuchUser)) throw error;
    }
  });
}

/** The headers of the last message of each partition that has one. */
export async function readLastHeaders(
  connection: KafkaConnection,
  topic: string,
): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>> {
  return withAdmin(connection, async (admin) => {
    const { topics, brokers } = await admin.metadata({ topics: [topic], forceUpdate: true });
    const metadata = topics.get(topic);
    if (!metadata) throw new Error('a topic without metadata');
    const asked = metadata.partitions.map((_, partitionIndex) => ({ partitionIndex, timestamp: latest }));
    const [ends] = await admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
    const found = new Map<number, Readonly<Record<string, string>>>();
    for (const { partitionIndex: partition, offset: end } of ends?.partitions ?? []) {
      if (end === 0n) continue;
      const leader = brokers.get(metadata.partitions[partition]?.leader ?? -1);
      if (!leader) throw new Error('a partition without a leader');
      // One partition a request: only for the first one does a broker send a batch that is larger than asked for.
      const wanted = {
        ...{ partition, fetchOffset: end - 1n, partitionMaxBytes: 1_048_576 },
        ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
      };
      const answer = await fetchV13.api.async(
        await admin.connections.get(leader),
        ...([1_000, 1, 16_777_216, 0, 0, -1] as const),
        [{ topicId: metadata.id, partitions: [wanted] }],
        [],
        '',
      );
      const headers = lastHeaders(answer.responses[0]?.partitions[0]?.records ?? [], end);
      if (headers) found.set(partition, headers);
    }
    return found;
  });
}

/** A batch is sent whole, from its beginning on; what counts is the record right before the end that was asked for. */
function lastHeaders(batches: readonly RecordsBatch[], end: bigint): Record<string, string> | undefined {
  for (const batch of batches) {
    for (const record of batch.records) {
      if (batch.firstOffset + BigInt(record.offsetDelta) !== end - 1n) continue;
      return Object.fromEntries(
        record.headers.map(([name, value]) => [String(name ?? ''), String(value ?? '')]),
      );
    }
  }
  return undefined;
}
