import { isPersonal } from '@wardline/personal-data';

const REDACTED = '[redacted]';
const DEPTH_MAX = 8;
const ENTRIES_MAX = 100;

/**
 * Keys whose value is a secret or says something about a person, whatever its type, in lower case without `_` and `-`.
 * A safety net below the types: the rule is that such values are `Personal` or are not logged at all.
 */
const DANGEROUS_KEYS: ReadonlySet<string> = new Set([
  ...[
    'password',
    'passwd',
    'secret',
    'clientsecret',
    'token',
    'accesstoken',
    'refreshtoken',
    'idtoken',
    'jwt',
  ],
  ...['authorization', 'cookie', 'setcookie', 'apikey', 'privatekey', 'masterkey', 'servicekey', 'streamkey'],
  ...['credentials', 'connectionstring', 'databaseurl', 'adminurl'],
  ...['phone', 'phonenumber', 'patientphone', 'callerphone', 'callernumber', 'patientname', 'callername'],
  ...['firstname', 'lastname', 'fullname', 'email', 'dateofbirth', 'birthdate', 'mrn', 'ssn'],
  ...['text', 'transcript', 'utterance', 'said', 'spoken', 'heard'],
]);

/**
 * What an error of Postgres quotes from the row or the statement. The message itself names tables, columns and
 * constraints only (PostgreSQL manual, "Error Message Style Guide": values belong into DETAIL).
 */
const ERROR_FIELDS_WITH_VALUES: ReadonlySet<string> = new Set([
  ...[
    'detail',
    'where',
    'query',
    'internalquery',
    'parameters',
    'params',
    'rawmessage',
    'request',
    'response',
  ],
]);

/**
 * Makes a value fit for a log line: `Personal` and dangerous keys are redacted at any depth (arrays, error causes),
 * errors become plain objects with their causes, cycles and depth are cut, long lists shortened.
 */
export function sanitise(value: unknown): unknown {
  return walk(value, 0, new Set());
}

function walk(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (isPersonal(value)) return '[personal]';
  if (above.has(value)) return '[circular]';
  if (depth >= DEPTH_MAX) return '[too deep]';
  above.add(value);
  try {
    return walkObject(value, depth, above);
  } finally {
    above.delete(value);
  }
}

function walkObject(value: object, depth: number, above: Set<object>): unknown {
  if (isError(value)) return walkError(value, depth, above);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return walkList(value, depth, above);
  if (value instanceof Set) return walkList([...value], depth, above);
  if (value instanceof Map)
    return walkEntries(
      [...value].map(([k, v]) => [String(k), v]),
      depth,
      above,
    );
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const json: unknown = value.toJSON();
    return json === value ? walkEntries(Object.entries(value), depth, above) : walk(json, depth + 1, above);
  }
  return walkEntries(Object.entries(value), depth, above);
}

function walkList(list: readonly unknown[], depth: number, above: Set<object>): unknown[] {
  const shown = list.slice(0, ENTRIES_MAX).map((inner) => walk(inner, depth + 1, above));
  return list.length > ENTRIES_MAX ? [...shown, `[${list.length - ENTRIES_MAX} more]`] : shown;
}

function walkEntries(
  entries: [string, unknown][],
  depth: number,
  above: Set<object>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, inner] of entries.slice(0, ENTRIES_MAX)) {
    result[key] = isDangerous(key) && inner !== undefined ? REDACTED : walk(inner, depth + 1, above);
  }
  return result;
}

function walkError(error: Error, depth: number, above: Set<object>): Record<string, unknown> {
  const own = Object.entries(error).filter(([key]) => !ERROR_FIELDS_WITH_VALUES.has(key.toLowerCase()));
  const result: Record<string, unknown> = {
    ...walkEntries(own, depth, above),
    type: error.name,
    message: error.message,
    stack: error.stack,
  };
  if (error.cause !== undefined) result['cause'] = walk(error.cause, depth + 1, above);
  if (error instanceof AggregateError) result['errors'] = walkList(error.errors, depth, above);
  return result;
}

function isDangerous(key: string): boolean {
  return DANGEROUS_KEYS.has(key.toLowerCase().replaceAll(/[_-]/g, ''));
}

/** Also for errors of another realm (Jest runs tests in one), where `instanceof Error` is false. */
function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
