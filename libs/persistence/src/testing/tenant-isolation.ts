import pg from 'pg';
import { HISTORY_TABLE } from '../migrate.ts';
import type { ServiceSchema } from '../service-schema.ts';
import { columnsOf, sampleInsert } from './sample-row.ts';
import type { TestDatabase } from './test-database.ts';

export interface TenantIsolationOptions {
  readonly schema: ServiceSchema;
  /** The database, once `beforeAll` has started it. */
  readonly database: () => TestDatabase;
  /** Tables that have no tenant, on purpose: reference data that is the same for all. */
  readonly withoutTenant?: readonly string[];
  /** Other schemas' tables the role may read, as `schema.table`. */
  readonly mayRead?: readonly string[];
  /**
   * SQL expressions for columns whose constraints a generated value would violate:
   * `{ call: { state: "'ringing'" } }`. Foreign keys and triggers are off while the rows are made.
   */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const tenantA = '01930000-0000-7000-8000-0000000000aa';
const tenantB = '01930000-0000-7000-8000-0000000000bb';

interface Table {
  readonly name: string;
  readonly qualified: string;
  readonly hasTenant: boolean;
  readonly tenantNullable: boolean;
  readonly rls: boolean;
  readonly forced: boolean;
  readonly owner: string;
  /** Whether the role may read it at all; an outbox, for one, is only written. */
  readonly readable: boolean;
}

/**
 * Conformance of a service's schema with the rule that nobody sees another hospital's data. Call it in an integration
 * test; it puts a row of two tenants into every tenant table and then looks as the service's own role.
 */
export function describeTenantIsolation(o: TenantIsolationOptions): void {
  describe(`tenant isolation of schema ${o.schema.schema}`, () => {
    let admin: pg.Client;
    let role: pg.Client;
    let tables: Table[];
    let tenantTables: Table[];

    beforeAll(async () => {
      admin = new pg.Client({ connectionString: o.database().adminUrl });
      role = new pg.Client({ connectionString: o.database().url(o.schema.role) });
      await Promise.all([admin.connect(), role.connect()]);
      tables = await tablesOf(admin, o.schema);
      tenantTables = tables.filter((table) => table.hasTenant);
      await fill(admin, tenantTables, o.values ?? {});
    });

    afterAll(async () => {
      await Promise.all([admin?.end(), role?.end()]);
    });

    const asTenant = async <T>(tenantId: string, work: () => Promise<T>): Promise<T> => {
      await role.query('begin');
      try {
        await role.query(`select set_config('wardline.tenant_id', $1, true)`, [tenantId]);
        return await work();
      } finally {
        await role.query('rollback');
      }
    };
    const count = async (table: Table, where = 'true'): Promise<number> => {
      const sql = `select count(*)::int as n from ${table.qualified} where ${where}`;
      return (await role.query<{ n: number }>(sql)).rows[0]!.n;
    };

    const readable = (): Table[] => tenantTables.filter((table) => table.readable);

    it('gives every table a tenant, save those named', () => {
      const without = tables
        .filter((table) => !table.hasTenant || table.tenantNullable)
        .map((table) => table.name);
      const named = new Set([...(o.withoutTenant ?? []), HISTORY_TABLE]);
      expect(without.filter((name) => !named.has(name))).toEqual([]);
    });

    it('forces row-level security on every table with a tenant', () => {
      expect(tenantTables.length).toBeGreaterThan(0);
      expect(tenantTables.filter((table) => !table.rls || !table.forced).map((table) => table.name)).toEqual(
        [],
      );
    });

    it('shows no row without a tenant', async () => {
      for (const table of readable()) expect([table.name, await count(table)]).toEqual([table.name, 0]);
    });

    it('shows a tenant its own rows and no others', async () => {
      for (const table of readable()) {
        const [own, others] = await asTenant(tenantA, async () => [
          await count(table),
          await count(table, `tenant_id is distinct from '${tenantA}'`),
        ]);
        expect({ table: table.name, own: own! > 0, others }).toEqual({
          table: table.name,
          own: true,
          others: 0,
        });
      }
    });

    it('shows no row on a connection that served a tenant before', async () => {
      for (const table of readable()) {
        await asTenant(tenantA, () => count(table));
        expect([table.name, await count(table)]).toEqual([table.name, 0]);
      }
    });

    it('takes no row for another tenant', async () => {
      for (const table of tenantTables) {
        const insert = sampleInsert(
          table.qualified,
          await columnsOf(admin, table.qualified),
          tenantB,
          o.values?.[table.name],
        );
        const outcome = await asTenant(tenantA, () => codeOf(role.query(insert)));
        expect([table.name, outcome]).toEqual([table.name, '42501']);
      }
    });

    it('runs as roles that can neither change nor pass by the policies', async () => {
      const roles = [o.schema.role, ...(o.schema.extraRoles ?? [])];
      const { rows } = await admin.query<Record<string, unknown>>(
        `select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,
                (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships
           from pg_roles r where rolname = any($1) order by rolname`,
        [roles],
      );
      expect(rows).toEqual(
        [...roles].sort().map((rolname) => ({
          ...{ rolname, rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false },
          memberships: 0,
        })),
      );
      expect(tables.filter((table) => roles.includes(table.owner)).map((table) => table.name)).toEqual([]);
    });

    it("is refused at every other service's tables", async () => {
      // There is one to be refused at even when this service is migrated alone.
      await admin.query('create schema if not exists neighbour');
      await admin.query('create table if not exists neighbour.secret (id int)');
      const { rows } = await admin.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
          where schemaname not in ($1, 'pg_catalog', 'information_schema')`,
        [o.schema.schema],
      );
      for (const { name } of rows.filter((row) => !o.mayRead?.includes(row.name))) {
        expect([name, await codeOf(role.query(`select * from ${name} limit 1`))]).toEqual([name, '42501']);
      }
    });
  });
}

/** The SQLSTATE a statement ends with, or "none". */
async function codeOf(statement: Promise<unknown>): Promise<string> {
  return statement.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? 'unknown',
  );
}

async function tablesOf(admin: pg.Client, schema: ServiceSchema): Promise<Table[]> {
  const { rows } = await admin.query<Table>(
    `select c.relname as name, c.oid::regclass::text as qualified, a.attname is not null as "hasTenant",
            coalesce(not a.attnotnull, false) as "tenantNullable",
            c.relrowsecurity as rls, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
            has_any_column_privilege($2, c.oid, 'select') as readable
       from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') order by c.relname`,
    [schema.schema, schema.role],
  );
  return rows;
}

async function fill(
  admin: pg.Client,
  tables: readonly Table[],
  values: TenantIsolationOptions['values'],
): Promise<void> {
  await admin.query('begin');
  // Rows need not fit together, they only need to be there: no foreign keys, no triggers.
  await admin.query(`set local session_replication_role = replica`);
  for (const table of tables) {
    const columns = await columnsOf(admin, table.qualified);
    for (const tenant of [tenantA, tenantB]) {
      await admin.query(sampleInsert(table.qualified, columns, tenant, values?.[table.name]));
    }
  }
  await admin.query('commit');
}
