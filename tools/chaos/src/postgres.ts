import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensurePostgres, type EmbeddedPostgres } from '@wardline/embedded-postgres';
import { busSchema } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import { migrate } from '@wardline/persistence';
import { chaosSchema } from './schema.ts';

/** A PostgreSQL of the drill's own that can be killed and comes back on the same port. */
export interface DrillPostgres {
  readonly adminUrl: string;
  url(role: string): string;
  /** Ends the server, keeps it away for a while, starts it again; resolves when it answers. Gives the pid that ended. */
  restart(how: 'SIGKILL' | 'fast', awayMs: number): Promise<number>;
  stop(): Promise<void>;
}

const settings = {
  // A killed process loses nothing it has handed to the kernel; only a power cut would, and none is drilled.
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  // The judge measures from commit to commit.
  track_commit_timestamp: 'on',
};

export async function startPostgres(logger: Logger): Promise<DrillPostgres> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-chaos-'));
  const dataDir = path.join(dir, 'pg');
  let server: EmbeddedPostgres = await ensurePostgres({ dataDir, port: 0, settings });
  const { adminUrl, port } = server;
  const endWatch = watch(dir);
  const services = [busSchema, chaosSchema];
  const roles = services.flatMap((s) => [s.role, ...(s.extraRoles ?? [])]);
  const passwords = Object.fromEntries(roles.map((role) => [role, randomBytes(12).toString('hex')]));
  let changing: Promise<unknown> = Promise.resolve();

  async function restart(how: 'SIGKILL' | 'fast', awayMs: number): Promise<number> {
    const { pid } = server;
    if (how === 'SIGKILL') process.kill(pid, 'SIGKILL');
    else await server.stop();
    await pause(awayMs);
    server = await ensurePostgres({ dataDir, port, settings });
    return pid;
  }

  const stop = async (): Promise<void> => {
    await changing.catch(() => undefined); // Whoever asked for the change has been told of its failure.
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
    endWatch();
  };
  try {
    await migrate({ adminUrl, services, rolePasswords: passwords, logger });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    adminUrl,
    url: (role) => `postgresql://${role}:${passwords[role]}@127.0.0.1:${port}/postgres`,
    restart(how, awayMs) {
      const restarted = restart(how, awayMs);
      changing = restarted;
      return restarted;
    },
    stop,
  };
}

/** A shell that ends the server when the drill itself is killed: its end of our pipe closes then. */
function watch(dir: string): () => void {
  const script =
    'read -r line; [ "$line" = done ] || { kill -QUIT "$(head -n 1 "$0/pg/postmaster.pid")"; sleep 1; rm -rf "$0"; }';
  const watcher = spawn('sh', ['-c', script, dir], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.unref();
  watcher.stdin.on('error', () => undefined); // The watcher may be gone first when everything is killed at once.
  return () => watcher.stdin.end('done\n');
}
