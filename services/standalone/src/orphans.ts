import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** The command line of a process, or undefined when there is none (it ended, or is a zombie). */
export function commandOf(pid: number): string | undefined {
  try {
    const [state, ...command] = execFileSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return state?.startsWith('Z') ? undefined : command.join(' ');
  } catch {
    // ps ends with 1 for a process that does not exist, which is an answer.
    return undefined;
  }
}

/** A pid may have been given to another program since; only one that runs our code is ours. */
export const isOurs = (pid: number, marker: string) => commandOf(pid)?.includes(marker) ?? false;

/** Asks a process to end and insists after the grace period. */
export async function endProcess(pid: number, marker: string, graceMs = 3_000): Promise<void> {
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself in between.
    }
  };
  if (!isOurs(pid, marker)) return;
  send('SIGTERM');
  for (let waited = 0; waited < graceMs; waited += 50) {
    if (!isOurs(pid, marker)) return;
    await sleep(50);
  }
  send('SIGKILL');
}
