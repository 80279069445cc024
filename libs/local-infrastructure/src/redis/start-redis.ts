import path from 'node:path';
import { dockerAnswers } from '../docker-socket.ts';
import { InfrastructureError } from '../errors.ts';
import { accepts, freePorts, until } from '../free-ports.ts';
import type { InfrastructureLogger } from '../kafka/cluster.ts';
import type { Probe } from '../kafka/start-kafka.ts';
import { logTail, ownFolder, ownProcess } from '../owned-process.ts';
import { findProgram } from '../programs.ts';

/** Redis 7, the version that Debian 12 has too. */
const image = 'redis:7';
const startAttemptsMax = 3;

export interface StartedRedis {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  /** Undefined when it runs in a container or is somebody else's. */
  readonly pid: number | undefined;
  readonly via: 'environment' | 'docker' | 'program';
  stop(): Promise<void>;
}

export interface StartRedisOptions {
  /** Never the one of REDIS_URL. Default false. */
  readonly own?: boolean;
  /** Only as a process of this machine, which a test can kill and put to sleep. Default false. */
  readonly program?: boolean;
  /** Where it listens, for the one that follows a killed one; only with `program`. Default: a free port. */
  readonly port?: number;
  readonly startDeadlineMs?: number;
  readonly logger?: InfrastructureLogger;
}

/** How a Redis can be had here, at once and without starting one; or what to install. */
export function probeRedis(
  o: { own?: boolean; program?: boolean; env?: NodeJS.ProcessEnv } = {},
): Probe<StartedRedis['via']> {
  const env = o.env ?? process.env;
  if (env['REDIS_URL'] && !o.own && !o.program) return { ok: true, via: 'environment' };
  if (!o.program && dockerAnswers(env)) return { ok: true, via: 'docker' };
  if (findProgram('redis-server', env)) return { ok: true, via: 'program' };
  return {
    ok: false,
    reason:
      'no Redis here: no REDIS_URL, no container engine answers, and redis-server is not on the PATH; ' +
      'on Debian: apt-get install -y --no-install-recommends redis-server',
  };
}

/**
 * A real Redis that keeps nothing: the one of REDIS_URL, else in a container, else `redis-server` on a free port of the
 * loopback interface. What is started here ends with `stop()`, or with this process however that ends.
 */
export async function startRedis(o: StartRedisOptions = {}): Promise<StartedRedis> {
  const probe = probeRedis({ own: o.own ?? false, program: o.program ?? false });
  if (!probe.ok) throw new InfrastructureError('infrastructure-unavailable', probe.reason);
  if (probe.via === 'environment') {
    return {
      url: process.env['REDIS_URL'] ?? '',
      pid: undefined,
      via: 'environment',
      stop: async () => undefined,
    };
  }
  if (probe.via === 'docker') {
    try {
      return await startContainer(o);
    } catch (error) {
      if (!findProgram('redis-server')) throw error;
      o.logger?.warn('Redis does not start in a container; trying without', { err: error });
    }
  }
  return startProgram(o);
}

async function startContainer(o: StartRedisOptions): Promise<StartedRedis> {
  const { GenericContainer } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withCommand(['redis-server', '--save', '', '--appendonly', 'no'])
    .withExposedPorts(6379)
    .withStartupTimeout(o.startDeadlineMs ?? 60_000)
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    pid: undefined,
    via: 'docker',
    stop: async () => void (await container.stop()),
  };
}

async function startProgram(o: StartRedisOptions): Promise<StartedRedis> {
  const folder = ownFolder(undefined, 'redis');
  const logFile = path.join(folder.path, 'redis.log');
  for (let attempt = 1; ; attempt++) {
    const [port = 0] = o.port === undefined ? await freePorts(1) : [o.port];
    const server = ownProcess(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path],
        ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
      ],
      // Redis rewrites its own command line to "redis-server 127.0.0.1:<port>".
      { marker: `127.0.0.1:${port}`, logFile },
    );
    const up = await until(() => accepts({ port, host: '127.0.0.1' }), {
      withinMs: o.startDeadlineMs ?? 60_000,
      worthAsking: () => server.running,
    });
    if (up && server.running) {
      return {
        url: `redis://127.0.0.1:${port}`,
        pid: server.pid,
        via: 'program',
        async stop() {
          await server.stop(2_000);
          await folder.remove();
        },
      };
    }
    await server.kill();
    const log = logTail(logFile);
    if (/Address already in use/i.test(log) && attempt < startAttemptsMax) continue;
    await folder.remove();
    throw new InfrastructureError('infrastructure-start-failed', `redis-server did not start:\n${log}`);
  }
}
