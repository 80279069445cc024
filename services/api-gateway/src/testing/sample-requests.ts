import { z } from 'zod';
import { fullPathOf, isRaw, type Endpoint } from '../entrypoints/kernel/endpoint.ts';

type Json = Record<string, unknown>;

/** A value that a JSON Schema takes: what is required, and no more. `ids` is what every id is. */
export function sampleJson(schema: Json, ids: string, root: Json = schema): unknown {
  const referred = /^#\/\$defs\/(.+)$/.exec(String(schema['$ref'] ?? ''))?.[1];
  if (referred !== undefined) {
    const defs = root['$defs'] as Record<string, Json>;
    return sampleJson(defs[referred] ?? {}, ids, root);
  }
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const options = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  if (options?.[0]) return sampleJson(options[0], ids, root);
  const all = schema['allOf'] as Json[] | undefined;
  if (all?.[0]) return sampleJson({ ...schema, ...all[0] }, ids, root);
  switch (schema['type']) {
    case 'object': {
      const properties = (schema['properties'] ?? {}) as Record<string, Json>;
      const required = (schema['required'] ?? []) as string[];
      return Object.fromEntries(
        required.map((name) => [name, sampleJson(properties[name] ?? {}, ids, root)]),
      );
    }
    case 'array': {
      const count = Number(schema['minItems'] ?? 0);
      return Array.from({ length: count }, () => sampleJson((schema['items'] ?? {}) as Json, ids, root));
    }
    case 'integer':
    case 'number':
      return Math.max(Number(schema['minimum'] ?? 1), Number(schema['exclusiveMinimum'] ?? 0) + 1);
    case 'boolean':
      return false;
    case 'string':
      return sampleText(schema, ids);
    default:
      return {};
  }
}

function sampleText(schema: Json, ids: string): string {
  const pattern = String(schema['pattern'] ?? '');
  if (schema['format'] === 'uuid') return ids;
  if (schema['format'] === 'date-time') return '2026-03-02T10:00:00Z';
  if (pattern.includes('[1-9]\\d{6,14}')) return '+12025550143';
  if (pattern.includes(':[0-5]')) return '09:00';
  if (schema['format'] === 'date') return '2026-03-02';
  if (pattern.startsWith('^[A-Z]{2}')) return 'US';
  if (pattern.startsWith('^[a-z]')) return `x-${ids}`;
  if (pattern === '') return 'x'.repeat(Math.max(1, Number(schema['minLength'] ?? 1)));
  return '1';
}

export interface SampleRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly contentType: string;
}

/** Query parameters and bodies that a schema alone does not tell how to make. */
export type Samples = Readonly<
  Record<string, { readonly query?: Record<string, string>; readonly body?: Json }>
>;

/** A request that an endpoint takes, made from its schemas. */
export function sampleRequest(
  one: Endpoint,
  o: { readonly ids: string; readonly params?: Record<string, string>; readonly samples: Samples },
): SampleRequest {
  const schemaOf = (schema: z.ZodType) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Json;
  const made = o.samples[one.id] ?? {};
  const params = {
    ...((one.params ? sampleJson(schemaOf(one.params), o.ids) : {}) as Record<string, string>),
    ...o.params,
  };
  const query = new URLSearchParams({
    ...Object.fromEntries(
      Object.entries((one.query ? sampleJson(schemaOf(one.query), o.ids) : {}) as Json).map(
        ([name, value]) => [name, String(value)],
      ),
    ),
    ...made.query,
  });
  const path = fullPathOf(one).replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const raw = isRaw(one.body) ? one.body : undefined;
  const json =
    one.body && !raw ? (made.body ?? sampleJson(schemaOf(one.body as z.ZodType), o.ids)) : undefined;
  return {
    method: one.method.toUpperCase(),
    path: query.size > 0 ? `${path}?${query}` : path,
    body: raw ? 'name,phone\nJamie,+12025550143\n' : json,
    contentType: raw ? (raw.contentType === '*/*' ? 'text/plain' : raw.contentType) : 'application/json',
  };
}
