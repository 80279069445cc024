import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from '../config.ts';
import { readRunFile, type RunFile } from '../run-file.ts';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A whole platform, started as `npm start` does (or `npm run platform`), on free ports and in a folder of its own. Its
 * processes are real processes: they can be killed.
 */
export class RunningCopy {
  readonly dataDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #script: string;
  #supervisor: ChildProcess | undefined;
  output = '';

  constructor(env: NodeJS.ProcessEnv = {}, mode: RunFile['mode'] = 'embedded') {
    const script = mode === 'platform' ? 'platform.ts' : 'main.ts';
    this.#script = path.join(checkout, 'services/standalone/src', script);
    this.dataDir = mkdtempSync(path.join(tmpdir(), 'wardline-copy-'));
    this.#env = {
      ...process.env,
      WARDLINE_PORT: '0',
      WARDLINE_HOST: '127.0.0.1',
      ...env,
      WARDLINE_DATA: this.dataDir,
    };
  }

  get run(): RunFile {
    const run = readRunFile(this.dataDir);
    if (!run) throw new Error(`no running copy in ${this.dataDir}:\n${this.output}`);
    return run;
  }

  get supervisorPid(): number | undefined {
    return this.#supervisor?.pid;
  }

  /** Resolves when it has said that it is ready; rejects with what it said when it ended before. */
  async start(port?: number): Promise<void> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', this.#script], {
      env: { ...this.#env, ...(port === undefined ? {} : { WARDLINE_PORT: String(port) }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#supervisor = child;
    this.output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (this.output += text.toString()));
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => {
        if (this.output.includes('Wardline is ready')) resolve();
      });
      child.once('exit', (code) =>
        reject(new Error(`ended with ${code}:\n${this.output}\n${this.#lastWords()}`)),
      );
    });
  }

  /** The end of the log that the supervisor points at: the folder is gone when somebody reads the failure. */
  #lastWords(): string {
    const [, file] = /^see (.+\.log)$/m.exec(this.output) ?? [];
    return file && existsSync(file) ? readFileSync(file, 'utf8').slice(-2_000) : '';
  }

  /** SIGTERM, as Ctrl-C would; resolves with the exit code and how long it took. */
  async stop(): Promise<{ code: number | null; ms: number }> {
    const child = this.#supervisor;
    if (!child || child.exitCode !== null || child.signalCode !== null)
      return { code: child?.exitCode ?? null, ms: 0 };
    const started = performance.now();
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill('SIGTERM');
    return { code: await ended, ms: performance.now() - started };
  }

  /** kill -9 of every process of ours, Postgres included; the simulated carrier lives on. */
  async killAll(): Promise<void> {
    const run = this.run;
    const postmaster = Number(
      readFileSync(path.join(this.dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0],
    );
    const pids = [run.pid, ...run.processes.map(({ pid }) => pid), postmaster];
    const ended = this.#supervisor && new Promise((resolve) => this.#supervisor?.once('exit', resolve));
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went down with one of the others.
      }
    }
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Runs one of the command line tools against this copy. */
  command(script: string, args: readonly string[]): Promise<CommandResult> {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', path.join(checkout, script), ...args],
      {
        env: { ...this.#env, WARDLINE_PORT: String(this.run.port) },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    return new Promise((resolve) => child.once('exit', (code) => resolve({ code, stdout, stderr })));
  }

  call(...args: string[]): Promise<CommandResult> {
    return this.command('services/carrier-simulator/src/cli/call.ts', args);
  }

  events(...args: string[]): Promise<CommandResult> {
    return this.command('tools/cli/events.ts', args);
  }
}

/** Waits for something to become true, looking again and again; the bound is for what never does. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 90_000,
): Promise<T> {
  for (const since = performance.now(); performance.now() - since < withinMs; await sleep(100)) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}
