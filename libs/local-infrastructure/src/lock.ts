import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** One process after the other, by a file that names its holder; a holder that died or takes too long holds it no more. */
export async function withLock(file: string, heldMsMax: number, work: () => Promise<void>): Promise<void> {
  for (const since = performance.now(); ; await pause(200)) {
    try {
      const fd = openSync(file, 'wx');
      writeFileSync(fd, String(process.pid));
      closeSync(fd);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!isHolderAlive(file) || performance.now() - since > heldMsMax) rmSync(file, { force: true });
    }
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function isHolderAlive(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8');
    // The holder has made the file and not yet written its number.
    if (text === '') return true;
    process.kill(Number(text), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
