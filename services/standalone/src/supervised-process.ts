import type { Logger } from '@wardline/observability';
import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import path from 'node:path';

export interface SupervisedProcessOptions {
  readonly name: string;
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Nobody on the phone waits for it; see `ProcessPlan`. */
  readonly inBackground?: boolean;
  readonly logDir: string;
  readonly logger: Logger;
  /** Called after each (re)start with the new pid. */
  readonly onPid?: (pid: number) => void;
}

const readyWithinMs = 120_000;
const backoffMs = { first: 200, max: 5_000, resetAfter: 20_000 };
const logBytesMax = 50 * 1024 * 1024;

/**
 * With a limit of several gigabytes, its default on a machine that has them, V8 lets garbage grow to four times of what is
 * alive, beside 120 MB for young objects (Node 24.21), and keeps both. Limits that are still far above the need make it
 * collect sooner, for a tenth more processor time (measured: importing and registering 50,000 recipients).
 */
const backgroundFlags = ['--max-semi-space-size=8', '--max-old-space-size=512'];
/** Nice values more than ours: where processors are short, a third of what the others get. */
const BACKGROUND_NICER = 5;

/**
 * One of our processes, started again whenever it ends without having been asked to. It says `{ ready: true }` over IPC
 * when it is; the IPC channel also tells it when the supervisor itself has died, so that it does not live on alone.
 */
export function superviseProcess(o: SupervisedProcessOptions) {
  let child: ChildProcess | undefined;
  let stopping = false;
  let startedAt = 0;
  let backoff = backoffMs.first;
  let restartTimer: NodeJS.Timeout | undefined;

  const logFile = path.join(o.logDir, `${o.name}.log`);
  if (existsSync(logFile) && statSync(logFile).size > logBytesMax) renameSync(logFile, `${logFile}.old`);
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });

  /** Starts it once; resolves when it is ready, rejects when it ends before. */
  function launch(): Promise<void> {
    startedAt = performance.now();
    const started = fork(o.entry, [], {
      env: o.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // The second one is kafkajs', which sets a timer for a time that has passed.
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        '--disable-warning=TimeoutNegativeWarning',
        ...(o.inBackground ? backgroundFlags : []),
      ],
    });
    child = started;
    if (o.inBackground) yieldToOthers(started);
    let lastWords = '';
    started.stdout?.on('data', (text: Buffer) => log.write(text));
    started.stderr?.on('data', (text: Buffer) => {
      lastWords = (lastWords + text.toString()).slice(-4_000);
      log.write(text);
    });
    if (started.pid) o.onPid?.(started.pid);
    return new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`${o.name} was not ready within ${readyWithinMs / 1000} s; see ${logFile}`)),
        readyWithinMs,
      );
      started.on('message', (message) => {
        if ((message as { ready?: boolean }).ready) {
          clearTimeout(late);
          resolve();
        }
      });
      started.once('error', reject);
      started.once('exit', (code, signal) => {
        clearTimeout(late);
        reject(
          new Error(`${o.name} ended (${signal ?? code}) before it was ready\n${lastWords}\nsee ${logFile}`),
        );
        onExit(code, signal);
      });
    });
  }

  /** At once: on Linux, threads have priorities of their own, and those that it starts from now on take over this one. */
  function yieldToOthers({ pid }: ChildProcess): void {
    if (pid === undefined) return;
    try {
      setPriority(pid, Math.min(getPriority() + BACKGROUND_NICER, constants.priority.PRIORITY_LOW));
    } catch (err) {
      // It has ended already, or we may not: either way it works as well as before.
      o.logger.debug('a process keeps its priority', { process: o.name, err });
    }
  }

  function onExit(code: number | null, signal: NodeJS.Signals | null): void {
    child = undefined;
    if (stopping) return;
    if (performance.now() - startedAt > backoffMs.resetAfter) backoff = backoffMs.first;
    o.logger.warn('a process ended and is started again', {
      process: o.name,
      code,
      signal,
      afterMs: backoff,
    });
    restartTimer = setTimeout(() => {
      launch().then(
        () => o.logger.info('a process is back', { process: o.name }),
        // Its exit has been seen already and leads to the next attempt.
        (err: unknown) => o.logger.error('a process did not come back', { process: o.name, err }),
      );
    }, backoff);
    backoff = Math.min(backoff * 2, backoffMs.max);
  }

  return {
    name: o.name,
    /** The first start: a process that cannot even start once is a reason to give up, not to try for ever. */
    async start(): Promise<void> {
      try {
        await launch();
      } catch (err) {
        stopping = true;
        clearTimeout(restartTimer);
        child?.kill('SIGKILL');
        throw err;
      }
    },
    async close(graceMs = 6_000): Promise<void> {
      stopping = true;
      clearTimeout(restartTimer);
      const running = child;
      if (running && running.exitCode === null) {
        const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
        running.kill('SIGTERM');
        const insist = setTimeout(() => running.kill('SIGKILL'), graceMs);
        await ended;
        clearTimeout(insist);
      }
      await new Promise<void>((resolve) => log.end(() => resolve()));
    },
    get pid(): number | undefined {
      return child?.pid;
    },
  };
}

export type SupervisedProcess = ReturnType<typeof superviseProcess>;
