import { randomBytes } from 'node:crypto';
import { newClusterId } from './cluster-identity.ts';
import { GenericContainer, getContainerRuntimeClient, Network, Wait } from 'testcontainers';
import { InfrastructureError } from '../errors.ts';
import { freePorts } from '../free-ports.ts';
import { kafkaVersion } from './broker-files.ts';
import type { KafkaCluster, KafkaCredentials, KafkaNode, StartKafkaOptions } from './cluster.ts';
import { untilMembers } from './membership.ts';
import { serverProperties, type NodeAddresses } from './server-properties.ts';

const ports = { client: 9092, internal: 9093, controller: 9094 };
const dataDir = '/var/lib/kafka/data';
const propertiesFile = '/tmp/wardline/server.properties';

/**
 * The same cluster in containers of Apache Kafka's own image, with the same `server.properties`. Each broker has a fixed
 * port of this machine, because a broker tells its clients its address and keeps it over a restart.
 */
export async function startDockerCluster(o: StartKafkaOptions): Promise<KafkaCluster> {
  const count = o.brokers ?? 1;
  const deadlineMs = o.startDeadlineMs ?? 120_000;
  const clusterId = newClusterId();
  const sasl: KafkaCredentials | undefined = o.sasl
    ? { mechanism: 'scram-sha-512', username: 'admin', password: randomBytes(18).toString('base64url') }
    : undefined;
  const runtime = await getContainerRuntimeClient();
  const host = runtime.info.containerRuntime.host;
  const hostPorts = await freePorts(count);
  const network = await new Network().start();
  const addresses = hostPorts.map((port, i): NodeAddresses => ({
    id: i + 1,
    bind: '0.0.0.0',
    host: `kafka-${i + 1}`,
    client: `${host}:${port}`,
    ports,
  }));
  const brokers = addresses.map((node) => node.client);
  const scram = (sasl ? [sasl, ...(o.users ?? [])] : [])
    .map(({ username, password }) => `--add-scram 'SCRAM-SHA-512=[name=${username},password=${password}]'`)
    .join(' ');
  const command = [
    'export PATH=/opt/kafka/bin:$PATH',
    `kafka-storage.sh format --ignore-formatted --cluster-id ${clusterId} --config ${propertiesFile} ${scram}`,
    `exec kafka-server-start.sh ${propertiesFile}`,
  ].join(' && ');
  const started = await Promise.allSettled(
    addresses.map((node, i) =>
      new GenericContainer(`apache/kafka:${kafkaVersion}`)
        .withNetwork(network)
        .withNetworkAliases(node.host)
        .withExposedPorts({ container: ports.client, host: hostPorts[i]! })
        .withEnvironment({ KAFKA_HEAP_OPTS: `-Xmx${o.heapMb ?? 384}m -XX:+UseSerialGC` })
        .withCopyContentToContainer([
          {
            content: serverProperties({
              node,
              nodes: addresses,
              dataDir,
              superuser: sasl,
              users: o.users,
              settings: o.settings,
            }),
            target: propertiesFile,
            mode: 0o644,
          },
        ])
        .withEntrypoint(['/bin/sh', '-c', command])
        .withWaitStrategy(Wait.forListeningPorts())
        .withStartupTimeout(deadlineMs)
        .start(),
    ),
  );
  const containers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(containers.map((container) => container.stop({ timeout: 0 })));
    await network.stop();
  };
  const refused = started.find((result) => result.status === 'rejected');
  const all = addresses.map((node) => node.id);
  if (refused || !(await untilMembers(all, { brokers, sasl, withinMs: deadlineMs }))) {
    await stop();
    throw new InfrastructureError(
      'infrastructure-start-failed',
      `Kafka did not start in containers: ${refused ? String(refused.reason) : 'not all brokers joined'}`,
      { cause: refused?.reason },
    );
  }
  const nodes = addresses.map((node, i): KafkaNode => {
    const container = runtime.container.getById(containers[i]!.getId());
    let running = true;
    return {
      id: node.id,
      broker: node.client,
      pid: undefined,
      get running() {
        return running;
      },
      async kill() {
        if (!running) return;
        running = false;
        await container.kill({ signal: 'SIGKILL' });
      },
      async stop(graceMs = 8_000) {
        if (!running) return;
        running = false;
        await container.stop({ t: Math.ceil(graceMs / 1_000) });
      },
      async start() {
        if (running) return;
        await container.start();
        running = true;
        if (!(await untilMembers([node.id], { brokers: [node.client], sasl, withinMs: deadlineMs }))) {
          throw new InfrastructureError(
            'infrastructure-start-failed',
            `Kafka node ${node.id} did not rejoin`,
          );
        }
      },
    };
  });
  return {
    ...{ brokers, nodes, via: 'docker', stop },
    get sasl() {
      return sasl && { ...sasl };
    },
  };
}
