import pg from 'pg';
import { Umzug, type UmzugStorage } from 'umzug';
import { MigrationError } from './errors.ts';
import { migrationsOf, type MigrationFile } from './migration-files.ts';
import { prepareDatabase, prepareRoles, prepareSchema } from './roles.ts';
import { assertSchemas, type ServiceSchema } from './service-schema.ts';
import type { PersistenceLogger } from './tenant-database.ts';

/** One number for all of Wardline: whoever holds it in a database is the one that migrates. */
const LOCK = 7_927_345_501;
export const HISTORY_TABLE = 'migration_history';

export interface MigrateOptions {
  /** A role that may create roles, schemas and extensions. It becomes the owner of everything. */
  readonly adminUrl: string;
  readonly services: readonly ServiceSchema[];
  /** Password per role name, extra roles included. */
  readonly rolePasswords: Readonly<Record<string, string>>;
  readonly logger: PersistenceLogger;
  /** How long to wait for another process that is migrating. Default 60,000. */
  readonly lockDeadlineMs?: number;
}

/**
 * Brings the schemas of the given services up to date: roles, schemas, then each service's SQL files that were not
 * applied yet, each file in one transaction together with its line in the history. Several processes may call it at the
 * same time; they take turns, and the later ones find nothing to do.
 *
 * @returns the applied files as `<schema>/<name>`
 * @throws MigrationError naming the file and what to do
 */
export async function migrate(o: MigrateOptions): Promise<{ applied: string[] }> {
  assertSchemas(o.services);
  const client = new pg.Client({ connectionString: o.adminUrl, application_name: 'wardline-migrate' });
  client.on('error', (error) => o.logger.warn('the migration connection was lost', { err: error }));
  await client.connect();
  try {
    await lock(client, o.lockDeadlineMs ?? 60_000);
    // Umzug gets the schemas one by one; roles come first for all, because migrations may grant to each other's.
    await prepareDatabase(client);
    for (const s of o.services) await prepareRoles(client, s, o.rolePasswords);
    const applied: string[] = [];
    for (const s of busFirst(o.services)) {
      await prepareSchema(client, s);
      const names = await migrateSchema(client, s);
      for (const name of names) o.logger.info('migration applied', { schema: s.schema, migration: name });
      applied.push(...names.map((name) => `${s.schema}/${name}`));
    }
    return { applied };
  } finally {
    // Ends the session and with it the lock.
    await client.end();
  }
}

/** The log's own tables first: what services' migrations refer to is then there. */
function busFirst(services: readonly ServiceSchema[]): ServiceSchema[] {
  return [...services].sort((a, b) => Number(b.schema === 'bus') - Number(a.schema === 'bus'));
}

async function lock(client: pg.Client, deadlineMs: number): Promise<void> {
  try {
    await client.query(`set lock_timeout = ${Math.trunc(deadlineMs)}`);
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query('set lock_timeout = 0');
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== '55P03') throw cause;
    throw new MigrationError(
      'migration-locked',
      `another process has been migrating this database for ${deadlineMs} ms; see application_name wardline-migrate ` +
        'in pg_stat_activity',
      { cause },
    );
  }
}

async function migrateSchema(client: pg.Client, s: ServiceSchema): Promise<string[]> {
  const history = `${pg.escapeIdentifier(s.schema)}.${HISTORY_TABLE}`;
  await client.query(
    `create table if not exists ${history}
       (name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );
  await client.query(`revoke all on ${history} from ${pg.escapeIdentifier(s.role)}`);
  const files = migrationsOf(s);
  await assertHistory(client, history, s, files);
  const storage: UmzugStorage = {
    executed: async () =>
      (await client.query<{ name: string }>(`select name from ${history}`)).rows.map((row) => row.name),
    // `up` has left its transaction open: the file's changes and this line commit together.
    logMigration: async ({ name }) => {
      const checksum = files.find((file) => file.name === name)?.checksum;
      await client.query(`insert into ${history} (name, checksum) values ($1, $2)`, [name, checksum]);
      await client.query('commit');
    },
    unlogMigration: () => Promise.reject(new Error('migrations only go forward')),
  };
  const umzug = new Umzug({
    storage,
    logger: undefined,
    migrations: files.map((file) => ({ name: file.name, up: () => begin(client, s, file) })),
  });
  try {
    return (await umzug.up()).map((migration) => migration.name);
  } catch (error) {
    await client.query('rollback');
    throw asMigrationError(error, s);
  }
}

/** Refuses to go on from a history that is not this code's: an applied file was changed, or is not there any more. */
async function assertHistory(
  client: pg.Client,
  history: string,
  s: ServiceSchema,
  files: readonly MigrationFile[],
): Promise<void> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `select name, checksum from ${history} order by name`,
  );
  for (const row of rows) {
    const file = byName.get(row.name);
    if (!file) {
      throw new MigrationError(
        'migration-missing',
        `${s.schema}/${row.name} was applied to this database, but the file is not here: this code is older than the ` +
          'database, or the file was renamed. Run the newer code, or restore the file.',
      );
    }
    if (file.checksum !== row.checksum) {
      throw new MigrationError(
        'migration-edited',
        `${s.schema}/${row.name} was changed after it had been applied. Restore it and write the change as a new file.`,
      );
    }
  }
}

async function begin(client: pg.Client, s: ServiceSchema, file: MigrationFile): Promise<void> {
  await client.query('begin');
  await client.query(`set local search_path = ${pg.escapeIdentifier(s.schema)}, extensions`);
  await client.query(file.sql);
}

function asMigrationError(error: unknown, s: ServiceSchema): MigrationError {
  const outer = error as { migration?: { name?: string }; cause?: unknown; message?: string };
  const inner = (outer.cause ?? error) as { message?: string; code?: string; hint?: string };
  const where = outer.migration?.name ?? 'a migration';
  const hint = inner.hint ? ` (${inner.hint})` : '';
  return new MigrationError(
    'migration-failed',
    `${s.schema}/${where} failed and was rolled back: ${inner.message ?? String(error)}${hint}`,
    { cause: error },
  );
}
