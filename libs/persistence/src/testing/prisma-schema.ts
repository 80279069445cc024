/** A column as a Prisma schema declares it. */
export interface DeclaredColumn {
  readonly name: string;
  /** As PostgreSQL's `format_type` prints it, without the precision of times: `uuid`, `text[]`, `character varying(20)`. */
  readonly type: string;
  readonly nullable: boolean;
}

export interface DeclaredTable {
  readonly name: string;
  readonly columns: readonly DeclaredColumn[];
}

export interface DeclaredSchema {
  readonly tables: readonly DeclaredTable[];
  /** Enum type → its labels. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

const scalars: Readonly<Record<string, string>> = {
  String: 'text',
  Boolean: 'boolean',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Decimal: 'numeric(65,30)',
  DateTime: 'timestamp without time zone',
  Json: 'jsonb',
  Bytes: 'bytea',
};

const natives: Readonly<Record<string, string>> = {
  Uuid: 'uuid',
  Text: 'text',
  VarChar: 'character varying',
  Char: 'character',
  Citext: 'citext',
  Inet: 'inet',
  Boolean: 'boolean',
  SmallInt: 'smallint',
  Integer: 'integer',
  BigInt: 'bigint',
  Real: 'real',
  DoublePrecision: 'double precision',
  Decimal: 'numeric',
  Money: 'money',
  Timestamptz: 'timestamp with time zone',
  Timestamp: 'timestamp without time zone',
  Timetz: 'time with time zone',
  Time: 'time without time zone',
  Date: 'date',
  Json: 'json',
  JsonB: 'jsonb',
  ByteA: 'bytea',
  Xml: 'xml',
};

/** Types whose argument is a precision of seconds, which no reader of ours can tell apart: times are read in ms. */
const timeTypes = new Set(['Timestamptz', 'Timestamp', 'Timetz', 'Time']);

/**
 * Reads the tables and columns of a `schema.prisma`. It knows the language as far as it declares columns (models, enums,
 * `@map`, `@@map`, `@@schema`, `@db.*`, `Unsupported`); relation fields have no column and are passed over. Prisma's own
 * parser comes only with engines that the embedded set-up does not have.
 */
export function parsePrismaSchema(text: string, schema: string): DeclaredSchema {
  const blocks = [...text.matchAll(/^(model|enum)\s+(\w+)\s*\{\n([\s\S]*?)^\}/gm)].map(
    ([, kind, name, body]) => ({
      kind: kind!,
      name: name!,
      lines: body!
        .split('\n')
        .map((line) => line.replace(/\s*\/\/(?=(?:[^"]*"[^"]*")*[^"]*$).*$/, '').trim())
        .filter((line) => line !== ''),
    }),
  );
  const attribute = (lines: readonly string[], name: string): string | undefined =>
    lines
      .map((line) => new RegExp(`^@@${name}\\("([^"]+)"\\)`).exec(line)?.[1])
      .find((value) => value !== undefined);
  const inSchema = blocks.filter(({ lines }) => (attribute(lines, 'schema') ?? schema) === schema);
  const models = new Set(blocks.filter(({ kind }) => kind === 'model').map(({ name }) => name));

  const enumTypes = new Map<string, string>();
  const enums = new Map<string, readonly string[]>();
  for (const { name, lines } of blocks.filter(({ kind }) => kind === 'enum')) {
    const type = attribute(lines, 'map') ?? name;
    enumTypes.set(name, type);
    const labels = lines
      .filter((line) => !line.startsWith('@@'))
      .map((line) => /@map\("([^"]+)"\)/.exec(line)?.[1] ?? /^\w+/.exec(line)![0]);
    enums.set(type, labels);
  }
  const tables = inSchema
    .filter(({ kind }) => kind === 'model')
    .map(({ name, lines }) => ({
      name: attribute(lines, 'map') ?? name,
      columns: lines
        .filter((line) => !line.startsWith('@@'))
        .flatMap((line) => columnOf(line, models, enumTypes) ?? []),
    }));
  return { tables, enums };
}

function columnOf(
  line: string,
  models: ReadonlySet<string>,
  enums: ReadonlyMap<string, string>,
): DeclaredColumn | undefined {
  const match = /^(\w+)\s+(?:Unsupported\("([^"]+)"\)|(\w+))(\[\])?(\?)?\s*(.*)$/.exec(line);
  if (!match) throw new Error(`not understood in the Prisma schema: ${line}`);
  const [, field, unsupported, type, list, optional, attributes = ''] = match;
  if (type !== undefined && models.has(type)) return undefined;
  const native = /@db\.(\w+)(?:\(([^)]*)\))?/.exec(attributes);
  let sqlType = unsupported ?? scalars[type!] ?? enums.get(type!);
  if (native) {
    const [, name, args] = native;
    sqlType = natives[name!];
    const sized = args && !timeTypes.has(name!);
    if (sqlType && sized) sqlType += `(${args.replaceAll(' ', '')})`;
  }
  if (sqlType === undefined) throw new Error(`unknown type in the Prisma schema: ${line}`);
  return {
    name: /@map\("([^"]+)"\)/.exec(attributes)?.[1] ?? field!,
    type: sqlType + (list ?? ''),
    // A list field is never null for Prisma, which reads a null array as an empty one; the column should agree.
    nullable: optional === '?',
  };
}
