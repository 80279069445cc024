import { forgetDataDir, noteDataDir } from '@wardline/config';
import { type Logger } from '@wardline/observability';
import { migrate } from '@wardline/persistence';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { checkout, type Carrier, type StandaloneConfig } from './config.ts';
import { environmentOf, internalPortNames, type InternalPorts } from './environment.ts';
import { assertFree, freePorts, nextFreePort } from './free-ports.ts';
import { startInfrastructure } from './infrastructure.ts';
import { kafkaUsers } from './kafka-access.ts';
import { embeddedProcesses, platformProcesses } from './layout.ts';
import { endProcess, isOurs } from './orphans.ts';
import { readRunFile, removeRunFile, type RunFile, writeRunFile } from './run-file.ts';
import { allRoles, databaseSchemas } from './schemas.ts';
import { loadSecrets } from './secrets.ts';
import { startSimulatedCarrier } from './simulated-carrier.ts';
import { superviseProcess } from './supervised-process.ts';

/** Parts of the command lines of our processes; they tell them from strangers that were given the same pid. */
const supervisorMarker = path.join('services', 'standalone', 'src');
const processMarker = path.join(checkout, 'services') + path.sep;

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void>;
}

export interface SupervisorOptions {
  readonly config: StandaloneConfig;
  readonly logger: Logger;
  /** One line for the person at the terminal. */
  readonly say: (line: string) => void;
}

/**
 * The whole platform on one machine: what it stands on, its processes as its layout has them, and the simulated
 * carrier when no other is configured. Whatever a killed run left behind is adopted (Postgres, carrier) or ended first.
 */
export function createSupervisor({ config, logger, say }: SupervisorOptions) {
  const closers: Record<'process' | 'carrier' | 'infrastructure', Closer[]> = {
    process: [],
    carrier: [],
    infrastructure: [],
  };

  async function start(): Promise<RunFile> {
    const logDir = path.join(config.dataDir, 'logs');
    mkdirSync(logDir, { recursive: true, mode: 0o700 });
    const previous = readRunFile(config.dataDir);
    await makeWay(previous);

    const secrets = loadSecrets(config.dataDir, allRoles, kafkaUsers);
    const [freePort = 0, databasePort = 0, ...internal] = await freePorts(2 + internalPortNames.length);
    const publicPort = config.port === 0 ? freePort : config.port;
    await assertFree(publicPort, config.host, 'WARDLINE_PORT');
    const mediaPort = config.mediaPort || (await nextFreePort(publicPort + 1, config.host));
    await assertFree(mediaPort, config.host, 'WARDLINE_MEDIA_PORT');
    const ports = Object.fromEntries(
      internalPortNames.map((name, i) => [name, internal[i]]),
    ) as unknown as InternalPorts;

    const { databaseAdminUrl, kafka, redisUrl } = await startInfrastructure({
      ...{ config, databasePort, logger, say, kafkaPasswords: secrets.kafkaPasswords },
      opened: (name, close) => closers.infrastructure.push({ name, close }),
    });
    const { applied } = await migrate({
      adminUrl: databaseAdminUrl,
      services: databaseSchemas,
      rolePasswords: secrets.rolePasswords,
      logger,
    });
    if (applied.length > 0) say(`migrated the database (${applied.length} steps)`);
    const databaseUrlOf = (role: string) => {
      const url = new URL(databaseAdminUrl);
      url.username = role;
      url.password = secrets.rolePasswords[role] ?? '';
      return url.href;
    };

    const localUrl = `http://127.0.0.1:${publicPort}`;
    const publicUrl = config.publicUrl ?? localUrl;
    const mediaPublicUrl = config.mediaPublicUrl ?? `ws://127.0.0.1:${mediaPort}`;
    const simulator = config.carrier
      ? undefined
      : await startSimulatedCarrier({
          previous: previous?.simulator ?? null,
          secrets: secrets.simulator,
          webhookUrl: `${publicUrl}/webhooks/telnyx`,
          logDir,
          logger,
        });
    if (simulator) closers.carrier.push({ name: 'simulated carrier', close: () => simulator.close() });
    const carrier: Carrier = {
      ...(config.carrier ?? {
        apiKey: secrets.simulator.apiKey,
        publicKey: secrets.simulator.publicKey,
        apiBase: `${simulator?.url}/v2`,
      }),
      publicUrl,
      mediaPublicUrl,
    };

    const pids = new Map<string, number>();
    const run = (): RunFile => ({
      pid: process.pid,
      startedAt: startedAt.toISOString(),
      port: publicPort,
      publicUrl: localUrl,
      mediaUrl: mediaPublicUrl,
      databaseAdminUrl,
      busUrl: databaseUrlOf('wardline_bus'),
      keysDir: path.join(config.dataDir, 'keys'),
      mode: config.infrastructure ? 'platform' : 'embedded',
      ...(kafka ? { kafka: { ...kafka.connection, brokers: [...kafka.connection.brokers] } } : {}),
      ...(redisUrl ? { redisUrl } : {}),
      simulator: simulator
        ? { pid: simulator.pid, url: simulator.url, controlKey: secrets.simulator.controlKey }
        : null,
      processes: [...pids].map(([name, pid]) => ({ name, pid })),
    });
    const startedAt = new Date();
    writeRunFile(config.dataDir, run());
    noteDataDir(publicPort, config.dataDir);

    const environment = {
      ...{ config, secrets, carrier, ports, publicPort, mediaPort, databaseUrlOf, redisUrl },
      kafkaVariables: kafka?.variables,
    };
    const plans = config.infrastructure ? platformProcesses : embeddedProcesses;
    const processes = plans.map(({ name, entry, services, inBackground }) =>
      superviseProcess({
        ...{ name, entry, inBackground, logDir, logger },
        env: environmentOf(services, environment),
        onPid: (pid) => {
          pids.set(name, pid);
          writeRunFile(config.dataDir, run());
        },
      }),
    );
    closers.process.push(...processes);
    say(`starting ${plans.map(({ name }) => name.replaceAll('-', ' ')).join(', ')}`);
    await Promise.all(processes.map((started) => started.start()));
    return run();
  }

  /** Ends the processes of a killed run, and refuses to start beside a living one on the same data. */
  async function makeWay(previous: RunFile | undefined): Promise<void> {
    if (!previous) return;
    if (previous.pid !== process.pid && isOurs(previous.pid, supervisorMarker)) {
      throw new Error(
        `already running as process ${previous.pid} at ${previous.publicUrl}: end that one, or set WARDLINE_DATA and WARDLINE_PORT for a second copy`,
      );
    }
    await Promise.all(previous.processes.map(({ pid }) => endProcess(pid, processMarker, 1_000)));
  }

  /** Ends everything, what callers meet first; within the deadline even when a part hangs. */
  async function stop(): Promise<void> {
    for (const stage of ['process', 'carrier', 'infrastructure'] as const) {
      await Promise.all(closers[stage].splice(0).map(closeOne));
    }
    // A start that was refused must not make the copy that runs unfindable.
    const own = readRunFile(config.dataDir);
    if (own?.pid !== process.pid) return;
    removeRunFile(config.dataDir);
    forgetDataDir(own.port);
  }

  async function closeOne(closer: Closer): Promise<void> {
    try {
      await closer.close();
    } catch (err) {
      logger.error('could not end a part cleanly', { part: closer.name, err });
    }
  }

  return { start, stop };
}
