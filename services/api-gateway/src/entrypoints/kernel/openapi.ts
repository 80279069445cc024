import { z } from 'zod';
import { permissionTable } from '../../domain/permissions.ts';
import { fullPathOf, isRaw, permissionOf, type AnswerSpec, type Audit, type Endpoint } from './endpoint.ts';
import { problemsOf } from './statuses.ts';

type Json = Record<string, unknown>;

const problemSchema: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable, for programs.' },
    detail: { type: 'string', description: 'For people.' },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'problem'],
        properties: { field: { type: 'string' }, problem: { type: 'string' } },
      },
    },
    permission: { type: 'string', description: 'Of a 403: the one that is missing.' },
  },
};

/** OpenAPI 3.1 of the endpoints. Schemas with an id (`.meta({ id })`) become components. */
export function openApiOf(
  endpoints: readonly Endpoint[],
  o: { readonly publicUrl: string; readonly issuer?: string | undefined },
): Json {
  const schemas: Json = { Problem: problemSchema };
  const paths: Record<string, Json> = {};
  for (const one of endpoints) {
    const path = (paths[fullPathOf(one)] ??= {});
    path[one.method] = operationOf(one, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wardline',
      version: '1',
      description:
        'What the console does, and what other systems may do. Everything concerns the hospital of the signed-in user; an id of another hospital is not found. Instants are ISO 8601 in UTC. Lists answer `{ items, next }`: `next` is the `cursor` of the next request, null at the end.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: o.publicUrl }],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        staff: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of a staff user, from the OpenID Connect provider of this installation.',
        },
        ...(o.issuer
          ? {
              openid: {
                type: 'openIdConnect',
                openIdConnectUrl: `${o.issuer}/.well-known/openid-configuration`,
              },
            }
          : {}),
        integrator: {
          type: 'http',
          scheme: 'bearer',
          description: 'Token of an event stream, `wl_…`, handed out under /integrations/streams.',
        },
        carrier: {
          type: 'apiKey',
          in: 'header',
          name: 'telnyx-signature-ed25519',
          description: 'Signature of the carrier over the raw body.',
        },
      },
    },
    'x-permissions': permissionTable,
  };
}

const tagOf = (one: Endpoint): string => (one.root ? 'other' : (one.path.split('/')[1] ?? 'other'));

const securityOf: Partial<Record<Endpoint['access'], Json[]>> = {
  public: [],
  'integrator-token': [{ integrator: [] }],
  'carrier-signature': [{ carrier: [] }],
};

function operationOf(one: Endpoint, schemas: Json): Json {
  const permission = permissionOf(one.access);
  const parameters = [
    ...parametersOf(one.params, 'path', schemas),
    ...parametersOf(one.query, 'query', schemas),
    ...(one.idempotency
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: one.idempotency === 'passed-on',
            description:
              'Stays the same when the request is repeated; a repeated key gives the first answer again.',
            schema: { type: 'string', minLength: 1, maxLength: 200 },
          },
        ]
      : []),
  ];
  const description = [
    one.description,
    permission && `Needs the permission \`${permission}\`: ${permissionTable[permission].allows}.`,
    one.audit && `Recorded in the audit as \`${one.audit.action}\`${oftenOf(one.audit)}.`,
  ].filter(Boolean);
  return {
    operationId: one.id,
    summary: one.summary,
    ...(description.length > 0 ? { description: description.join('\n\n') } : {}),
    tags: [tagOf(one)],
    security: securityOf[one.access] ?? [{ staff: [] }],
    'x-permission': permission ?? one.access,
    ...(permission ? { 'x-roles': permissionTable[permission].roles } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(one.body ? { requestBody: { required: true, content: contentOf(one.body, 'input', schemas) } } : {}),
    responses: {
      ...Object.fromEntries(
        [...problemsOf(one)].map(([status, text]) => [status, refusalOf(text, one.responses[status])]),
      ),
      ...Object.fromEntries(
        Object.entries(one.responses)
          .filter(([status]) => !problemsOf(one).has(Number(status)))
          .map(([status, spec]) => [status, answerOf(spec, schemas)]),
      ),
    },
  };
}

function answerOf(spec: AnswerSpec, schemas: Json): Json {
  if (spec === null) return { description: 'Done.' };
  const description = isRaw(spec) ? spec.description : (spec.description ?? 'As asked.');
  return { description, content: contentOf(spec, 'output', schemas) };
}

/** `page`: what browsers are shown where the endpoint itself refuses. */
const refusalOf = (description: string, page?: AnswerSpec): Json => ({
  description,
  content: {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    ...(isRaw(page) ? contentOf(page, 'output', {}) : {}),
  },
});

function contentOf(
  spec: z.ZodType | { contentType: string; description: string },
  io: 'input' | 'output',
  schemas: Json,
): Json {
  if (!isRaw(spec)) return { 'application/json': { schema: schemaOf(spec, io, schemas) } };
  // Any bytes at all are such a body.
  const type = io === 'output' ? { type: 'string' } : {};
  return { [spec.contentType]: { schema: { ...type, description: spec.description } } };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Json): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...of }]) => ({
    ...{ name, in: place, required: place === 'path' || required.includes(name) },
    ...(description === undefined ? {} : { description }),
    schema: of,
  }));
}

/** JSON Schema of a zod schema; what has an id goes to the components, and is referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Json)) {
    const moved = relocated(definition) as Json;
    const known = schemas[name];
    if (known && JSON.stringify(known) !== JSON.stringify(moved))
      throw new Error(`two schemas have the id ${name}`);
    schemas[name] = moved;
  }
  return relocated(own) as Json;
}

function relocated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : relocated(inner),
    ]),
  );
}

const oftenOf = ({ onceInMs }: Audit): string =>
  onceInMs === undefined
    ? ''
    : `, once in ${onceInMs / 60_000} minutes for the same question of the same user`;
