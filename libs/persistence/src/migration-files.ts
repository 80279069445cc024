import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MigrationError } from './errors.ts';
import { ownsEvents, type ServiceSchema } from './service-schema.ts';

export interface MigrationFile {
  /** `001-calls`, or `event-bus/001-outbox` for one that several services share. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file as written, line ends aside. */
  readonly checksum: string;
}

/** The event bus's tables are part of every service's schema; its files lie beside its code and are found by place. */
const sharedDir = fileURLToPath(new URL('../../event-bus/migrations/service', import.meta.url));

/** A schema's migrations in order: those shared by all services, then its own. */
export function migrationsOf(s: ServiceSchema): MigrationFile[] {
  const shared = ownsEvents(s) && existsSync(sharedDir) ? readFolder(sharedDir, 'event-bus/') : [];
  const fill = (file: MigrationFile): MigrationFile => ({
    ...file,
    sql: file.sql.replaceAll('{{schema}}', s.schema).replaceAll('{{role}}', s.role),
  });
  return [...shared, ...readFolder(s.migrationsDir, '')].map(fill);
}

function readFolder(dir: string, prefix: string): MigrationFile[] {
  if (!existsSync(dir)) throw new MigrationError('migration-invalid', `there is no migrations folder ${dir}`);
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const numbers = new Set<string>();
  return names.map((name) => {
    const number = /^(\d{3})-[a-z0-9-]+\.sql$/.exec(name)?.[1];
    if (number === undefined || numbers.has(number)) {
      throw new MigrationError(
        'migration-invalid',
        `${path.join(dir, name)}: names are NNN-name.sql, each number once`,
      );
    }
    numbers.add(number);
    const text = readFileSync(path.join(dir, name), 'utf8').replaceAll('\r\n', '\n');
    const checksum = createHash('sha256').update(text).digest('hex');
    return { name: prefix + name.slice(0, -'.sql'.length), sql: text, checksum };
  });
}
