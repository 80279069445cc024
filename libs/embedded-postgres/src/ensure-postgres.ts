import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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
import { answers, freePort } from './probe.ts';
import { endServer, isAlive, isServerOf, readPidFile } from './processes.ts';
import { chooseRunAs, type RunAs } from './run-as.ts';
import { openLog, tail } from './server-log.ts';

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
  /** How long a new server may take until it can be used; recovery after a crash counts. Default 60,000. */
  readonly startDeadlineMs?: number;
  /** How long a server found running may take to answer before it is ended. Default 5,000. */
  readonly adoptDeadlineMs?: number;
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

const START_DEADLINE_MS = 60_000;
const START_ATTEMPTS_MAX = 5;

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
    const adopted = await adoptOrClear(cluster, password, o);
    if (adopted) return adopted;
    const runAs = chooseRunAs(locateBinaries(), cluster.parent, o.runAs);
    if (!isInitialised(cluster)) {
      o.logger?.info('creating the database', { dataDir: cluster.dataDir });
      await initialise(cluster, runAs, password, o.settings?.['fsync'] !== 'off');
    }
    const port = o.port === 0 ? await freePort() : o.port;
    const result = await startServer(cluster, runAs, port, password, o);
    if ('server' in result) return result.server;
    lastFailure = result.failure;
    // Another starter won, or children of a killed server still hold its shared memory: both pass within moments.
    if (!/^$|postmaster\.pid|shared memory|Address already in use/i.test(lastFailure)) break;
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
  o: EnsurePostgresOptions,
): Promise<EmbeddedPostgres | undefined> {
  const left = readPidFile(cluster.dataDir);
  if (!left) return undefined;
  if (isServerOf(left.pid, cluster.dataDir)) {
    const url = adminUrl(left.port, password);
    const deadlines = {
      silentMs: o.adoptDeadlineMs ?? 5000,
      startingMs: o.startDeadlineMs ?? START_DEADLINE_MS,
    };
    if (await answers(url, deadlines, () => isAlive(left.pid))) {
      o.logger?.info('adopted the running database', { pid: left.pid, port: left.port });
      return handle(left.pid, left.port, password, true);
    }
    o.logger?.warn('ended a database that did not answer', { pid: left.pid });
    await endServer(left.pid, { fastMs: 1000, immediateMs: 500 });
  }
  // A dead server's file PostgreSQL clears away itself. It stops only at a number that another program has now; looked at
  // again, because a starter beside us may have replaced the file since.
  const now = readPidFile(cluster.dataDir);
  if (now?.pid === left.pid && isAlive(now.pid))
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
  const deadlineMs = o.startDeadlineMs ?? START_DEADLINE_MS;
  const deadlines = { silentMs: deadlineMs, startingMs: deadlineMs };
  const ready = await answers(adminUrl(port, password), deadlines, () => !ended);
  // What answered may be the server of another starter that was given the same port: the pid file knows.
  if (ready && child.pid !== undefined && readPidFile(cluster.dataDir)?.pid === child.pid) {
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
