import { dataDirOf } from '@wardline/config';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');

const runFile = z.object({
  port: z.number().int(),
  publicUrl: z.string(),
  databaseAdminUrl: z.string(),
  simulator: z.object({ url: z.url(), controlKey: z.string() }).nullable(),
  /** What runs, by name; a process that ended and was started again has another pid. */
  processes: z.array(z.object({ name: z.string(), pid: z.number().int() })).default([]),
});

export type RunningCopy = z.infer<typeof runFile> & { readonly apiUrl: string };

export class NoRunningCopy extends Error {
  readonly code = 'no-running-copy';
}

/**
 * The copy of Wardline that this shell means: `WARDLINE_PORT` names it, `WARDLINE_DATA` may say where
 * it keeps what it knows of itself.
 * @throws NoRunningCopy with advice
 */
export function findRunningCopy(env: NodeJS.ProcessEnv = process.env): RunningCopy {
  const dataDir = dataDirOf(env, checkout);
  const file = path.join(dataDir, 'run.json');
  if (!existsSync(file)) {
    throw new NoRunningCopy(
      `Wardline is not running here (there is no ${file}). Start it with \`npm start\`, or set WARDLINE_DATA.`,
    );
  }
  const parsed = runFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new NoRunningCopy(`${file} is not understood: ${z.prettifyError(parsed.error)}`);
  const copy = parsed.data;
  const wanted = env['WARDLINE_PORT'];
  if (wanted !== undefined && Number(wanted) !== 0 && Number(wanted) !== copy.port) {
    throw new NoRunningCopy(
      `The copy in ${dataDir} listens on ${copy.port}, not on WARDLINE_PORT=${wanted}.`,
    );
  }
  return { ...copy, apiUrl: `http://127.0.0.1:${copy.port}/api/v1` };
}
