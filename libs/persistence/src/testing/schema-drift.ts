import { readFileSync } from 'node:fs';
import pg from 'pg';
import { HISTORY_TABLE } from '../migrate.ts';
import { parsePrismaSchema, type DeclaredColumn, type DeclaredSchema } from './prisma-schema.ts';

/** Tables that other libraries own and reach by SQL, without a model. */
const withoutModel = new Set([HISTORY_TABLE, 'outbox', 'inbox']);

/**
 * Holds a service's Prisma schema against the database its migrations made: every model, column, type, nullability and
 * enum label must be on both sides. Migrations are SQL and the schema is written by hand; this keeps them one.
 *
 * @param o.ignore `table` or `table.column` that is meant to be on one side only
 * @throws Error listing every difference
 */
export async function expectPrismaSchemaMatches(o: {
  schemaFile: string;
  adminUrl: string;
  schema: string;
  ignore?: readonly string[];
}): Promise<void> {
  const declared = parsePrismaSchema(readFileSync(o.schemaFile, 'utf8'), o.schema);
  const migrated = await readMigratedSchema(o.adminUrl, o.schema);
  const ignored = new Set(o.ignore ?? []);
  const differences = compareSchemas(declared, migrated).filter(({ at }) => {
    const table = at.split('.')[0]!;
    return !ignored.has(at) && !ignored.has(table) && !withoutModel.has(table);
  });
  if (differences.length > 0) {
    const list = differences.map(({ at, problem }) => `  ${at}: ${problem}`).join('\n');
    throw new Error(`${o.schemaFile} and the migrations of schema ${o.schema} differ:\n${list}`);
  }
}

/** Differences between what Prisma is told and what is there, each with its place: `table` or `table.column`. */
export function compareSchemas(
  declared: DeclaredSchema,
  migrated: DeclaredSchema,
): { at: string; problem: string }[] {
  const found: { at: string; problem: string }[] = [];
  const both = pairs(
    new Map(declared.tables.map((table) => [table.name, table.columns])),
    new Map(migrated.tables.map((table) => [table.name, table.columns])),
  );
  for (const [table, wanted, real] of both) {
    if (!wanted || !real) {
      found.push({ at: table, problem: wanted ? 'a model without a table' : 'a table without a model' });
      continue;
    }
    for (const [column, want, is] of pairs(byName(wanted), byName(real))) {
      const at = `${table}.${column}`;
      if (!want || !is)
        found.push({ at, problem: want ? 'a field without a column' : 'a column without a field' });
      else if (want.type !== is.type)
        found.push({ at, problem: `the field is ${want.type}, the column ${is.type}` });
      else if (want.nullable !== is.nullable) {
        const say = (nullable: boolean): string => (nullable ? 'may be null' : 'is never null');
        found.push({ at, problem: `the field ${say(want.nullable)}, the column ${say(is.nullable)}` });
      }
    }
  }
  for (const [type, want, is] of pairs(declared.enums, migrated.enums)) {
    if (want?.join() !== is?.join()) {
      found.push({
        at: type,
        problem: `enum is ${want?.join() ?? 'missing'} in Prisma, ${is?.join() ?? 'missing'} here`,
      });
    }
  }
  return found;
}

const byName = (columns: readonly DeclaredColumn[]): Map<string, DeclaredColumn> =>
  new Map(columns.map((column) => [column.name, column]));

function pairs<V>(
  a: ReadonlyMap<string, V>,
  b: ReadonlyMap<string, V>,
): [string, V | undefined, V | undefined][] {
  return [...new Set([...a.keys(), ...b.keys()])].map((key) => [key, a.get(key), b.get(key)]);
}

async function readMigratedSchema(adminUrl: string, schema: string): Promise<DeclaredSchema> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    // format_type leaves the schema out of names it finds on the path, as the Prisma schema does.
    await client.query(`set search_path = ${pg.escapeIdentifier(schema)}`);
    const columns = await client.query<{ table: string; column: string; nullable: boolean; type: string }>(
      `select c.relname as "table", a.attname as "column", not a.attnotnull as nullable,
              format_type(a.atttypid, a.atttypmod) as type
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        order by c.relname, a.attnum`,
      [schema],
    );
    const labels = await client.query<{ type: string; label: string }>(
      `select t.typname as type, e.enumlabel as label from pg_type t join pg_enum e on e.enumtypid = t.oid
        where t.typnamespace = $1::regnamespace order by t.typname, e.enumsortorder`,
      [schema],
    );
    const tables = [...Map.groupBy(columns.rows, (row) => row.table)].map(([name, rows]) => ({
      name,
      columns: rows.map((row) => ({
        name: row.column,
        type: row.type.replace(/^(time(?:stamp)?)\(\d\)/, '$1'),
        nullable: row.nullable,
      })),
    }));
    const enums = new Map(
      [...Map.groupBy(labels.rows, (row) => row.type)].map(([type, rows]) => [
        type,
        rows.map((row) => row.label),
      ]),
    );
    return { tables, enums };
  } finally {
    await client.end();
  }
}
