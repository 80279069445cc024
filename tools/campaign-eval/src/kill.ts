import { setTimeout as delay } from 'node:timers/promises';
import { findRunningCopy } from '@wardline/carrier-simulator/harness';

export const killable = ['telephony-gateway', 'campaigns'] as const;
export type Killable = (typeof killable)[number];

/** A service that was killed in the middle of the run, until it answered again. */
export interface Interruption {
  readonly service: string;
  readonly process: string;
  readonly atMs: number;
  readonly backMs: number;
}

/** Where services live that have no process of their own: with `npm start`. */
const shared: Record<Killable, string> = { 'telephony-gateway': 'realtime', campaigns: 'back-office' };
const backMsMax = 120_000;

/** The process that holds a service. @throws Error when none of them does. Pure. */
export function processOf<P extends { readonly name: string }>(
  service: Killable,
  processes: readonly P[],
): P {
  const found =
    processes.find(({ name }) => name === service) ?? processes.find(({ name }) => name === shared[service]);
  if (!found) throw new Error(`no process of this copy holds ${service}`);
  return found;
}

/**
 * kill -9 of the process that holds the service; resolves when its supervisor has started another one and `answers` says
 * that it does.
 * @throws Error when it is not back within two minutes
 */
export async function killService(service: Killable, answers: () => Promise<boolean>): Promise<Interruption> {
  const { name, pid } = processOf(service, findRunningCopy().processes);
  process.kill(pid, 'SIGKILL');
  const atMs = Date.now();
  for (; Date.now() - atMs < backMsMax; await delay(250)) {
    const now = processOf(service, findRunningCopy().processes);
    if (now.pid !== pid && (await answers())) return { service, process: name, atMs, backMs: Date.now() };
  }
  throw new Error(`${service} was killed and is not back after ${backMsMax / 1_000} s`);
}
