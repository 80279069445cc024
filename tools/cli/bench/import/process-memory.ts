import { dataDirOf } from '@wardline/config';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
const SAMPLE_MS = 200;

/** Where the service campaigns runs: in the back office of `npm start`, by itself in `npm run platform`. */
const names = ['campaigns', 'back-office'];

export interface HoldingProcess {
  readonly name: string;
  readonly pid: number;
}

/** The process of the running copy that holds the service campaigns, by what the copy has written down of itself. */
export function processOfCampaigns(env: NodeJS.ProcessEnv = process.env): HoldingProcess {
  const file = path.join(dataDirOf(env, checkout), 'run.json');
  const { processes } = JSON.parse(readFileSync(file, 'utf8')) as { processes: HoldingProcess[] };
  const found = names.flatMap((name) => processes.filter((p) => p.name === name))[0];
  if (!found) throw new Error(`${file} names no process that holds campaigns`);
  return found;
}

/** Resident memory of a process in MB (2^20), as Linux counts it. */
export function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kb === undefined) throw new Error(`process ${pid} has no resident memory any more`);
  return Math.round(Number(kb) / 1024);
}

export interface MemoryWatch {
  /** The most that a sample saw. */
  stop(): number;
}

export function watchMemory(pid: number): MemoryWatch {
  let peak = residentMb(pid);
  let lost: unknown;
  const timer = setInterval(() => {
    try {
      peak = Math.max(peak, residentMb(pid));
    } catch (error) {
      // Thrown to whoever asks: a process that ended in the middle was not measured.
      lost = error;
    }
  }, SAMPLE_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      if (lost) throw lost;
      return Math.max(peak, residentMb(pid));
    },
  };
}
