import type { DescEnum, DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';

type JsonObject = { [key: string]: JsonValue };

/** Messages of our own contracts are shallow; what is nested deeper is left for the parser to refuse. */
const DEPTH_MAX = 50;

/**
 * The same JSON in which every enum value that `schema` does not know is its `*_UNSPECIFIED`, and its text in `texts` by
 * path. The parser alone would leave such an element of a list out, which moves the others, and would forget the text.
 * What needs no change is not copied.
 */
export function normaliseEnums(
  schema: DescMessage,
  data: JsonObject,
  texts: Map<string, string>,
): JsonObject {
  return inMessage(schema, data, '', texts, 0);
}

function inMessage(
  schema: DescMessage,
  data: JsonObject,
  path: string,
  texts: Map<string, string>,
  depth: number,
): JsonObject {
  if (depth > DEPTH_MAX) return data;
  let changed: JsonObject | undefined;
  for (const field of fieldsWithEnums(schema)) {
    for (const name of new Set([field.jsonName, field.name])) {
      const value = data[name];
      if (value === undefined || value === null) continue;
      const known = inField(field, value, `${path}${path && '.'}${field.jsonName}`, texts, depth);
      if (known !== value) (changed ??= { ...data })[name] = known;
    }
  }
  return changed ?? data;
}

function inField(
  field: DescField,
  value: JsonValue,
  path: string,
  texts: Map<string, string>,
  depth: number,
): JsonValue {
  const single = (item: JsonValue, at: string): JsonValue => {
    if (field.enum) return knownValue(field.enum, item, at, texts);
    return field.message && isObject(item) ? inMessage(field.message, item, at, texts, depth + 1) : item;
  };
  if (field.fieldKind === 'list') {
    if (!Array.isArray(value)) return value;
    const items = value.map((item, i) => single(item, `${path}[${i}]`));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (field.fieldKind === 'map') {
    if (!isObject(value)) return value;
    // Keys of a map are data, so they are not part of a path.
    const entries = Object.entries(value).map(
      ([key, item], i) => [key, single(item, `${path}[${i}]`)] as const,
    );
    return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
  }
  return single(value, path);
}

function knownValue(desc: DescEnum, value: JsonValue, path: string, texts: Map<string, string>): JsonValue {
  const isKnown =
    typeof value === 'string'
      ? desc.values.some(({ name }) => name === value)
      : typeof value !== 'number' || desc.value[value] !== undefined;
  if (isKnown) return value;
  texts.set(path, String(value));
  return desc.values[0]?.name ?? 0;
}

const cache = new WeakMap<DescMessage, readonly DescField[]>();

/** Fields that are enums or can hold some; the rest is not looked at for every event. */
function fieldsWithEnums(schema: DescMessage): readonly DescField[] {
  let fields = cache.get(schema);
  if (!fields) {
    fields = schema.fields.filter(
      (field) => field.enum ?? (field.message && holdsEnums(field.message, new Set())),
    );
    cache.set(schema, fields);
  }
  return fields;
}

function holdsEnums(schema: DescMessage, seen: Set<string>): boolean {
  if (seen.has(schema.typeName) || schema.typeName.startsWith('google.protobuf.')) return false;
  seen.add(schema.typeName);
  return schema.fields.some((field) => field.enum ?? (field.message && holdsEnums(field.message, seen)));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
