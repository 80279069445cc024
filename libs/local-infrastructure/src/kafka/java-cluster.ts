import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ownFolder } from '../owned-process.ts';
import { ensureBrokerFiles } from './broker-files.ts';
import { ensureClassArchive } from './class-archive.ts';
import { identityIn } from './cluster-identity.ts';
import type { InfrastructureLogger, KafkaCluster, StartKafkaOptions } from './cluster.ts';
import { javaNode, type KafkaProgram } from './java-node.ts';
import { serverProperties, type NodeAddresses } from './server-properties.ts';

const startAttemptsMax = 3;

/** Apache Kafka as plain processes on the loopback interface. */
export async function startJavaCluster(o: StartKafkaOptions): Promise<KafkaCluster> {
  const program = await prepareKafka(o.logger);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(o, program);
    } catch (error) {
      // Somebody took a port between our look and the broker's.
      const taken = error instanceof Error && /Address already in use/.test(error.message);
      if (!taken || attempt === startAttemptsMax) throw error;
    }
  }
}

/** Fetches Kafka and makes it quick to start: both once, then they are there. */
export async function prepareKafka(logger?: InfrastructureLogger): Promise<KafkaProgram> {
  const classPath = await ensureBrokerFiles(logger);
  const archive = await ensureClassArchive(async (jvmOptions) => {
    const cluster = await startOnce({}, { classPath, jvmOptions });
    // Java writes it when it ends by itself, which takes longer than an ordinary end.
    await cluster.nodes[0]?.stop(60_000);
    await cluster.stop();
  }, logger);
  return { classPath, jvmOptions: archive === undefined ? [] : [`-XX:SharedArchiveFile=${archive}`] };
}

async function startOnce(o: StartKafkaOptions, program: KafkaProgram): Promise<KafkaCluster> {
  const count = o.brokers ?? 1;
  const deadlineMs = o.startDeadlineMs ?? 120_000;
  const folder = ownFolder(o.dataDir, 'kafka');
  const identity = await identityIn(folder.path, { sasl: o.sasl ?? false, ports: 3 * count });
  const sasl = identity.superuser ?? undefined;
  const { ports } = identity;
  const addresses = Array.from({ length: count }, (_, i): NodeAddresses => {
    const [client = 0, internal = 0, controller = 0] = ports.slice(3 * i, 3 * i + 3);
    return {
      id: i + 1,
      bind: '127.0.0.1',
      host: '127.0.0.1',
      client: `127.0.0.1:${client}`,
      ports: { client, internal, controller },
    };
  });
  const brokers = addresses.map((node) => node.client);
  const nodes = addresses.map((node) => {
    const dir = path.join(folder.path, `node-${node.id}`);
    const dataDir = path.join(dir, 'data');
    const properties = path.join(dir, 'server.properties');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileSync(
      properties,
      serverProperties({
        ...{ node, nodes: addresses, dataDir, superuser: sasl },
        ...{ users: o.users, settings: o.settings },
      }),
      { mode: 0o600 },
    );
    return javaNode({
      ...{ node, dir, dataDir, properties, program, identity, deadlineMs },
      users: sasl ? [sasl, ...(o.users ?? [])] : [],
      heapMb: o.heapMb ?? 384,
    });
  });
  const stop = async () => {
    // One alone shuts down in order; of three, the last could never finish without a majority.
    await Promise.all(nodes.map((node) => (folder.temporary || count > 1 ? node.kill() : node.stop())));
    await folder.remove();
  };
  try {
    await Promise.all(nodes.map((node) => node.format()));
    await Promise.all(nodes.map((node) => node.launch()));
    await Promise.all(nodes.map((node) => node.joined()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ brokers, nodes, via: 'java', stop },
    get sasl() {
      return sasl && { ...sasl };
    },
  };
}
