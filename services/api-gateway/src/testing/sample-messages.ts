import {
  create,
  ScalarType,
  type DescField,
  type DescMessage,
  type DescService,
  type Message,
} from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { tenantOf } from '@wardline/rpc';

/** Texts that have a form, by the name of their field. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/Id$|^id$/, '0190a0b0-0000-7000-8000-0000000000aa'],
  [/timeZone/, 'America/New_York'],
  [/LocalTime$|^(opens|closes)$/, '09:00'],
  [/Day$|[dD]ate$/, '2026-03-02'],
  [/[nN]umber|[pP]hone|^to$/, '+12025550143'],
  [/Region$/, 'US'],
  [/language/, 'en-US'],
  [/^role$/, 'supervisor'],
  [/definition/, '{}'],
  [/[cC]ursor/, ''],
];

const textOf = (name: string): string => forms.find(([form]) => form.test(name))?.[1] ?? 'sample';

/** A message with something in every field, as any service might answer. */
export function sampleOf(desc: DescMessage, depth = 0): Message {
  if (desc.typeName === 'google.protobuf.Timestamp')
    return timestampFromDate(new Date('2026-03-02T10:00:00Z'));
  const chosen = desc.fields.filter((field) => !field.oneof || field.oneof.fields[0] === field);
  const init: Record<string, unknown> = {};
  for (const field of chosen) {
    const value = valueOf(field, depth);
    if (value === undefined) continue;
    if (field.oneof) init[field.oneof.localName] = { case: field.localName, value };
    else init[field.localName] = value;
  }
  return create(desc, init as never);
}

function valueOf(field: DescField, depth: number): unknown {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarOf(field.scalar, field.localName);
    case 'enum':
      return field.enum.values.find(({ number }) => number > 0)?.number ?? 0;
    case 'message':
      return depth > 4 ? undefined : sampleOf(field.message, depth + 1);
    case 'list':
      if (field.listKind === 'message') return depth > 4 ? [] : [sampleOf(field.message, depth + 1)];
      if (field.listKind === 'enum') return [field.enum.values.find(({ number }) => number > 0)?.number ?? 0];
      return [scalarOf(field.scalar, field.localName)];
    case 'map':
      return {};
    default:
      return field satisfies never;
  }
}

function scalarOf(type: ScalarType, name: string): unknown {
  if (type === ScalarType.STRING) return textOf(name);
  if (type === ScalarType.BOOL) return true;
  if (name.endsWith('Seconds')) return type === ScalarType.INT64 ? 20n : 20;
  if (type === ScalarType.BYTES) return new Uint8Array([65]);
  const whole64 = [
    ScalarType.INT64,
    ScalarType.UINT64,
    ScalarType.SINT64,
    ScalarType.FIXED64,
    ScalarType.SFIXED64,
  ];
  if (whole64.includes(type)) return 1n;
  return 1;
}

/** What the services behind were asked, and for whom. */
export interface AskedBehind {
  readonly method: string;
  readonly tenantId: string;
}

/**
 * Methods of a service that answer every request with a sample, except about things of another hospital, which do not exist:
 * as row-level security makes it in the real ones.
 */
export function sampleMethods(
  service: DescService,
  o: { readonly foreign: string; readonly asked: AskedBehind[] },
): Record<string, unknown> {
  const look = (method: string, request: unknown, ctx: HandlerContext) => {
    o.asked.push({ method, tenantId: tenantOf(ctx) });
    const text = JSON.stringify(request, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    if (text.includes(o.foreign)) throw new ConnectError('there is no such thing', Code.NotFound);
  };
  return Object.fromEntries(
    service.methods.map((method) => {
      const { localName, methodKind, output } = method;
      if (methodKind === 'server_streaming')
        return [
          localName,
          async function* (request: unknown, ctx: HandlerContext) {
            look(localName, request, ctx);
            yield sampleOf(output);
          },
        ];
      if (methodKind === 'client_streaming')
        return [
          localName,
          async (requests: AsyncIterable<unknown>, ctx: HandlerContext) => {
            for await (const request of requests) look(localName, request, ctx);
            return sampleOf(output);
          },
        ];
      return [
        localName,
        (request: unknown, ctx: HandlerContext) => {
          look(localName, request, ctx);
          return sampleOf(output);
        },
      ];
    }),
  );
}
