import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeathPoint, Order, ProcessConfig, Report } from './processes/process-config.ts';

export type ServiceKind = 'producer' | 'relay' | 'consumer';

export interface Service {
  readonly kind: ServiceKind;
  readonly config: ProcessConfig;
}

/**
 * Keeps processes running as a container orchestrator would: whatever ends is started again after a moment, whyever it
 * ended. It knows nothing of what they do.
 */
export interface Supervisor {
  /** Resolves when every process has said that it is ready. */
  start(): Promise<void>;
  /** Names of the processes of a kind that are up. */
  up(kind: ServiceKind): string[];
  /** SIGKILL. Gives the pid, or undefined when it is down already. */
  kill(name: string): number | undefined;
  /** Asks a consumer to kill itself at its next effect. Gives its pid when it has, undefined when it had none in time. */
  die(name: string, point: DeathPoint, deadlineMs: number): Promise<number | undefined>;
  /** Resolves when the process is up and ready. */
  ready(name: string): Promise<void>;
  /** Tells the processes of a kind to finish; those that do not within the time are killed. Gives the names of these. */
  stop(kind: ServiceKind, deadlineMs: number): Promise<string[]>;
  killAll(): void;
  /** How often a process ended without being killed by the drill. */
  readonly endedByThemselves: readonly string[];
  readonly rolledBack: number;
}

interface Running {
  readonly service: Service;
  child: ChildProcess | undefined;
  ready: PromiseWithResolvers<void>;
  isReady: boolean;
  killed: boolean;
  wanted: boolean;
  starts: number;
}

const RESTART_MS = 500;

export function createSupervisor(services: readonly Service[], logFile: string): Supervisor {
  const all = new Map(
    services.map((service): [string, Running] => [
      service.config.name,
      {
        service,
        child: undefined,
        ready: Promise.withResolvers(),
        isReady: false,
        killed: false,
        wanted: true,
        starts: 0,
      },
    ]),
  );
  const endedByThemselves: string[] = [];
  let rolledBack = 0;

  const get = (name: string): Running => {
    const running = all.get(name);
    if (!running) throw new RangeError(`no process ${name}`);
    return running;
  };
  const ofKind = (kind: ServiceKind): Running[] =>
    [...all.values()].filter(({ service }) => service.kind === kind);

  /** Whoever asks from now on waits for the next life. */
  function markDown(running: Running): void {
    if (running.isReady) running.ready = Promise.withResolvers();
    running.isReady = false;
  }

  function launch(running: Running): void {
    const { service } = running;
    running.starts += 1;
    running.killed = false;
    // Another seed for each life, or each would begin with the same choices.
    const config: ProcessConfig = { ...service.config, seed: service.config.seed + running.starts * 7_919 };
    const log = openSync(logFile, 'a');
    const file = fileURLToPath(new URL(`processes/${service.kind}.ts`, import.meta.url));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
      env: { ...process.env, WARDLINE_CHAOS: JSON.stringify(config) },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    running.child = child;
    child.on('error', () => undefined); // A message to a process that has just died; its exit follows.
    child.on('message', (report: Report) => {
      if (report.kind === 'rolled-back') rolledBack += report.count;
      else if (!running.killed) {
        running.isReady = true;
        running.ready.resolve();
      }
    });
    child.once('exit', (code, signal) => {
      running.child = undefined;
      markDown(running);
      if (!running.wanted) return;
      if (signal !== 'SIGKILL') endedByThemselves.push(`${config.name} (${signal ?? code})`);
      setTimeout(() => {
        if (running.wanted) launch(running);
      }, RESTART_MS).unref();
    });
  }

  const send = (child: ChildProcess, order: Order): void => {
    // It may be gone already; its exit is what counts.
    child.send(order, () => undefined);
  };
  const exited = (child: ChildProcess): Promise<void> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.once('exit', () => resolve()));

  return {
    endedByThemselves,
    get rolledBack() {
      return rolledBack;
    },
    async start() {
      for (const running of all.values()) launch(running);
      await Promise.all([...all.values()].map(({ ready }) => ready.promise));
    },
    up: (kind) => ofKind(kind).flatMap(({ isReady, service }) => (isReady ? [service.config.name] : [])),
    kill(name) {
      const running = get(name);
      const { child } = running;
      if (!child?.pid) return undefined;
      running.killed = true;
      markDown(running);
      child.kill('SIGKILL');
      return child.pid;
    },
    async die(name, point, deadlineMs) {
      const { child } = get(name);
      if (!child?.pid) return undefined;
      send(child, { kind: 'die', point });
      const timer = Promise.withResolvers<'late'>();
      const timeout = setTimeout(() => timer.resolve('late'), deadlineMs);
      const end = await Promise.race([exited(child), timer.promise]);
      clearTimeout(timeout);
      if (end === 'late') send(child, { kind: 'live' });
      return end === 'late' ? undefined : child.pid;
    },
    ready: (name) => get(name).ready.promise,
    async stop(kind, deadlineMs) {
      const late: string[] = [];
      await Promise.all(
        ofKind(kind).map(async (running) => {
          running.wanted = false;
          const { child } = running;
          if (!child) return;
          send(child, { kind: 'stop' });
          const timeout = setTimeout(() => {
            late.push(running.service.config.name);
            child.kill('SIGKILL');
          }, deadlineMs);
          await exited(child);
          clearTimeout(timeout);
        }),
      );
      return late;
    },
    killAll() {
      for (const running of all.values()) {
        running.wanted = false;
        running.child?.kill('SIGKILL');
      }
    },
  };
}
