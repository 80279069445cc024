import type { Logger } from '@wardline/observability';
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from './config.ts';
import { freePorts } from './free-ports.ts';
import { endProcess, isOurs } from './orphans.ts';
import type { RunFile } from './run-file.ts';
import type { Secrets } from './secrets.ts';

const entry = path.join(checkout, 'services/carrier-simulator/src/main.ts');
const readyWithinMs = 30_000;

export interface SimulatedCarrier {
  readonly pid: number;
  readonly url: string;
  readonly adopted: boolean;
  close(): Promise<void>;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    // Nobody listens there: that is the answer.
    return false;
  }
}

/**
 * The carrier of a run without a real one: a program of its own that only knows the wire. It does not end with a killed
 * run, as a real carrier would not either: a run that finds it alive takes it over with its calls.
 */
export async function startSimulatedCarrier(o: {
  previous: RunFile['simulator'];
  secrets: Secrets['simulator'];
  webhookUrl: string;
  logDir: string;
  logger: Logger;
}): Promise<SimulatedCarrier> {
  if (o.previous && isOurs(o.previous.pid, entry)) {
    if (await answers(o.previous.url)) {
      o.logger.info('took over the simulated carrier of the last run', { pid: o.previous.pid });
      return opened(o.previous.pid, o.previous.url, true);
    }
    await endProcess(o.previous.pid, entry);
  }
  const [port] = await freePorts(1);
  const log = openSync(path.join(o.logDir, 'carrier-simulator.log'), 'a', 0o600);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      SIM_PORT: String(port),
      SIM_PRIVATE_KEY: o.secrets.privateKey,
      SIM_CONTROL_KEY: o.secrets.controlKey,
      SIM_WEBHOOK_URL: o.webhookUrl,
      TELNYX_API_KEY: o.secrets.apiKey,
    },
  });
  child.unref();
  const url = `http://127.0.0.1:${port}`;
  const pid = child.pid;
  if (!pid) throw new Error('the simulated carrier could not be started');
  for (const since = performance.now(); performance.now() - since < readyWithinMs; await sleep(50)) {
    if (await answers(url)) return opened(pid, url, false);
    if (child.exitCode !== null) break;
  }
  await endProcess(pid, entry, 0);
  throw new Error(`the simulated carrier did not start; see ${path.join(o.logDir, 'carrier-simulator.log')}`);
}

const opened = (pid: number, url: string, adopted: boolean): SimulatedCarrier => ({
  pid,
  url,
  adopted,
  close: () => endProcess(pid, entry),
});
