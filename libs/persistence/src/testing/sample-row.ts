import pg from 'pg';

export interface Column {
  readonly name: string;
  readonly type: string;
  /** One of an enum's labels, when the type is an enum. */
  readonly label: string | null;
  readonly needed: boolean;
}

/** SQL expressions that give some valid value of a type. Domains, checks and uniqueness are the caller's to override. */
const samples: readonly (readonly [RegExp, string])[] = [
  [/\[\]$/, `'{}'`],
  [/^uuid$/, 'gen_random_uuid()'],
  [/^(text|citext|character)/, `gen_random_uuid()::text`],
  [/^(smallint|integer|bigint|numeric|real|double)/, '1'],
  [/^timestamp/, 'now()'],
  [/^date$/, 'current_date'],
  [/^time /, 'localtime'],
  [/^interval/, `interval '1 minute'`],
  [/^boolean$/, 'false'],
  [/^jsonb?$/, `'{}'`],
  [/^bytea$/, `'\\x00'`],
  [/^tstzrange$/, `tstzrange(now(), now() + interval '1 minute')`],
  [/^inet$/, `'127.0.0.1'`],
];

/** The columns of a table that an insert has to name. */
export async function columnsOf(client: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
            (select min(enumlabel) from pg_enum e where e.enumtypid = a.atttypid) as label,
            a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '' as needed
       from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table],
  );
  return rows;
}

/** An INSERT of one row of a tenant, with plausible values wherever a value is needed. */
export function sampleInsert(
  table: string,
  columns: readonly Column[],
  tenantId: string,
  overrides: Readonly<Record<string, string>> = {},
): string {
  const values = new Map<string, string>([['tenant_id', `${pg.escapeLiteral(tenantId)}::uuid`]]);
  for (const column of columns.filter((c) => c.needed && !values.has(c.name))) {
    const sample = column.label
      ? pg.escapeLiteral(column.label)
      : samples.find(([type]) => type.test(column.type))?.[1];
    if (sample === undefined && overrides[column.name] === undefined) {
      throw new Error(
        `${table}.${column.name} has type ${column.type}: give a SQL expression for it in "values"`,
      );
    }
    values.set(column.name, sample ?? 'null');
  }
  for (const [name, expression] of Object.entries(overrides)) values.set(name, expression);
  const names = [...values.keys()].map((name) => pg.escapeIdentifier(name)).join(', ');
  // Substituted length limits: a text sample is 36 characters, cut where the column is shorter.
  const expressions = [...values].map(([name, value]) => {
    const limit = /^character(?: varying)?\((\d+)\)$/.exec(
      columns.find((c) => c.name === name)?.type ?? '',
    )?.[1];
    return limit && overrides[name] === undefined ? `left(${value}, ${limit})` : value;
  });
  return `insert into ${table} (${names}) values (${expressions.join(', ')})`;
}
