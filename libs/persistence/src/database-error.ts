/** What PostgreSQL said, dug out of however many layers wrap it. */
export interface DatabaseError {
  /** SQLSTATE (PostgreSQL manual, appendix A), such as `23505`. */
  readonly sqlState: string | undefined;
  /** The violated constraint's name, when it is known. */
  readonly constraint: string | undefined;
  /** The server's message; it may quote values, so it is for matching, not for logs. */
  readonly message: string;
}

type Unknown = Readonly<Record<string, unknown>>;

/** `cause` chains are short; the bound only stops one that goes in a circle. */
const DEPTH_MAX = 8;

/**
 * Finds the database's own error inside an error of `pg`, of Prisma's driver adapter or of the Prisma client.
 *
 * The shapes are those of Prisma 7.10 with `@prisma/adapter-pg`, seen in this package's tests: model queries throw
 * `PrismaClientKnownRequestError` (P2002, P2003, P2004, P2034 …), raw ones P2010, both with
 * `meta.driverAdapterError` = a `DriverAdapterError`, whose `cause` has `originalCode` (the SQLSTATE) and, per kind,
 * `constraint: { index } | { fields }`. Exceptions in BEGIN and COMMIT arrive as a bare `DriverAdapterError`.
 */
export function databaseErrorOf(error: unknown): DatabaseError | undefined {
  let sqlState: string | undefined;
  let constraint: string | undefined;
  let message: string | undefined;
  for (const layer of layersOf(error)) {
    sqlState ??= sqlStateOf(layer);
    constraint ??= constraintOf(layer);
    message = text(layer['originalMessage']) ?? text(layer['message']) ?? message;
  }
  if (sqlState === undefined) return undefined;
  return { sqlState, constraint: constraint ?? quotedConstraint(message), message: message ?? '' };
}

/** The error and everything it wraps, outermost first. */
export function* layersOf(error: unknown): Generator<Unknown> {
  let layers = isObject(error) ? [error] : [];
  for (let depth = 0; depth < DEPTH_MAX && layers.length > 0; depth++) {
    yield* layers;
    layers = layers.flatMap((layer) => {
      const meta = isObject(layer['meta']) ? layer['meta'] : undefined;
      return [layer['cause'], meta?.['driverAdapterError'], meta?.['cause']].filter(isObject);
    });
  }
}

const prismaCodes: Readonly<Record<string, string>> = { P2002: '23505', P2003: '23503', P2034: '40001' };

function sqlStateOf(layer: Unknown): string | undefined {
  const original = text(layer['originalCode']);
  if (original && isSqlState(original)) return original;
  const code = text(layer['code']);
  if (code && isSqlState(code)) return code;
  if (layer['kind'] === 'TransactionWriteConflict') return '40001';
  return code ? prismaCodes[code] : undefined;
}

/** SQLSTATEs are five of [0-9A-Z]; so are Prisma's own `P2002`, which are told apart by their first letter. */
function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !/^P[12]\d{3}$/.test(code);
}

function constraintOf(layer: Unknown): string | undefined {
  const constraint = layer['constraint'];
  if (typeof constraint === 'string') return constraint;
  return isObject(constraint) ? text(constraint['index']) : undefined;
}

/**
 * Exclusion and check violations reach us without the constraint's field, only in the server's sentence
 * (`conflicting key value violates exclusion constraint "name"`), in English because the server is started so.
 */
function quotedConstraint(message: string | undefined): string | undefined {
  return /constraint "([^"]+)"/.exec(message ?? '')?.[1];
}

function isObject(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export type ConstraintKind = 'unique' | 'exclusion' | 'foreign-key' | 'check';

const sqlStates = {
  unique: '23505',
  exclusion: '23P01',
  'foreign-key': '23503',
  check: '23514',
} as const satisfies Record<ConstraintKind, string>;

/** Whether an error, however wrapped, is a violation of this kind, and of this constraint when one is named. */
export function isConstraintViolation(e: unknown, kind: ConstraintKind, constraint?: string): boolean {
  const error = databaseErrorOf(e);
  if (error?.sqlState !== sqlStates[kind]) return false;
  return constraint === undefined || error.constraint === constraint;
}

/** Whether PostgreSQL undid the transaction because of a concurrent one: the same work may succeed when repeated. */
export function isTransactionConflict(e: unknown): boolean {
  const state = databaseErrorOf(e)?.sqlState;
  return state === '40001' || state === '40P01';
}
