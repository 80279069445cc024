import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { locateBinaries } from './binaries.ts';
import {
  clusterAt,
  initialise,
  isInitialised,
  serverEnv,
  superuserPassword,
  type Cluster,
} from './cluster.ts';
import { PostgresError } from './errors.ts';
import { endServer, isAlive, isServerOf, readPidFile } from './processes.ts';
import { chooseRunAs, type RunAs } from './run-as.ts';

/** What this library says while it works; any structured logger fits. */
export interface PostgresLogger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface EnsurePostgresOptions {
  /** PostgreSQL's data folder; created with its parents (0700) when it is not there. */
  readonly dataDir: string;
  /** Wanted port on 127.0.0.1; 0 takes a free one. An adopted server keeps the port it has. */
  readonly port: number;
  readonly logger?: PostgresLogger;
  /** Extra server settings (`postgresql.conf` names), such as `{ fsync: 'off' }` for throw-away databases. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly startDeadlineMs?: number;
  /** How the server is run when we are root; chosen by trying when not given. */
  readonly runAs?: RunAs['kind'];
}

export interface EmbeddedPostgres {
  /** `postgresql://postgres:…@127.0.0.1:<port>/postgres`: a superuser. Contains a secret. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  /** True when the server was running already, left behind by a run that was killed. */
  readonly adopted: boolean;
  /** Fast shutdown; idempotent. Clients still connected are cut off. */
  stop(): Promise<void>;
}

const START_ATTEMPTS_MAX = 5;
const LOG_BYTES_MAX = 5_000_000;

/**
 * Gives a running PostgreSQL on a data folder: the one that runs there already, or a new one.
 *
 * The server lives in its own session, so Ctrl-C in a terminal reaches only us and services can finish their work
 * before `stop()` ends it. It also survives our own death by SIGKILL; the next call adopts it.
 *
 * @throws PostgresError saying what to do, with the last lines of the server's log.
 */
export async function ensurePostgres(o: EnsurePostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = clusterAt(o.dataDir);
  mkdirSync(cluster.parent, { recursive: true, mode: 0o700 });
  const password = superuserPassword(cluster);
  let lastFailure = '';
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt++) {
    const adopted = await adoptOrClear(cluster, password, o.logger);
    if (adopted) return adopted;
    const runAs = chooseRunAs(locateBinaries(), cluster.parent, o.runAs);
    if (!isInitialised(cluster)) {
      o.logger?.info('creating the database', { dataDir: cluster.dataDir });
      await initialise(cluster, runAs, password);
    }
    const port = o.port === 0 ? await freePort() : o.port;
    const result = await startServer(cluster, runAs, port, password, o);
    if ('server' in result) return result.server;
    lastFailure = result.failure;
    // Another starter won, or children of a killed server still hold its shared memory: both pass within moments.
    if (!/postmaster\.pid|shared memory|Address already in use/i.test(lastFailure)) break;
    if (o.port !== 0 && /Address already in use/i.test(lastFailure)) break;
    await pause(100 * 2 ** attempt);
  }
  throw new PostgresError(
    'postgres-start-failed',
    `PostgreSQL on ${cluster.dataDir} did not start. The end of ${cluster.logFile}:\n${lastFailure}`,
  );
}

async function adoptOrClear(
  cluster: Cluster,
  password: string,
  logger: PostgresLogger | undefined,
): Promise<EmbeddedPostgres | undefined> {
  const left = readPidFile(cluster.dataDir);
  if (!left) return undefined;
  if (isServerOf(left.pid, cluster.dataDir)) {
    if (left.port > 0 && (await answers(adminUrl(left.port, password), 5000, () => isAlive(left.pid)))) {
      logger?.info('adopted the running database', { pid: left.pid, port: left.port });
      return handle(left.pid, left.port, password, true);
    }
    logger?.warn('ended a database that did not answer', { pid: left.pid });
    await endServer(left.pid, { fastMs: 3000 });
  }
  // Only a server of this folder may own this file, and none runs: what it names now is another program.
  rmSync(path.join(cluster.dataDir, 'postmaster.pid'), { force: true });
  return undefined;
}

async function startServer(
  cluster: Cluster,
  runAs: RunAs,
  port: number,
  password: string,
  o: EnsurePostgresOptions,
): Promise<{ server: EmbeddedPostgres } | { failure: string }> {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements and DETAIL lines carry column values, which are about people; SQL errors reach the client anyway.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...o.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = runAs.command(runAs.binaries.postgres, ['-D', cluster.dataDir, ...flags]);
  const { file: log, from } = openLog(cluster.logFile);
  let child: ChildProcess;
  try {
    child = spawn(command.file, command.args, {
      ...command.options,
      env: serverEnv(),
      // The data folder may be unreadable to another user's cwd; "/" never is.
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
  let ended = false;
  let spawnFailure = '';
  child.once('exit', () => (ended = true));
  child.once('error', (error) => {
    ended = true;
    spawnFailure = error.message;
  });
  child.unref();
  const ready = await answers(adminUrl(port, password), o.startDeadlineMs ?? 60_000, () => !ended);
  if (ready && child.pid !== undefined && !ended) {
    o.logger?.info('database started', { pid: child.pid, port });
    return { server: handle(child.pid, port, password, false) };
  }
  if (!ended && child.pid !== undefined) await endServer(child.pid, { fastMs: 1000 });
  return { failure: spawnFailure || tail(cluster.logFile, from) };
}

function handle(pid: number, port: number, password: string, adopted: boolean): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  return {
    adminUrl: adminUrl(port, password),
    port,
    pid,
    adopted,
    stop: () => (stopping ??= endServer(pid, { fastMs: 8000 })),
  };
}

function adminUrl(port: number, password: string): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/** Whether a client can log in and ask, trying until the deadline or until `worthTrying` says no. */
async function answers(url: string, withinMs: number, worthTrying: () => boolean): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (worthTrying() && performance.now() < until) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => {
      // A connection cut off while the server still starts; the attempt itself reports what matters.
    });
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      // Not listening yet, or still starting up: asked again below.
      await pause(25);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

/** Opens the server's log for appending, keeping one older file when it has grown. */
function openLog(file: string): { file: number; from: number } {
  let size = 0;
  try {
    size = statSync(file).size;
    if (size > LOG_BYTES_MAX) {
      renameSync(file, `${file}.1`);
      size = 0;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { file: openSync(file, 'a', 0o600), from: size };
}

function tail(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString('utf8').trimEnd().split('\n').slice(-15).join('\n');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
