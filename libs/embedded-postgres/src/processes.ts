import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface PidFile {
  readonly pid: number;
  readonly dataDir: string;
  readonly port: number;
}

/** Reads `postmaster.pid` (PostgreSQL manual, "Database File Layout": pid, folder, start time, port, …). */
export function readPidFile(dataDir: string): PidFile | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  const port = Number.parseInt(lines[3] ?? '', 10);
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  return { pid, dataDir: lines[1] ?? '', port: Number.isInteger(port) ? port : 0 };
}

/** Whether a process still runs. A zombie, which only waits for its parent to look, counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^\s*[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    // The process vanished between the two looks.
    return false;
  }
}

/** Whether this process is a PostgreSQL server of this data folder. Pids are reused: the number alone proves nothing. */
export function isServerOf(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  const command = commandLine(pid);
  const wanted = [dataDir, real(dataDir)];
  return (
    command.some((part) => /(^|\/)postgres$/.test(part)) && command.some((part) => wanted.includes(part))
  );
}

function real(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    // A folder that does not exist has no other name.
    return dir;
  }
}

function commandLine(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).split(
      /\s+/,
    );
  } catch {
    // No such process any more.
    return [];
  }
}

/** Waits until `condition` holds; false when it did not within `withinMs`. */
export async function waitUntil(condition: () => boolean, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > until) return false;
    await pause(15);
  }
  return true;
}

/**
 * Ends a server: SIGINT is PostgreSQL's fast shutdown (clients are cut off, data is flushed), SIGQUIT the immediate one
 * (the next start recovers from the log), SIGKILL the last resort.
 */
export async function endServer(pid: number, o: { fastMs: number; immediateMs?: number }): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', o.fastMs],
    ['SIGQUIT', o.immediateMs ?? 3000],
    ['SIGKILL', 3000],
  ];
  for (const [signal, waitMs] of steps) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    if (await waitUntil(() => !isAlive(pid), waitMs)) return;
  }
}
