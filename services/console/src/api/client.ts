import { auth } from '../auth/auth.ts';

/** What is wrong with one field of what was sent. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** An answer that is not the wanted one; `message` is the problem's own text, made for people. */
export class ApiError extends Error {
  readonly status: number;
  /** The problem's word for programs, such as "taken"; empty when the answer had none. */
  readonly code: string;
  readonly problems: readonly FieldProblem[];
  constructor(status: number, code: string, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

interface RequestOptions {
  /** For what creates something: the same key again is the same wish again, and creates nothing twice. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** How the body is sent when it is not JSON, such as "text/csv". */
  readonly contentType?: string;
}

async function send(method: string, path: string, body: unknown, o: RequestOptions): Promise<Response> {
  const headers = new Headers();
  const token = await auth.accessToken();
  if (token) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', o.contentType ?? 'application/json');
  if (o.idempotencyKey) headers.set('idempotency-key', o.idempotencyKey);
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: o.contentType ? (body as BodyInit) : JSON.stringify(body) }),
      ...(o.signal ? { signal: o.signal } : {}),
    });
  } catch (error) {
    if (o.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The server cannot be reached. It is tried again.');
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const problem = (isJson ? await response.json() : {}) as {
    code?: string;
    detail?: string;
    problems?: readonly FieldProblem[];
  };
  return new ApiError(
    response.status,
    problem.code ?? '',
    problem.detail ?? 'The server did not answer as expected. Please try again.',
    Array.isArray(problem.problems) ? problem.problems : [],
  );
}

/** One request with the bearer token; a token that has just run out is renewed, once. Throws ApiError. */
export async function response(
  method: string,
  path: string,
  body?: unknown,
  o: RequestOptions = {},
): Promise<Response> {
  let answer = await send(method, path, body, o);
  if (answer.status === 401 && (await auth.renew())) answer = await send(method, path, body, o);
  if (answer.ok) return answer;
  if (answer.status === 401) auth.lost();
  throw await problemOf(answer);
}

export async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  o: RequestOptions = {},
): Promise<T> {
  const answer = await response(method, path, body, o);
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return (isJson ? await answer.json() : undefined) as T;
}

type Value = string | number | boolean | undefined;

/** The values that are there, as an address's query with its "?"; empty without any. */
export function query(values: Readonly<Record<string, Value>>): string {
  const there = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return there.length === 0
    ? ''
    : `?${new URLSearchParams(there.map(([name, value]) => [name, String(value)])).toString()}`;
}

export interface Items<T> {
  readonly items: readonly T[];
}

/** A part of a long list; `next` is the cursor of what follows. */
export interface Slice<T> extends Items<T> {
  readonly next: string | null;
}
