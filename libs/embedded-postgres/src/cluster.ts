import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { PostgresError } from './errors.ts';
import type { RunAs } from './run-as.ts';

/** The files around one data folder. All lie in its parent, so that the data folder itself is PostgreSQL's alone. */
export interface Cluster {
  readonly dataDir: string;
  readonly parent: string;
  readonly passwordFile: string;
  readonly logFile: string;
}

export function clusterAt(dataDir: string): Cluster {
  const absolute = path.resolve(dataDir);
  const parent = path.dirname(absolute);
  const name = path.basename(absolute);
  return {
    dataDir: absolute,
    parent,
    passwordFile: path.join(parent, `${name}.superuser-password`),
    logFile: path.join(parent, `${name}.server.log`),
  };
}

export function isInitialised(cluster: Cluster): boolean {
  return existsSync(path.join(cluster.dataDir, 'PG_VERSION'));
}

/**
 * The superuser's password, made on first use. It comes into being whole and only once (a link either succeeds or finds
 * the other starter's file), so two processes that start together agree on it.
 */
export function superuserPassword(cluster: Cluster): string {
  if (!existsSync(cluster.passwordFile)) {
    if (isInitialised(cluster)) {
      throw new PostgresError(
        'postgres-password-lost',
        `${cluster.dataDir} exists, but its password file ${cluster.passwordFile} is gone. Restore it from a backup, or ` +
          'move the data folder away to start with an empty database.',
      );
    }
    const draft = `${cluster.passwordFile}.${process.pid}`;
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(draft, cluster.passwordFile);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return readFileSync(cluster.passwordFile, 'utf8').trim();
}

/**
 * Creates the data folder. initdb works in a draft folder that is renamed when it is complete: an interrupted
 * initialisation leaves nothing that looks like a database. `durable: false` does not wait for the disk.
 */
export async function initialise(
  cluster: Cluster,
  runAs: RunAs,
  password: string,
  durable = true,
): Promise<void> {
  mkdirSync(cluster.parent, { recursive: true, mode: 0o700 });
  const draft = mkdtempSync(`${cluster.dataDir}.new-`);
  try {
    const data = path.join(draft, 'data');
    const passwordFile = path.join(draft, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    mkdirSync(data, { mode: 0o700 });
    if (runAs.owner) {
      for (const file of [draft, data, passwordFile]) chownSync(file, runAs.owner.uid, runAs.owner.gid);
    }
    await run(runAs, runAs.binaries.initdb, [
      ...[
        '-D',
        data,
        '-U',
        'postgres',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
      ],
      // PostgreSQL's own C.UTF-8: sorts and compares the same on every machine, whatever locales are installed.
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...['--no-instructions', ...(durable ? [] : ['--no-sync'])],
    ]);
    try {
      renameSync(data, cluster.dataDir);
      chmodSync(cluster.dataDir, 0o700);
    } catch (error) {
      // Another starter was faster; its folder has the same password and serves as well.
      if (!isInitialised(cluster)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function run(runAs: RunAs, program: string, args: readonly string[]): Promise<void> {
  const { file, args: full, options } = runAs.command(program, args);
  const child = spawn(file, full, { ...options, env: serverEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new PostgresError('postgres-init-failed', `initdb ended with ${code}:\n${output.trim()}`);
  }
}

/** The environment without what would steer a PostgreSQL program (PGDATA, PGPORT, …) or its messages' language. */
export function serverEnv(): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
  return { ...env, LC_ALL: 'C', TZ: 'UTC' };
}
