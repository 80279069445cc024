import fc from 'fast-check';
import { resolved, type Json, type OpenApi } from './document.ts';

type Arb = fc.Arbitrary<unknown>;

/** Ids that the installation has, by what they are of: `campaign`, `clinic`, … */
export interface Pools {
  readonly own: Readonly<Record<string, readonly string[]>>;
  /** Of another hospital. */
  readonly foreign: readonly string[];
}

/** Texts that have broken programs before. */
export const nasty: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '🏳️‍🌈'.repeat(20),
  'é'.normalize('NFD'),
  '\u202eאבג',
  'ﷺ'.repeat(50),
  "'; DROP TABLE campaigns; --",
  '=HYPERLINK("http://x")',
  '${7*7}{{7*7}}',
  '../../etc/passwd',
  '%00%ff%',
  '<script>1</script>',
  '\r\nset-cookie: a=b',
  'null',
  'NaN',
  '1e309',
  '-0',
  '9'.repeat(40),
  'a'.repeat(10_000),
  '\u0000'.repeat(5),
  '\ufeff',
  '__proto__',
];

export const wrongIds: readonly string[] = [
  'not-an-id',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '0190a0b0-0000-7000-8000-0000000000AA',
  '0190a0b0-0000-7000-8000-0000000000aa ',
  '1',
  '-1',
  'undefined',
];

function idOf({ own, foreign }: Pools, kind: string): Arb {
  const fitting = own[kind] ?? [];
  const all = Object.values(own).flat();
  return fc.oneof(
    ...(fitting.length > 0 ? [{ weight: 12, arbitrary: fc.constantFrom(...fitting) }] : []),
    ...(all.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...all) }] : []),
    ...(foreign.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...foreign) }] : []),
    { weight: 1, arbitrary: fc.uuid({ version: 7 }) },
  );
}

/** Texts that mean something to the platform, so that requests get further than its door. */
const known: Readonly<Record<string, readonly string[]>> = {
  timeZone: ['America/New_York', 'Europe/London', 'Asia/Kolkata'],
  language: ['en-US', 'en-GB', 'de'],
  defaultRegion: ['US', 'GB'],
  numbers: ['+12025550143', '(202) 555-0144', '020 7946 0155'],
  phone: ['+12025550143'],
  number: ['+12025550143', '+447700900123'],
};

const instants = fc
  .date({
    min: new Date('2026-01-01T00:00:00Z'),
    max: new Date('2028-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((at) => at.toISOString());
const instantEdges = fc.constantFrom(
  '0000-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-23:59',
  '2026-03-08T02:30:00-05:00',
  '2024-02-29T12:00:00Z',
);

/** What a schema takes: mostly ordinary, now and then at its edges. `name` is that of the field, and tells what an id is of. */
export function valid(of: Json, document: OpenApi, pools: Pools, name = ''): Arb {
  const schema = resolved(of, document);
  const inner = (one: Json, field = name) => valid(one, document, pools, field);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const options = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  if (options) return fc.oneof(...options.map((one) => inner(one)));
  const all = schema['allOf'] as Json[] | undefined;
  if (all)
    return inner(
      Object.assign({}, schema, { allOf: undefined }, ...all.map((one) => resolved(one, document))),
    );
  switch (schema['type']) {
    case 'object':
      return object(schema, inner);
    case 'array':
      return fc.array(inner((schema['items'] ?? {}) as Json), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: Math.min(Number(schema['maxItems'] ?? 5), Number(schema['minItems'] ?? 0) + 5),
      });
    case 'integer':
      return whole(schema);
    case 'number':
      return fc.double({
        noNaN: true,
        min: Number(schema['minimum'] ?? -1e6),
        max: Number(schema['maximum'] ?? 1e6),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return text(schema, pools, name);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function object(schema: Json, inner: (one: Json, field: string) => Arb): Arb {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  const required = (schema['required'] ?? []) as string[];
  if (properties.length === 0)
    return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  return fc.record(Object.fromEntries(properties.map(([name, one]) => [name, inner(one, name)])), {
    requiredKeys: required,
  });
}

function whole(schema: Json): Arb {
  const min = Math.max(
    Number(schema['minimum'] ?? Number.MIN_SAFE_INTEGER),
    Number(schema['exclusiveMinimum'] ?? Number.MIN_SAFE_INTEGER - 1) + 1,
  );
  const max = Math.min(
    Number(schema['maximum'] ?? Number.MAX_SAFE_INTEGER),
    Number(schema['exclusiveMaximum'] ?? Number.MAX_SAFE_INTEGER + 1) - 1,
  );
  const near = fc.integer({ min: Math.max(min, -2_147_483_648), max: Math.min(max, 2_147_483_647) });
  return fc.oneof({ weight: 3, arbitrary: near }, { weight: 1, arbitrary: fc.constantFrom(min, max) });
}

function text(schema: Json, pools: Pools, name: string): Arb {
  const ordinary = known[name] ?? pools.own[name];
  const any = anyText(schema, pools, name);
  if (schema['format'] === 'uuid' || !ordinary?.length) return any;
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ordinary) }, { weight: 1, arbitrary: any });
}

function anyText(schema: Json, pools: Pools, name: string): Arb {
  const format = schema['format'];
  if (format === 'uuid') return idOf(pools, name);
  if (format === 'date-time')
    return fc.oneof({ weight: 5, arbitrary: instants }, { weight: 1, arbitrary: instantEdges });
  if (format === 'date') return instants.map((at) => at.slice(0, 10));
  if (format === 'uri') return fc.webUrl();
  const minLength = Number(schema['minLength'] ?? 0);
  const maxLength = Number(schema['maxLength'] ?? 60);
  if (typeof schema['pattern'] === 'string') {
    const pattern = new RegExp(schema['pattern'], 'u');
    return fc.stringMatching(pattern).filter((one) => one.length <= maxLength && pattern.test(one));
  }
  const edges = [minLength, maxLength]
    .filter((length) => length <= 10_000)
    .map((length) => 'é'.repeat(length));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.string({
        unit: 'grapheme-ascii',
        minLength,
        maxLength: Math.min(maxLength, minLength + 30),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, minLength + 30) }),
    },
    ...(edges.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...edges) }] : []),
  );
}

/** Something else than was asked for. */
export const other: Arb = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    [],
    {},
    [null],
    '',
    0,
    -1,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e308,
    0.5,
    '1',
    'true',
  ),
  fc.constantFrom(...nasty),
  fc.constantFrom(...wrongIds),
  fc.jsonValue({ maxDepth: 2 }),
);

type Place = readonly (string | number)[];

function placesIn(value: unknown, at: Place = []): Place[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((one, i) => placesIn(one, [...at, i]))];
  if (typeof value === 'object' && value !== null)
    return [at, ...Object.entries(value).flatMap(([name, one]) => placesIn(one, [...at, name]))];
  return [at];
}

function changed(value: unknown, at: Place, change: (one: unknown) => unknown): unknown {
  const [first, ...rest] = at;
  if (first === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((one, i) => (i === first ? changed(one, rest, change) : (one as unknown)));
  const entries = Object.entries(value as Json).map(([name, one]) => [
    name,
    name === first ? changed(one, rest, change) : one,
  ]);
  return Object.fromEntries(entries.filter(([, one]) => one !== removed)) as unknown;
}

const removed = Symbol('removed');

/** Texts that have to be tried in every place there is. */
export const hard: readonly string[] = [
  ...['a\0b', 'x\ud800y', '🏳️‍🌈\u202e', 'a'.repeat(10_000)],
  ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59'],
];

/** The value once for each of its texts and each hard text in its place. */
export function withHardTexts(value: unknown): unknown[] {
  const isText = (at: Place): boolean => {
    let text = false;
    changed(value, at, (one) => (text = typeof one === 'string'));
    return text;
  };
  return placesIn(value)
    .filter(isText)
    .flatMap((at) => hard.map((text) => changed(value, at, () => text)));
}

/** One thing of a value is not as it should be: of another type, a strange text, too much, or not there at all. */
export function spoiled(arbitrary: Arb): Arb {
  return fc
    .tuple(arbitrary, fc.nat(), fc.constantFrom('other', 'missing', 'extra', 'huge'), other)
    .map(([value, nth, how, instead]) => {
      const places = placesIn(value);
      const at = places[nth % places.length] ?? [];
      if (how === 'missing') return at.length > 0 ? changed(value, at, () => removed) : undefined;
      if (how === 'extra')
        return changed(value, at, (one) =>
          typeof one === 'object' && one !== null && !Array.isArray(one)
            ? { ...one, unknownField: 1, constructor: { prototype: 1 } }
            : [one, one],
        );
      if (how === 'huge') return changed(value, at, () => 'x'.repeat(70_000));
      return changed(value, at, () => instead);
    });
}
