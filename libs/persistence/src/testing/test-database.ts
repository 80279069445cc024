import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensurePostgres } from '@wardline/embedded-postgres';
import { migrate } from '../migrate.ts';
import type { ServiceSchema } from '../service-schema.ts';
import type { PersistenceLogger } from '../tenant-database.ts';

export interface TestDatabase {
  /** Superuser. */
  readonly adminUrl: string;
  /** The URL with which a role of the given services logs in. */
  url(role: string): string;
  stop(): Promise<void>;
}

const silent: PersistenceLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/**
 * A real PostgreSQL of its own in a temporary folder, with the given services migrated. Takes about a second. Call
 * `stop()` in `afterAll`; a watcher ends the server also when the test process is killed.
 */
export async function startTestDatabase(o: {
  services: readonly ServiceSchema[];
  logger?: PersistenceLogger;
}): Promise<TestDatabase> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-test-db-'));
  const postgres = await ensurePostgres({
    dataDir: path.join(dir, 'pg'),
    port: 0,
    // Nobody needs a test's data after a power cut.
    settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '32MB' },
  });
  const endWatch = watch(postgres.pid, dir);
  const stop = async (): Promise<void> => {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
    endWatch();
  };
  const roles = o.services.flatMap((s) => [s.role, ...(s.extraRoles ?? [])]);
  const rolePasswords = Object.fromEntries(roles.map((role) => [role, randomBytes(12).toString('hex')]));
  try {
    await migrate({
      adminUrl: postgres.adminUrl,
      services: o.services,
      rolePasswords,
      logger: o.logger ?? silent,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    adminUrl: postgres.adminUrl,
    url: (role) => {
      const password = rolePasswords[role];
      if (password === undefined)
        throw new Error(`${role} is no role of the services this database was started with`);
      return `postgresql://${role}:${password}@127.0.0.1:${postgres.port}/postgres`;
    },
    stop,
  };
}

/** A shell that waits for our end of its input to close, which happens however we die, and then ends the server. */
function watch(pid: number, dir: string): () => void {
  const script = 'read -r line; [ "$line" = done ] || { kill -QUIT "$0"; sleep 1; rm -rf "$1"; }';
  const watcher = spawn('sh', ['-c', script, String(pid), dir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  watcher.stdin.on('error', () => undefined); // The watcher may be gone first when everything is killed at once.
  return () => watcher.stdin.end('done\n');
}
