import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '../errors.ts';
import { accepts, until } from '../free-ports.ts';
import { logTail, ownProcess, type OwnedProcess } from '../owned-process.ts';
import type { ClusterIdentity } from './cluster-identity.ts';
import type { KafkaNode } from './cluster.ts';
import { untilMembers } from './membership.ts';
import type { NodeAddresses } from './server-properties.ts';

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

/** How Java runs Kafka here. */
export interface KafkaProgram {
  readonly classPath: string;
  readonly jvmOptions: readonly string[];
}

/** One node as a process. */
export function javaNode(o: {
  node: NodeAddresses;
  dir: string;
  dataDir: string;
  properties: string;
  program: KafkaProgram;
  identity: ClusterIdentity;
  users: readonly { username: string; password: string }[];
  deadlineMs: number;
  heapMb: number;
}) {
  const { id } = o.node;
  const logFile = path.join(o.dir, 'kafka.log');
  let server: OwnedProcess | undefined;
  const java = (heapMb: number, ...mainClass: string[]) =>
    ownProcess(
      'java',
      [
        '-Xms64m',
        `-Xmx${heapMb}m`,
        ...jvmOptions,
        ...o.program.jvmOptions,
        `-Dwardline.kafka=${o.dir}`,
        ...mainClass,
      ],
      {
        marker: o.dir,
        logFile,
        cwd: o.dir,
        // Not on the command line: three thousand characters in every `ps`.
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          LC_ALL: 'C',
          CLASSPATH: o.program.classPath,
        },
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
      return server?.running ? server.pid : undefined;
    },
    get running() {
      return server?.running ?? false;
    },
    /** Makes the storage, once. */
    async format(): Promise<void> {
      if (existsSync(path.join(o.dataDir, 'meta.properties'))) return;
      const scram = o.users.flatMap(({ username, password }) => [
        '--add-scram',
        `SCRAM-SHA-512=[name=${username},password=${password}]`,
      ]);
      const clusterId = ['--cluster-id', o.identity.clusterId];
      const command = ['kafka.tools.StorageTool', 'format', ...clusterId, '--config', o.properties, ...scram];
      // From a file: what is on a command line, everybody on this machine can read.
      const file = path.join(o.dir, 'format.args');
      writeFileSync(file, command.map((word) => `"${word.replace(/["\\]/g, '\\$&')}"`).join('\n'), {
        mode: 0o600,
      });
      await java(128, `@${file}`).ended;
      rmSync(file, { force: true });
      if (!existsSync(path.join(o.dataDir, 'meta.properties'))) throw failed('could not be formatted');
    },
    /** Starts the process; resolves when it accepts connections. */
    async launch(): Promise<void> {
      const started = java(o.heapMb, 'kafka.Kafka', o.properties);
      server = started;
      const { client } = o.node.ports;
      const open = await until(() => accepts({ port: client, host: '127.0.0.1' }), {
        withinMs: o.deadlineMs,
        worthAsking: () => started.running,
      });
      if (!open) await node.giveUp();
    },
    /** Resolves when the cluster counts it in. */
    async joined(): Promise<void> {
      const started = server;
      const joined = await untilMembers([id], {
        brokers: [o.node.client],
        sasl: o.identity.superuser ?? undefined,
        withinMs: o.deadlineMs,
        worthAsking: () => started?.running ?? false,
      });
      if (!joined) await node.giveUp();
    },
    async giveUp(): Promise<never> {
      const ended = server?.running !== true;
      await server?.kill();
      throw failed(ended ? 'ended before it was ready' : `was not ready within ${o.deadlineMs / 1000} s`);
    },
    async kill(): Promise<void> {
      await server?.kill();
    },
    async stop(graceMs = 8_000): Promise<void> {
      await server?.stop(graceMs);
    },
    async start(): Promise<void> {
      if (server?.running) return;
      await node.launch();
      await node.joined();
    },
  };
  return node satisfies KafkaNode;
}
