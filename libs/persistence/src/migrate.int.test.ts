import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrate } from './migrate.ts';
import type { ServiceSchema } from './service-schema.ts';
import type { PersistenceLogger } from './tenant-database.ts';
import { startTestDatabase, type TestDatabase } from './testing/index.ts';

const quiet: PersistenceLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const password = 'a-password-for-tests';

let database: TestDatabase;
let dir: string;
let admin: pg.Client;
let count = 0;

beforeAll(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-migrations-'));
  database = await startTestDatabase({ services: [] });
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await database?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A service of its own per test, with these files. */
function service(files: Record<string, string>): ServiceSchema {
  const schema = `svc${++count}`;
  const migrationsDir = path.join(dir, schema);
  mkdirSync(migrationsDir);
  for (const [name, sql] of Object.entries(files)) writeFileSync(path.join(migrationsDir, name), sql);
  return { service: schema, schema, role: `wardline_${schema}`, migrationsDir, ownsEvents: false };
}

const run = (...services: ServiceSchema[]) =>
  migrate({
    adminUrl: database.adminUrl,
    services,
    rolePasswords: Object.fromEntries(services.map((s) => [s.role, password])),
    logger: quiet,
  });

async function asRole<T>(
  s: ServiceSchema,
  work: (client: pg.Client) => Promise<T>,
  pass = password,
): Promise<T> {
  const url = new URL(database.adminUrl);
  [url.username, url.password] = [s.role, pass];
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies files in the order of their numbers, once', async () => {
    const s = service({ '002-b.sql': 'alter table t add b int', '001-a.sql': 'create table t (a int)' });
    expect(await run(s)).toEqual({ applied: [`${s.schema}/001-a`, `${s.schema}/002-b`] });
    expect(await run(s)).toEqual({ applied: [] });
    writeFileSync(path.join(s.migrationsDir, '003-c.sql'), 'alter table t add c int');
    expect(await run(s)).toEqual({ applied: [`${s.schema}/003-c`] });
  });

  it('lets the role use what was created, and own none of it', async () => {
    const s = service({
      '001-a.sql': 'create table t (id bigint generated always as identity, a serial, b int)',
    });
    await run(s);
    await asRole(s, async (client) => {
      // The role finds its schema without naming it.
      await client.query('insert into t (b) values (1)');
      await client.query('update t set b = 2');
      expect((await client.query('select * from t')).rows).toEqual([{ id: '1', a: 1, b: 2 }]);
      await client.query('delete from t');
      for (const forbidden of [
        'drop table t',
        'alter table t disable row level security',
        'create table mine (id int)',
        'create table public.mine (id int)',
        'truncate t',
        'select * from migration_history',
        'create role friend',
        'set role postgres',
      ]) {
        await expect(client.query(forbidden)).rejects.toMatchObject({ code: '42501' });
      }
    });
  });

  it('gives every role UTC, and takes back rights that somebody gave it', async () => {
    const s = service({ '001-a.sql': 'create table t (a int)' });
    await run(s);
    await admin.query(`alter role ${s.role} with superuser bypassrls`);
    await run(s);
    const { rows } = await admin.query('select rolsuper, rolbypassrls from pg_roles where rolname = $1', [
      s.role,
    ]);
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
    await asRole(s, async (client) => {
      expect((await client.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }]);
    });
  });

  it('replaces the password at each run', async () => {
    const s = service({ '001-a.sql': 'create table t (a int)' });
    await run(s);
    await migrate({
      adminUrl: database.adminUrl,
      services: [s],
      rolePasswords: { [s.role]: 'another-one' },
      logger: quiet,
    });
    await expect(asRole(s, () => Promise.resolve())).rejects.toMatchObject({ code: '28P01' });
    expect(await asRole(s, () => Promise.resolve('in'), 'another-one')).toBe('in');
  });

  it('undoes a file that fails as a whole, keeps those before it, and names it', async () => {
    const s = service({
      '001-a.sql': 'create table t (a int)',
      '002-b.sql': 'create table u (a int); select nonsense',
    });
    await expect(run(s)).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringMatching(new RegExp(`${s.schema}/002-b failed.*nonsense`)) as string,
    });
    const tables = await admin.query(`select tablename from pg_tables where schemaname = $1 order by 1`, [
      s.schema,
    ]);
    expect(tables.rows.map((row: { tablename: string }) => row.tablename)).toEqual([
      'migration_history',
      't',
    ]);
    writeFileSync(path.join(s.migrationsDir, '002-b.sql'), 'create table u (a int)');
    expect((await run(s)).applied).toEqual([`${s.schema}/002-b`]);
  });

  it('refuses a database whose history is not that of the files', async () => {
    const s = service({ '001-a.sql': 'create table t (a int)', '002-b.sql': 'create table u (a int)' });
    await run(s);
    const file = path.join(s.migrationsDir, '001-a.sql');
    writeFileSync(file, 'create table t (a int, b int)');
    await expect(run(s)).rejects.toMatchObject({ code: 'migration-edited' });
    writeFileSync(file, 'create table t (a int)');
    renameSync(path.join(s.migrationsDir, '002-b.sql'), path.join(s.migrationsDir, '003-b.sql'));
    await expect(run(s)).rejects.toMatchObject({ code: 'migration-missing' });
  });

  it.each([
    ['1-a.sql', 'names are NNN-name.sql'],
    ['001_a.sql', 'names are NNN-name.sql'],
  ])('refuses a file named %s', async (name, problem) => {
    const s = service({ [name]: 'select 1' });
    await expect(run(s)).rejects.toThrow(problem);
  });

  it('lets many processes start at the same moment: the work is done once', async () => {
    const s = service({
      '001-a.sql': 'create table t (a int); select pg_sleep(0.05)',
      '002-b.sql': 'create table u (a int)',
    });
    const results = await Promise.all(Array.from({ length: 5 }, () => run(s)));
    expect(results.flatMap((result) => result.applied)).toEqual([`${s.schema}/001-a`, `${s.schema}/002-b`]);
  });

  it('says so when another process migrates for too long', async () => {
    const s = service({ '001-a.sql': 'create table t (a int)' });
    await admin.query('select pg_advisory_lock(7927345501)');
    try {
      const waiting = migrate({
        adminUrl: database.adminUrl,
        services: [s],
        rolePasswords: { [s.role]: password },
        logger: quiet,
        lockDeadlineMs: 50,
      });
      await expect(waiting).rejects.toMatchObject({ code: 'migration-locked' });
    } finally {
      await admin.query('select pg_advisory_unlock(7927345501)');
    }
  });

  it('keeps a role out of all schemas but its own', async () => {
    const [a, b] = [
      service({ '001-a.sql': 'create table t (a int)' }),
      service({ '001-a.sql': 'create table t (a int)' }),
    ];
    await run(a, b);
    await asRole(a, async (client) => {
      await expect(client.query(`select * from ${b.schema}.t`)).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('refuses to create a role without a password for it', async () => {
    const s = service({ '001-a.sql': 'select 1' });
    const bare = migrate({ adminUrl: database.adminUrl, services: [s], rolePasswords: {}, logger: quiet });
    await expect(bare).rejects.toThrow(`no password was given for role ${s.role}`);
  });
});
