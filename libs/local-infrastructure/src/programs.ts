import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The file that a command would run, or undefined when it is not on the PATH. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return (env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((dir) => dir !== '')
    .map((dir) => path.join(dir, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        // Not in this folder: the next one is asked.
        return false;
      }
    });
}
