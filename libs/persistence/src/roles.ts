import pg from 'pg';
import { MigrationError } from './errors.ts';
import { scramVerifier } from './scram.ts';
import type { ServiceSchema } from './service-schema.ts';

const id = pg.escapeIdentifier;

/** The event bus's relay reads every service's outbox; shared migrations grant to this role, so it always exists. */
export const BUS_ROLE = 'wardline_bus';

/** Where extensions live: their functions are for all services, their names in nobody's schema. */
const EXTENSIONS_SCHEMA = 'extensions';

/** Creates what belongs to the whole database: extensions, and the role that shared migrations name. */
export async function prepareDatabase(client: pg.Client): Promise<void> {
  await client.query(`create schema if not exists ${EXTENSIONS_SCHEMA}`);
  await client.query(`create extension if not exists btree_gist schema ${EXTENSIONS_SCHEMA}`);
  await client.query(`revoke create on schema public from public`);
  if (!(await roleExists(client, BUS_ROLE))) await client.query(`create role ${id(BUS_ROLE)} nologin`);
}

/**
 * Creates or corrects a service's login roles: they can log in and nothing else. A role that somebody made a superuser
 * or let bypass row-level security is put right here, at every start.
 */
export async function prepareRoles(
  client: pg.Client,
  s: ServiceSchema,
  passwords: Readonly<Record<string, string>>,
): Promise<void> {
  for (const role of [s.role, ...(s.extraRoles ?? [])]) {
    const password = passwords[role];
    if (password === undefined)
      throw new MigrationError('migration-invalid', `no password was given for role ${role}`);
    const verb = (await roleExists(client, role)) ? 'alter' : 'create';
    await client.query(
      `${verb} role ${id(role)} with login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit
       password ${pg.escapeLiteral(scramVerifier(password))}`,
    );
    await client.query(`alter role ${id(role)} set search_path = ${id(s.schema)}, ${EXTENSIONS_SCHEMA}`);
    // Prisma's adapter reads and writes times without an offset: a session must be in UTC.
    await client.query(`alter role ${id(role)} set timezone = 'UTC'`);
  }
}

/**
 * Creates a service's schema. Its role may read and write the rows of all its tables, also of those made later; it owns
 * nothing, so it can neither change a table nor its policies. Other roles get nothing but what migrations grant.
 */
export async function prepareSchema(client: pg.Client, s: ServiceSchema): Promise<void> {
  const schema = id(s.schema);
  const role = id(s.role);
  const all = [s.role, ...(s.extraRoles ?? [])].map(id).join(', ');
  await client.query(`create schema if not exists ${schema}`);
  await client.query(`revoke all on schema ${schema} from public`);
  await client.query(`grant usage on schema ${schema} to ${all}`);
  await client.query(`grant usage on schema ${EXTENSIONS_SCHEMA} to ${all}`);
  await client.query(
    `alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${role}`,
  );
  await client.query(
    `alter default privileges in schema ${schema} grant usage, select on sequences to ${role}`,
  );
}

async function roleExists(client: pg.Client, role: string): Promise<boolean> {
  return (await client.query('select 1 from pg_roles where rolname = $1', [role])).rowCount === 1;
}
