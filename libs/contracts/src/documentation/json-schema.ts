import { ScalarType, type DescEnum, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { descriptionOf } from './contract-image.ts';

/** A JSON Schema, in the part of the language that 2020-12 and draft-07 (which AsyncAPI is built on) share. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A personal value; inside the platform it is sealed. */
const PERSONAL = 'wardline.events.v1.EncryptedText';

/** Where a schema finds another one: `#/$defs/` in a document of its own, `#/components/schemas/` in AsyncAPI. */
export interface SchemaPlace {
  readonly refPrefix: string;
}

/** What integrators receive of a message, as one schema for itself and one for every enum and message that it names. */
export function publicSchemas(message: DescMessage, place: SchemaPlace): Map<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>();
  add(message, place, schemas);
  return schemas;
}

/** A document of its own, JSON Schema 2020-12. */
export function schemaDocument(message: DescMessage): JsonSchema {
  const [own, ...others] = publicSchemas(message, { refPrefix: '#/$defs/' });
  const $defs = Object.fromEntries(others);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:wardline:events:${message.typeName}`,
    ...own?.[1],
    ...(others.length === 0 ? {} : { $defs }),
  };
}

export const isPersonal = (field: DescField): boolean => field.message?.typeName === PERSONAL;

/**
 * Whether a field is in every event. Texts, numbers, enums and lists are, with their defaults; messages only when they were
 * set, and personal values only for subscriptions with that scope.
 */
export function isAlwaysThere(field: DescField): boolean {
  if (isPersonal(field)) return false;
  return (
    field.fieldKind === 'list' ||
    field.fieldKind === 'map' ||
    (field.oneof === undefined && field.presence === FeatureSet_FieldPresence.IMPLICIT)
  );
}

function add(message: DescMessage, place: SchemaPlace, schemas: Map<string, JsonSchema>): void {
  if (schemas.has(message.name)) return;
  // Reserves its place, so that it comes before what it names and may name itself.
  schemas.set(message.name, {});
  const required = message.fields.filter(isAlwaysThere).map((field) => field.jsonName);
  schemas.set(message.name, {
    title: message.name,
    description: descriptionOf(message),
    type: 'object',
    properties: Object.fromEntries(
      message.fields.map((field) => [field.jsonName, schemaOfField(field, place, schemas)]),
    ),
    ...(required.length === 0 ? {} : { required }),
    // Fields are added in later versions; a reader ignores those it does not know.
    additionalProperties: true,
  });
}

function schemaOfField(field: DescField, place: SchemaPlace, schemas: Map<string, JsonSchema>): JsonSchema {
  const description = descriptionOf(field);
  const item = schemaOfItem(field, place, schemas);
  if (field.fieldKind === 'list') return { description, type: 'array', items: item };
  if (field.fieldKind === 'map') return { description, type: 'object', additionalProperties: item };
  if (isPersonal(field)) {
    return {
      description: `${description} Personal: only for subscriptions with the personal scope, otherwise absent; absent as well once it was erased.`,
      ...item,
    };
  }
  // Keywords beside $ref are ignored in draft-07, so the description goes around it.
  return '$ref' in item ? { description, allOf: [item] } : { description, ...item };
}

function schemaOfItem(field: DescField, place: SchemaPlace, schemas: Map<string, JsonSchema>): JsonSchema {
  if (field.enum) {
    schemas.set(field.enum.name, enumSchema(field.enum));
    return { $ref: `${place.refPrefix}${field.enum.name}` };
  }
  if (!field.message) return scalarSchema(field.scalar);
  const known = wellKnown[field.message.typeName];
  if (known) return known;
  add(field.message, place, schemas);
  return { $ref: `${place.refPrefix}${field.message.name}` };
}

const wellKnown: Readonly<Record<string, JsonSchema>> = {
  [PERSONAL]: { type: 'string', 'x-personal': true },
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  // The JSON mapping of protobuf, not ISO 8601: seconds with up to nine decimals.
  'google.protobuf.Duration': {
    type: 'string',
    pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$',
    examples: ['93.500s'],
  },
};

/** A text rather than a closed list: a value that is added later must not make a receiver's validation fail. */
function enumSchema(desc: DescEnum): JsonSchema {
  const unspecified = desc.values[0]?.name ?? '';
  const prefix = unspecified.replace(/UNSPECIFIED$/, '');
  return {
    title: desc.name,
    description: `${descriptionOf(desc)} Values may be added: read one that you do not know as ${unspecified}.`,
    type: 'string',
    pattern: `^${prefix}[A-Z0-9_]+$`,
    anyOf: [
      ...desc.values.map((value) => ({ const: value.name, description: descriptionOf(value) })),
      { description: `A value of a later version; read it as ${unspecified}.` },
    ],
  };
}

function scalarSchema(scalar: ScalarType | undefined): JsonSchema {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 };
    default:
      // 64-bit integers lose their last digits in many JSON readers, so the JSON mapping makes them texts; we avoid them.
      return { type: 'string', pattern: '^-?[0-9]+$' };
  }
}
