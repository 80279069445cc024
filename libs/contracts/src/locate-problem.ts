import { fromJson, ScalarType, type DescField, type DescMessage, type JsonValue } from '@bufbuild/protobuf';

type JsonObject = { [key: string]: JsonValue };

export interface Problem {
  readonly path: string;
  readonly problem: string;
}

/**
 * Where JSON that the parser has refused is wrong, and what it should be there. Asks the parser about one part at a time,
 * so that there is one set of rules; slow, and only used once something is wrong.
 */
export function locateProblem(schema: DescMessage, data: JsonObject): Problem {
  return inMessage(schema, data, '') ?? { path: '', problem: `not a ${schema.name}` };
}

function inMessage(schema: DescMessage, data: JsonObject, prefix: string): Problem | undefined {
  for (const field of schema.fields) {
    const path = `${prefix}${prefix && '.'}${field.jsonName}`;
    const [first, second] = [
      data[field.jsonName],
      field.name === field.jsonName ? undefined : data[field.name],
    ];
    if (first !== undefined && second !== undefined) return { path, problem: 'given twice' };
    const value = first ?? second;
    if (value === undefined || reads(schema, field, value)) continue;
    return inside(schema, field, value, path) ?? { path, problem: `expected ${expected(field)}` };
  }
  return undefined;
}

/** The part of a list, map or message that is wrong; undefined when it is the value itself. */
function inside(schema: DescMessage, field: DescField, value: JsonValue, path: string): Problem | undefined {
  if (field.fieldKind === 'list' || field.fieldKind === 'map') {
    const parts: [JsonValue, JsonValue][] =
      field.fieldKind === 'list' && Array.isArray(value)
        ? value.map((item) => [item, [item]])
        : field.fieldKind === 'map' && isObject(value)
          ? Object.entries(value).map(([key, item]) => [item, { [key]: item }])
          : [];
    const at = parts.findIndex(([, alone]) => !reads(schema, field, alone));
    const part = parts[at];
    if (!part) return undefined;
    const item = `${path}[${at}]`;
    return inOwnMessage(field, part[0], item) ?? { path: item, problem: `expected ${expectedItem(field)}` };
  }
  return inOwnMessage(field, value, path);
}

function inOwnMessage(field: DescField, value: JsonValue, path: string): Problem | undefined {
  const message = field.message;
  if (!message || message.typeName.startsWith('google.protobuf.') || !isObject(value)) return undefined;
  return inMessage(message, value, path);
}

function reads(schema: DescMessage, field: DescField, value: JsonValue): boolean {
  try {
    fromJson(schema, { [field.jsonName]: value }, { ignoreUnknownFields: true });
    return true;
  } catch {
    // Its text can hold the value. That it refuses is all that is asked here.
    return false;
  }
}

function expected(field: DescField): string {
  if (field.fieldKind === 'list') return 'an array';
  if (field.fieldKind === 'map') return 'an object';
  return expectedItem(field);
}

function expectedItem(field: DescField): string {
  if (field.enum) return `a ${field.enum.name}`;
  switch (field.message?.typeName) {
    case undefined:
      return field.scalar === undefined ? 'another type' : expectedScalar(field.scalar);
    case 'google.protobuf.Timestamp':
      return 'a time (RFC 3339)';
    case 'google.protobuf.Duration':
      return 'a duration ("1.5s")';
    default:
      return 'an object';
  }
}

function expectedScalar(scalar: ScalarType): string {
  switch (scalar) {
    case ScalarType.STRING:
      return 'a string';
    case ScalarType.BOOL:
      return 'true or false';
    case ScalarType.BYTES:
      return 'base64';
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return 'a number';
    default:
      return 'a whole number';
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
