import { openSync, readFileSync, renameSync, statSync } from 'node:fs';

const LOG_BYTES_MAX = 5_000_000;

/** Opens the server's log for appending, keeping one older file when it has grown. */
export function openLog(file: string): { file: number; from: number } {
  let size = 0;
  try {
    size = statSync(file).size;
    if (size > LOG_BYTES_MAX) {
      renameSync(file, `${file}.1`);
      size = 0;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { file: openSync(file, 'a', 0o600), from: size };
}

/** The last lines written since byte `from`. */
export function tail(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString('utf8').trimEnd().split('\n').slice(-15).join('\n');
}
