import type { Logger } from '@wardline/observability';
import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Permission, Principal } from '../../domain/permissions.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { HospitalOf } from '../../ports/hospital.ts';
import type { KeptAnswers } from '../../app/kept-answers.ts';
import { createRecentLooks, type RecentLooks } from '../../app/recent-looks.ts';
import { Problem, problemOf } from '../problem.ts';
import {
  fullPathOf,
  handled,
  isRaw,
  needsSignIn,
  permissionOf,
  type Asked,
  type Endpoint,
  type GivenAnswer,
} from './endpoint.ts';
import { assertPlain } from './plain-values.ts';
import { statusesOf } from './statuses.ts';

/** Who is behind a request; undefined when it shows nothing that is valid. */
export type Authenticate = (req: Request) => Promise<Principal | undefined>;

export interface ServeOptions {
  readonly endpoints: readonly Endpoint[];
  readonly authenticate: Authenticate;
  readonly hospitalOf: HospitalOf;
  readonly audit: AuditTrail;
  /** Which looks need no further line of the audit; by default of this router alone. */
  readonly looks?: RecentLooks;
  /** Throws a Problem 429 when there were too many requests. `principal` is undefined where nobody is signed in. */
  readonly limit?: (
    req: Request,
    res: Response,
    endpoint: Endpoint,
    principal: Principal | undefined,
  ) => Promise<void>;
  /** The same of what an endpoint itself allows per minute; asked of those who may ask for it at all. */
  readonly limitEndpoint?: (
    req: Request,
    res: Response,
    endpoint: Endpoint,
    principal: Principal,
  ) => Promise<void>;
  readonly kept?: KeptAnswers | undefined;
  /** `refuse`: an answer that breaks its own schema is an error. `log`: it is sent, and told to the log. */
  readonly checkAnswers: 'refuse' | 'log';
  readonly logger: Logger;
}
type Serve = ServeOptions & Required<Pick<ServeOptions, 'looks'>>;

const idempotencyKey = z
  .string({
    error:
      'The Idempotency-Key header is required: any text of up to 200 characters that stays the same when you repeat the request.',
  })
  .min(1)
  .max(200);

/** A router with all endpoints, each behind sign-in, permission, limits and checks as it declares. */
export function serveEndpoints(o: ServeOptions): Router {
  assertConsistent(o.endpoints);
  const router = Router();
  const serve = { looks: createRecentLooks(), ...o };
  for (const one of o.endpoints) {
    const path = fullPathOf(one).replaceAll(/\{(\w+)\}/g, ':$1');
    router[one.method](path, ...stepsOf(one, serve));
  }
  return router;
}

function stepsOf(one: Endpoint, o: Serve): RequestHandler[] {
  const principals = new WeakMap<Request, Principal>();
  const admit: RequestHandler = async (req, res, next) => {
    if (!one.root) res.setHeader('cache-control', 'no-store');
    const principal = needsSignIn(one.access) ? await o.authenticate(req) : undefined;
    await o.limit?.(req, res, one, principal);
    if (needsSignIn(one.access)) {
      if (!principal) {
        res.setHeader('www-authenticate', 'Bearer realm="wardline"');
        throw new Problem(
          401,
          'unauthenticated',
          'Please sign in: send "Authorization: Bearer" with a valid token.',
        );
      }
      const permission = permissionOf(one.access);
      if (permission && !principal.permissions.has(permission)) await refuse(one, o, principal, permission);
      await o.limitEndpoint?.(req, res, one, principal);
      principals.set(req, principal);
    }
    next();
  };
  const answer: RequestHandler = async (req, res) => {
    try {
      await answerTo(one, o, req, res, principals.get(req));
    } catch (error) {
      throw undeclared(one, o, error);
    }
  };
  return [admit, ...bodySteps(one), answer];
}

async function refuse(
  one: Endpoint,
  o: ServeOptions,
  who: Principal,
  permission: Permission,
): Promise<never> {
  const { tenantId, userId, role } = who;
  try {
    await o.audit.record({
      ...{ tenantId, userId, role, action: one.id, subject: one.path, outcome: 'refused' },
      details: { permission },
    });
  } catch (err) {
    // It stays refused; the log has it instead.
    o.logger.error('a refused attempt could not be audited', { err, user_id: userId, endpoint: one.id });
  }
  throw new Problem(403, 'forbidden', `Your role (${role}) does not have the permission ${permission}.`, {
    permission,
  });
}

function bodySteps(one: Endpoint): RequestHandler[] {
  if (!one.body) return [];
  const type = isRaw(one.body) ? one.body.contentType : 'application/json';
  const typed: RequestHandler = (req, _res, next) => {
    const wanted = type === '*/*' || req.is(type) !== false;
    // An empty body without a type is told by the schema, which says what is missing.
    if (!wanted && (isRaw(one.body) || req.headers['content-type'] !== undefined || hasBody(req)))
      throw new Problem(415, 'unsupported-media-type', `This takes a body of the type ${type}.`);
    next();
  };
  if (isRaw(one.body)) return [typed];
  const read = express.json({ limit: one.bodyBytesMax ?? 64 * 1024 });
  const withinTime: RequestHandler = (req, res, next) => {
    const timer = setTimeout(() => req.destroy(), bodyMs);
    read(req, res, (error?: unknown) => {
      clearTimeout(timer);
      next(error);
    });
  };
  return [typed, withinTime];
}

/** A body of JSON is small: whoever takes longer to send it holds a connection open. */
const bodyMs = 30_000;

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

async function answerTo(
  one: Endpoint,
  o: Serve,
  req: Request,
  res: Response,
  principal: Principal | undefined,
): Promise<void> {
  const asked = askedOf(one, o, req, res, principal);
  const { audit } = one;
  const record = async (answer: GivenAnswer) => {
    if (!audit || !principal) return;
    const { tenantId, userId, role } = principal;
    const line = { tenantId, userId, role, action: audit.action, outcome: 'done' as const };
    const subject = audit.subject(asked, answer);
    const look = { tenantId, userId, role, action: audit.action, subject, query: asked.query };
    if (audit.onceInMs !== undefined && o.looks.has(look)) return;
    try {
      await o.audit.record({ ...line, subject, details: audit.details?.(asked, answer) ?? {} });
      if (audit.onceInMs !== undefined) o.looks.add(look, audit.onceInMs);
    } catch (err) {
      // Of a change, the line in the log is what remains: the change itself has happened.
      o.logger.error('audit could not be written', { ...line, subject, err });
      throw new Problem(
        503,
        'audit-unavailable',
        'This cannot be recorded in the audit now; please try again.',
      );
    }
  };
  // What answers through `res` itself is recorded before it begins.
  const answersItself = Object.values(one.responses).some((spec) => isRaw(spec));
  if (answersItself) await record({ status: 200 });

  const work = async (): Promise<GivenAnswer> => {
    const given = await one.handler(asked);
    return given === handled ? { status: 0 } : given;
  };
  const answer = await onceFor(one, o, asked, principal, work);
  if (answer.status === 0) return;

  const checked = check(one, o, answer);
  if (!answersItself) await record(answer);
  const spec = one.responses[answer.status];
  const { text = '' } = answer;
  const ready = typeof text === 'string' ? text : await begun(text);
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value);
  res.status(answer.status);
  if (isRaw(spec)) await sendRaw(res, spec.contentType, ready);
  else if (spec === null) res.end();
  else res.json(checked);
}

/** The work, or the answer that the same key was given before. */
async function onceFor(
  one: Endpoint,
  o: ServeOptions,
  asked: Asked,
  principal: Principal | undefined,
  work: () => Promise<GivenAnswer>,
): Promise<GivenAnswer> {
  const { idempotencyKey: key, params, query, body } = asked;
  if (one.idempotency !== 'kept' || !o.kept || !principal || key === '') return work();
  const { tenantId, userId } = principal;
  const by = { tenantId, userId, endpoint: one.id, key, request: [params, query, body] };
  const found = await o.kept.once(by, work);
  switch (found.kind) {
    case 'other-request':
      throw new Problem(
        422,
        'idempotency-key-reused',
        'This Idempotency-Key came with another request before.',
      );
    case 'under-way':
      throw new Problem(409, 'contention', 'The first request with this Idempotency-Key is still under way.');
    case 'answer':
      if (found.replayed) asked.res.setHeader('idempotent-replayed', 'true');
      return found.answer;
    default:
      return found satisfies never;
  }
}

async function sendRaw(
  res: Response,
  contentType: string,
  text: AsyncIterable<string | Uint8Array> | string,
): Promise<void> {
  if (!res.hasHeader('content-type')) res.setHeader('content-type', contentType);
  if (typeof text === 'string') return void res.send(text);
  // A reader that leaves ends the source; an error in the middle cuts the answer off, so that it is not taken for whole.
  await pipeline(Readable.from(text), res);
}

/** What fails before the first piece of an answer is still told as a problem. */
async function begun(text: AsyncIterable<string | Uint8Array>): Promise<AsyncIterable<string | Uint8Array>> {
  const source = text[Symbol.asyncIterator]();
  let first: IteratorResult<string | Uint8Array> | undefined = await source.next();
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const piece = first ?? (await source.next());
        first = undefined;
        return piece;
      },
      return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    }),
  };
}

function askedOf(
  one: Endpoint,
  o: ServeOptions,
  req: Request,
  res: Response,
  principal: Principal | undefined,
): Asked {
  assertPlain({ ...req.params, ...req.query });
  if (one.body && !isRaw(one.body)) assertPlain(req.body);
  const params = one.params?.parse(req.params);
  const query = one.query?.parse(req.query);
  const body = one.body && !isRaw(one.body) ? one.body.parse(req.body) : undefined;
  const header = req.headers['idempotency-key'];
  const required = one.idempotency === 'passed-on';
  const key = one.idempotency && (required || header !== undefined) ? idempotencyKey.parse(header) : '';
  const signedIn = (): Principal => {
    if (!principal) throw new Error(`${one.id} asks for no sign-in, so it has no principal`);
    return principal;
  };
  return {
    ...{ params, query, body, idempotencyKey: key, req, res },
    stillAdmitted: async () => {
      const now = await o.authenticate(req);
      const permission = permissionOf(one.access);
      return now !== undefined && (permission === undefined || now.permissions.has(permission));
    },
    get principal() {
      return signedIn();
    },
    get hospital() {
      return o.hospitalOf(signedIn().tenantId);
    },
  };
}

/** The answer as its schema has it. */
function check(one: Endpoint, o: ServeOptions, answer: GivenAnswer): unknown {
  const spec = one.responses[answer.status];
  if (spec === undefined) return broken(one, o, answer, [`status ${answer.status} is not declared`]);
  if (spec === null || isRaw(spec)) return undefined;
  const parsed = spec.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  // Paths and messages, never values: they may be personal.
  return broken(
    one,
    o,
    answer,
    parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.code} ${i.message}`),
  );
}

function broken(one: Endpoint, o: ServeOptions, answer: GivenAnswer, problems: string[]): unknown {
  if (o.checkAnswers === 'refuse')
    throw new Error(`the answer of ${one.id} breaks its schema: ${problems.join('; ')}`);
  o.logger.error('an answer breaks its schema', { endpoint: one.id, status: answer.status, problems });
  return answer.body;
}

/** A refusal that the document does not know is as wrong as an answer that breaks its schema. */
function undeclared(one: Endpoint, o: ServeOptions, error: unknown): unknown {
  const problem = problemOf(error);
  if (!problem || statusesOf(one).has(problem.status)) return error;
  const text = `${one.id} refuses with ${problem.status} ${problem.code}, which it does not declare`;
  if (o.checkAnswers === 'refuse') return new Error(text, { cause: error });
  o.logger.error('a refusal is not declared', {
    endpoint: one.id,
    status: problem.status,
    code: problem.code,
  });
  return error;
}

function assertConsistent(endpoints: readonly Endpoint[]): void {
  const seen = new Set<string>();
  for (const one of endpoints) {
    const names = [...fullPathOf(one).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const mark of [one.id, `${one.method} ${fullPathOf(one).replaceAll(/\{\w+\}/g, '{}')}`]) {
      if (seen.has(mark)) throw new Error(`two endpoints are ${mark}`);
      seen.add(mark);
    }
    if (names.length > 0 && !one.params) throw new Error(`${one.id} has parameters without a schema`);
    if (one.audit && !needsSignIn(one.access))
      throw new Error(`${one.id} is audited, but asks for no sign-in`);
  }
}
