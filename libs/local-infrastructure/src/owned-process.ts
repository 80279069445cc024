import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * A shell that turns into the program ("exec", so the pid is the program's own), after leaving behind a watcher that reads
 * a pipe from us. When we are gone, however we went, the pipe ends and the watcher kills the program. The pid could have
 * been given to somebody else when the program ended by itself, hence the look at its command line for the marker.
 */
const script = `
marker=$1; shift
exec 3<&0
(
  read -r _ <&3
  if [ -r /proc/$$/cmdline ]; then command=$(tr '\\0' ' ' </proc/$$/cmdline); else command=$(ps -o command= -p $$); fi
  case "$command" in *"$marker"*) kill -9 $$ ;; esac
) </dev/null >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
`;

export interface OwnedProcess {
  readonly pid: number;
  readonly running: boolean;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL after the grace period. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a server that does not outlive us. It runs in a session of its own, out of reach of the terminal's Ctrl-C, so that
 * its clients can finish first. `marker` must occur in its command line.
 */
export function ownProcess(
  program: string,
  args: readonly string[],
  o: { marker: string; logFile: string; cwd?: string; env?: NodeJS.ProcessEnv },
): OwnedProcess {
  const log = openSync(o.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', script, 'owned', o.marker, program, ...args], {
      detached: true,
      stdio: ['pipe', log, log],
      cwd: o.cwd,
      env: o.env ?? process.env,
    });
  } finally {
    closeSync(log);
  }
  // The pipe is only there to end; the watcher's going is no error.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const running = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  return {
    pid: child.pid ?? 0,
    get running() {
      return running();
    },
    ended,
    async kill() {
      if (running()) child.kill('SIGKILL');
      await ended;
    },
    async stop(graceMs) {
      if (!running()) return;
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(insist);
    },
  };
}

/** A folder of ours; a temporary one is removed with `remove()`, and also when we are killed before that. */
export interface OwnedFolder {
  readonly path: string;
  readonly temporary: boolean;
  remove(): Promise<void>;
}

const sweeper =
  'read -r _; for wait in 0 1 2 4; do sleep $wait; rm -rf -- "$1" && [ ! -e "$1" ] && exit 0; done';

export function ownFolder(dir: string | undefined, name: string): OwnedFolder {
  if (dir !== undefined) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return { path: path.resolve(dir), temporary: false, remove: async () => undefined };
  }
  const temporary = mkdtempSync(path.join(os.tmpdir(), `wardline-${name}-`));
  const child = spawn('/bin/sh', ['-c', sweeper, 'sweep', temporary], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin?.on('error', () => undefined);
  child.unref();
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return {
    path: temporary,
    temporary: true,
    async remove() {
      child.ref();
      child.stdin?.end();
      await ended;
    },
  };
}

/** The end of a server's log, for the error that says it did not start. */
export function logTail(file: string, lines = 20): string {
  try {
    const from = Math.max(0, statSync(file).size - 16_384);
    return readFileSync(file).subarray(from).toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    // No log was written: there is nothing to show.
    return '(no log)';
  }
}
