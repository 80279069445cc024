import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Node runs on.

/** CPU seconds, user and system, that a process has used until now; 0 when it is gone or this is not Linux. */
export function cpuSecondsOf(pid: number): number {
  try {
    // proc(5): after the name, which may hold anything but ends with the last parenthesis, field 3 is next.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0; // Gone between being listed and being read.
  }
}

/** The same of a process and all its living children, and of children that were waited for. */
export function cpuSecondsOfFamily(pid: number): number {
  let sum = cpuSecondsOf(pid);
  let pids: string[] = [];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return 0; // Not Linux.
  }
  for (const other of pids) {
    try {
      const [, parent] = readFileSync(`/proc/${other}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      if (Number(parent) === pid) sum += cpuSecondsOf(Number(other));
    } catch {
      continue; // As above.
    }
  }
  return sum;
}
