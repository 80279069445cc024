import fc from 'fast-check';
import type { Json, OpenApi, Operation, Parameter } from './document.ts';
import { hard, nasty, spoiled, valid, withHardTexts, wrongIds, type Pools } from './values.ts';

/** A request to be made, and what was meant by it. */
export interface Case {
  readonly kind: 'valid' | 'spoiled' | 'malformed';
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** What the body is as JSON, where it is that. */
  readonly json: unknown;
}

type Values = Record<string, string>;

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** In an address: lone surrogates cannot be written there, and long ones are refused before anybody looks at them. */
const encoded = (text: string): string => encodeURIComponent(text.slice(0, ADDRESSED_MAX).toWellFormed());
const ADDRESSED_MAX = 1_000;

function parametersOf(
  parameters: readonly Parameter[],
  place: Parameter['in'],
  one: (parameter: Parameter) => fc.Arbitrary<string>,
): fc.Arbitrary<Values> {
  const of = parameters.filter((parameter) => parameter.in === place);
  return fc.record(Object.fromEntries(of.map((parameter) => [parameter.name, one(parameter)])), {
    requiredKeys: of.filter(({ required }) => required).map(({ name }) => name),
  }) as fc.Arbitrary<Values>;
}

function addressed(operation: Operation, path: Values, query: Values): string {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encoded(path[name] || 'x'));
  const pairs = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled;
}

/** What the id in a path is of: `campaign` in `/campaigns/{id}/recipients`. */
const kindIn = (path: string): string => /([a-z-]+)\/\{/.exec(path)?.[1]?.replace(/s$/, '') ?? '';

const csv = fc
  .array(
    fc.array(fc.oneof(fc.string(), fc.constantFrom(...nasty), fc.constant('+12025550143')), { maxLength: 5 }),
    {
      maxLength: 20,
    },
  )
  .map((rows) => [['name', 'phone', 'language'], ...rows].map((row) => row.join(',')).join('\n'));

const malformedJson = fc.constantFrom(
  ...[
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '1',
    '{"a":1,"a":2}',
    '\ufeff{}',
    '{}{}',
    'undefined',
    '{"__proto__":{"a":1}}',
  ],
  '['.repeat(5_000),
  `{"a":"${'x'.repeat(70_000)}"}`,
  '{"a":"\\ud800"}',
);

/** Chosen by chance: see `casesOf`. The rest is not left to it: every hard text in every place that takes a text. */
export function sampleCases(
  operation: Operation,
  document: OpenApi,
  pools: Pools,
  o: { readonly seed: number; readonly each: number; readonly hard: boolean },
): Case[] {
  const cases = fc.sample(casesOf(operation, document, pools), { seed: o.seed, numRuns: o.each });
  if (!o.hard) return cases;
  const good = cases.filter(({ kind }) => kind === 'valid');
  const length = ({ path, body }: Case) => path.length + (body?.length ?? 0);
  // One as it comes, and the one that says most.
  const bases = new Set([good[0], good.toSorted((one, two) => length(two) - length(one))[0]]);
  return [...cases, ...[...bases].flatMap((base) => (base ? hardCases(operation, base) : []))];
}

function hardCases(operation: Operation, base: Case): Case[] {
  const bodies = base.json === undefined ? [] : withHardTexts(base.json);
  const queried = operation.parameters.filter((one) => one.in === 'query');
  const paths = queried.flatMap(({ name }) =>
    hard.map((text) => {
      const url = new URL(base.path, 'http://x');
      url.searchParams.set(name, text.slice(0, ADDRESSED_MAX).toWellFormed());
      return `${url.pathname}${url.search}`;
    }),
  );
  return [
    ...bodies.map((json): Case => ({ ...base, kind: 'spoiled', json, body: JSON.stringify(json) })),
    ...paths.map((path): Case => ({ ...base, kind: 'spoiled', path })),
  ];
}

/** Requests to an operation: as the document has them, spoiled in one place, and not readable at all. */
export function casesOf(operation: Operation, document: OpenApi, pools: Pools): fc.Arbitrary<Case> {
  const { method, parameters, body } = operation;
  const good = ({ name, schema }: Parameter) =>
    valid(schema, document, pools, name === 'id' ? kindIn(operation.path) : name).map(asText);
  const bad = (parameter: Parameter) =>
    fc.oneof(
      good(parameter),
      fc.constantFrom(...nasty),
      fc.constantFrom(...wrongIds),
      fc.jsonValue().map(asText),
    );
  const isJson = body?.type === 'application/json';
  const made = (
    kind: Case['kind'],
    path: Values,
    query: Values,
    header: Values,
    content: { json?: unknown; text?: string } | undefined,
    more: Record<string, string> = {},
  ): Case => ({
    ...{ kind, method, path: addressed(operation, path, query), json: content?.json },
    headers: {
      ...(body ? { 'content-type': body.type === '*/*' ? 'text/plain' : body.type } : {}),
      ...Object.fromEntries(Object.entries(header).filter(([, value]) => /^[\x20-\x7e]*$/.test(value))),
      ...more,
    },
    body: content && (content.text ?? JSON.stringify(content.json)),
  });
  const contentOf = (spoil: boolean): fc.Arbitrary<{ json?: unknown; text?: string } | undefined> => {
    if (!body) return fc.constant(undefined);
    if (!isJson) return csv.map((text) => ({ text }));
    const value = valid(body.schema, document, pools);
    return (spoil ? spoiled(value) : value).map((json) => (json === undefined ? undefined : { json }));
  };
  const from = (one: (parameter: Parameter) => fc.Arbitrary<string>, place: Parameter['in']) =>
    parametersOf(parameters, place, one);
  const goods = fc
    .tuple(from(good, 'path'), from(good, 'query'), from(good, 'header'), contentOf(false))
    .map(([path, query, header, content]) => made('valid', path, query, header, content));
  const badParameters = fc
    .tuple(from(bad, 'path'), from(bad, 'query'), from(bad, 'header'), contentOf(false))
    .map(([path, query, header, content]) => made('spoiled', path, query, header, content));
  const badBody = fc
    .tuple(from(good, 'path'), from(good, 'query'), from(good, 'header'), contentOf(true))
    .map(([path, query, header, content]) => made('spoiled', path, query, header, content));
  const malformed = fc
    .tuple(
      ...[from(good, 'path'), from(good, 'query'), from(good, 'header')],
      malformedJson,
      fc.constantFrom(
        'application/json',
        'application/json; charset=utf-16',
        'text/plain',
        'multipart/form-data',
        '',
      ),
    )
    .map(([path, query, header, text, type]) =>
      made(
        'malformed',
        path as Values,
        query as Values,
        header as Values,
        { text: text as string },
        {
          'content-type': type as string,
        },
      ),
    );
  return fc.oneof(
    { weight: 4, arbitrary: goods },
    ...(parameters.length > 0 ? [{ weight: 2, arbitrary: badParameters }] : []),
    ...(isJson ? [{ weight: 4, arbitrary: badBody }] : []),
    ...(body ? [{ weight: 1, arbitrary: malformed }] : []),
  );
}

/** Enough of a case to repeat it by hand, and nothing that is long. */
export const shown = (one: Case): Json => ({
  ...{ kind: one.kind, method: one.method, path: one.path.slice(0, 300), headers: one.headers },
  body: one.body?.slice(0, 300),
});
