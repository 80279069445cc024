export type Json = Record<string, unknown>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Json;
}

/** One operation of the document, as far as it matters for asking and judging. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Staff sign in for it. */
  readonly staff: boolean;
  /** Undefined: every role. */
  readonly roles: readonly string[] | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly type: string; readonly schema: Json } | undefined;
  /** Status → content type → schema; empty where there is no body. */
  readonly answers: ReadonlyMap<number, ReadonlyMap<string, Json>>;
}

interface RawOperation {
  operationId: string;
  security?: Json[];
  'x-roles'?: string[];
  parameters?: (Omit<Parameter, 'required'> & { required?: boolean })[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

export function operationsOf(document: OpenApi): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operationOf(path, method, raw)),
  );
}

function operationOf(path: string, method: string, raw: RawOperation): Operation {
  const [body] = Object.entries(raw.requestBody?.content ?? {});
  return {
    ...{ id: raw.operationId, method: method.toUpperCase(), path, roles: raw['x-roles'] },
    staff: (raw.security ?? []).some((one) => 'staff' in one),
    parameters: (raw.parameters ?? []).map((one) => ({ ...one, required: one.required ?? false })),
    body: body && { type: body[0], schema: body[1].schema },
    answers: new Map(
      Object.entries(raw.responses).map(([status, { content = {} }]) => [
        Number(status),
        new Map(Object.entries(content).map(([type, { schema }]) => [type, schema])),
      ]),
    ),
  };
}

/** A schema with what it refers to, so that it stands for itself. */
export function resolved(schema: Json, document: OpenApi): Json {
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema['$ref'] ?? ''))?.[1];
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}
