import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A process of the benchmark: takes `{ start }`, tells what it has done, and leaves with its figures. */
export interface Worker {
  readonly pid: number;
  send(message: unknown): void;
  /** The next message for which the test holds. */
  next<T>(test: (message: Record<string, unknown>) => boolean): Promise<T>;
  on(listener: (message: Record<string, unknown>) => void): void;
  end(): Promise<void>;
}

/**
 * @param profileDir writes a V8 CPU profile of the process there when it ends
 */
export async function startWorker(role: string, options: object, profileDir?: string): Promise<Worker> {
  const child: ChildProcess = fork(
    path.join(import.meta.dirname, 'processes', `${role}.ts`),
    [JSON.stringify(options)],
    {
      execArgv: [
        '--disable-warning=TimeoutNegativeWarning',
        ...(profileDir
          ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${role}.cpuprofile`]
          : []),
      ],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const listeners = new Set<(message: Record<string, unknown>) => void>();
  child.on('message', (message) => {
    for (const listener of listeners) listener(message as Record<string, unknown>);
  });
  const worker: Worker = {
    pid: child.pid ?? 0,
    send: (message) => void child.send(message as object),
    on: (listener) => void listeners.add(listener),
    next: <T>(test: (message: Record<string, unknown>) => boolean) =>
      new Promise<T>((resolve, reject) => {
        const onExit = (code: number | null) => reject(new Error(`the ${role} process ended with ${code}`));
        child.once('exit', onExit);
        const listener = (message: Record<string, unknown>) => {
          if (!test(message)) return;
          listeners.delete(listener);
          child.off('exit', onExit);
          resolve(message as T);
        };
        listeners.add(listener);
      }),
    async end() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.send({ end: true });
      await exited;
    },
  };
  await worker.next((message) => message['ready'] === true);
  return worker;
}
