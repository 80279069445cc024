import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '../errors.ts';
import { accepts, arePortsFree, freePorts, until } from '../free-ports.ts';
import { logTail, ownFolder, ownProcess, type OwnedProcess } from '../owned-process.ts';
import { ensureBrokerFiles } from './broker-files.ts';
import type { KafkaCluster, KafkaCredentials, KafkaNode, StartKafkaOptions } from './cluster.ts';
import { untilMembers } from './membership.ts';
import { serverProperties, type NodeAddresses } from './server-properties.ts';

const startAttemptsMax = 3;

/** What a cluster keeps over a stop: its name, its ports and, with passwords, its superuser. */
interface Identity {
  readonly clusterId: string;
  readonly superuser: KafkaCredentials | null;
  readonly ports: readonly number[];
}

/** Apache Kafka as plain processes on the loopback interface. */
export async function startJavaCluster(o: StartKafkaOptions): Promise<KafkaCluster> {
  const classPath = await ensureBrokerFiles(o.logger);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(o, classPath);
    } catch (error) {
      // Somebody took a port between our look and the broker's.
      const taken = error instanceof Error && /Address already in use/.test(error.message);
      if (!taken || attempt === startAttemptsMax) throw error;
    }
  }
}

async function startOnce(o: StartKafkaOptions, classPath: string): Promise<KafkaCluster> {
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
      ...{ node, dir, dataDir, properties, classPath, identity, deadlineMs },
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

/**
 * The ports are kept as well where they are still free: nodes that come back look for each other where they were, and lose
 * time when they are not there.
 */
async function identityIn(dir: string, wanted: { sasl: boolean; ports: number }): Promise<Identity> {
  const file = path.join(dir, 'cluster.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Identity) : undefined;
  if (kept && wanted.sasl !== (kept.superuser !== null)) {
    throw new InfrastructureError(
      'infrastructure-start-failed',
      `the Kafka data in ${dir} was made ${kept.superuser ? 'with' : 'without'} passwords; use another folder`,
    );
  }
  const superuser = { mechanism: 'scram-sha-512', username: 'admin' } as const;
  const password = randomBytes(18).toString('base64url');
  const portsFit = kept?.ports?.length === wanted.ports && (await arePortsFree(kept.ports));
  const identity: Identity = {
    clusterId: kept?.clusterId ?? randomBytes(16).toString('base64url'),
    superuser: kept ? kept.superuser : wanted.sasl ? { ...superuser, password } : null,
    ports: portsFit ? kept.ports : await freePorts(wanted.ports),
  };
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
  return identity;
}

/** Small and quick to start: these serve one machine. */
const jvmOptions = [
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
  '-Djava.net.preferIPv4Stack=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
];

function javaNode(o: {
  node: NodeAddresses;
  dir: string;
  dataDir: string;
  properties: string;
  classPath: string;
  identity: Identity;
  users: readonly { username: string; password: string }[];
  deadlineMs: number;
  heapMb: number;
}) {
  const { id } = o.node;
  const logFile = path.join(o.dir, 'kafka.log');
  let process_: OwnedProcess | undefined;
  const java = (heapMb: number, mainClass: string, ...args: string[]) =>
    ownProcess(
      'java',
      [`-Xms64m`, `-Xmx${heapMb}m`, ...jvmOptions, `-Dwardline.kafka=${o.dir}`, mainClass, ...args],
      {
        marker: o.dir,
        logFile,
        cwd: o.dir,
        // Not on the command line: three thousand characters in every `ps`.
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C', CLASSPATH: o.classPath },
      },
    );
  const failed = (what: string) =>
    new InfrastructureError(
      'infrastructure-start-failed',
      `Kafka node ${id} ${what}. The end of ${logFile}:\n${logTail(logFile)}`,
    );

  const node = {
    id,
    broker: o.node.client,
    get pid() {
      return process_?.running ? process_.pid : undefined;
    },
    get running() {
      return process_?.running ?? false;
    },
    /** Makes the storage, once. */
    async format(): Promise<void> {
      if (existsSync(path.join(o.dataDir, 'meta.properties'))) return;
      const scram = o.users.flatMap(({ username, password }) => [
        '--add-scram',
        `SCRAM-SHA-512=[name=${username},password=${password}]`,
      ]);
      const clusterId = ['--cluster-id', o.identity.clusterId];
      const config = ['--config', o.properties];
      const run = java(128, 'kafka.tools.StorageTool', 'format', ...clusterId, ...config, ...scram);
      await run.ended;
      if (!existsSync(path.join(o.dataDir, 'meta.properties'))) throw failed('could not be formatted');
    },
    /** Starts the process; resolves when it accepts connections. */
    async launch(): Promise<void> {
      const started = java(o.heapMb, 'kafka.Kafka', o.properties);
      process_ = started;
      const { client } = o.node.ports;
      const open = await until(() => accepts({ port: client, host: '127.0.0.1' }), {
        withinMs: o.deadlineMs,
        worthAsking: () => started.running,
      });
      if (!open) await node.giveUp();
    },
    /** Resolves when the cluster counts it in. */
    async joined(): Promise<void> {
      const started = process_;
      const joined = await untilMembers([id], {
        brokers: [o.node.client],
        sasl: o.identity.superuser ?? undefined,
        withinMs: o.deadlineMs,
        worthAsking: () => started?.running ?? false,
      });
      if (!joined) await node.giveUp();
    },
    async giveUp(): Promise<never> {
      const ended = process_?.running !== true;
      await process_?.kill();
      throw failed(ended ? 'ended before it was ready' : `was not ready within ${o.deadlineMs / 1000} s`);
    },
    async kill(): Promise<void> {
      await process_?.kill();
    },
    async stop(): Promise<void> {
      await process_?.stop(8_000);
    },
    async start(): Promise<void> {
      if (process_?.running) return;
      await node.launch();
      await node.joined();
    },
  };
  return node satisfies KafkaNode;
}
