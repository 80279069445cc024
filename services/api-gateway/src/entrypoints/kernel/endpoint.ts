import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { AuditSubject, AuditSubjectKind } from '../../domain/audit-subjects.ts';
import type { Permission, Principal } from '../../domain/permissions.ts';
import type { Hospital } from '../../ports/hospital.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * Who may ask: a permission of the table; anybody who is signed in; everybody; or somebody whose own proof the handler
 * itself checks (a token of the event stream, the carrier's signature).
 */
export type Access = Permission | 'signed-in' | 'public' | 'integrator-token' | 'carrier-signature';

/** A body that is not JSON. The handler reads it from `req`, piece by piece, and nothing else has read from it. */
export interface RawBody {
  readonly contentType: string;
  readonly description: string;
}

/** An answer that is not JSON. */
export interface RawAnswer {
  readonly contentType: string;
  readonly description: string;
}

/** What is answered with a status: JSON of a schema, something else, or nothing at all. */
export type AnswerSpec = z.ZodType | RawAnswer | null;

/** The handler has answered, or goes on answering, through `res` itself: event streams, files, what is forwarded. */
export const handled = Symbol('handled');

/** Told by a handler; sent by the kernel after the answer was checked and audited. */
export type AnswerOf<R extends Record<number, AnswerSpec>> = {
  [S in keyof R & number]: {
    readonly status: S;
    readonly headers?: Readonly<Record<string, string>>;
  } & (R[S] extends z.ZodType
    ? { readonly body: z.input<R[S]> }
    : R[S] extends null
      ? { readonly body?: never }
      : { readonly text: AsyncIterable<string | Uint8Array> | string });
}[keyof R & number];

export interface Asked<P = unknown, Q = unknown, B = unknown> {
  /** Throws on endpoints that ask for no sign-in. */
  readonly principal: Principal;
  /** The services, as the hospital of the principal sees them. */
  readonly hospital: Hospital;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** As the header gave it; empty when it is absent and optional. */
  readonly idempotencyKey: string;
  /** For what goes on for long: whether who asked would still be let in now. */
  readonly stillAdmitted: () => Promise<boolean>;
  readonly req: Request;
  readonly res: Response;
}

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What of personal data a request reads or changes: a line of the audit, written before the answer leaves. */
export interface Audit<P = unknown, Q = unknown, B = unknown> {
  /** A word of the audit, such as `calls.read`. */
  readonly action: string;
  /** What it was done to, as `kind/id` or `kind`. Ids only: the audit holds no personal data itself. */
  readonly subject: (asked: Asked<P, Q, B>, answer: { readonly body?: unknown }) => AuditSubject;
  /** More that an auditor wants to know: ids, counts, words; never names, numbers or texts. */
  readonly details?: (asked: Asked<P, Q, B>, answer: { readonly body?: unknown }) => Record<string, unknown>;
  /**
   * Of reads that an open page repeats by itself: after a line, the same user who asks the same again (subject, filters, page
   * of the list) within this time gets no other one.
   */
  readonly onceInMs?: number;
  readonly personal: true;
}

/** What a page asks again and again while it is open is one look in this time. */
export const openPageMs = 5 * 60_000;

/** An endpoint as data: the mounted route, the check of what comes and goes, and the document are all made from it. */
export interface EndpointSpec<
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | RawBody | undefined,
  R extends Record<number, AnswerSpec>,
> {
  /** `operationId` of the document. */
  readonly id: string;
  readonly method: Method;
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly path: `/${string}`;
  /** The path is one of the whole server instead. */
  readonly root?: boolean;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Most bytes of a JSON body. Default 64 kB. */
  readonly bodyBytesMax?: number;
  /**
   * Header `Idempotency-Key`. `passed-on`: required, and kept by the service behind. `kept`: optional; the gateway keeps the
   * first answer for a day and gives it again.
   */
  readonly idempotency?: 'passed-on' | 'kept';
  readonly responses: R;
  /** Refusals of its own, by status, for the document; those that every endpoint has need not be named. */
  readonly problems?: Readonly<Record<number, string>>;
  readonly audit?: Audit<OutputOf<P>, OutputOf<Q>, OutputOf<B>>;
  /** Asked for once a minute at most so many times by a user, beyond what all requests together may. */
  readonly perMinute?: number;
  readonly handler: (
    asked: Asked<OutputOf<P>, OutputOf<Q>, OutputOf<B>>,
  ) => Promise<AnswerOf<NoInfer<R>> | typeof handled>;
}

/** An endpoint whose types are forgotten, as lists of them hold it. */
export interface Endpoint {
  readonly id: string;
  readonly method: Method;
  readonly path: `/${string}`;
  readonly root?: boolean;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: z.ZodType | undefined;
  readonly query?: z.ZodType | undefined;
  readonly body?: z.ZodType | RawBody | undefined;
  readonly bodyBytesMax?: number;
  readonly idempotency?: 'passed-on' | 'kept';
  readonly responses: Readonly<Record<number, AnswerSpec>>;
  readonly problems?: Readonly<Record<number, string>>;
  readonly audit?: Audit;
  readonly perMinute?: number;
  readonly handler: (asked: Asked) => Promise<GivenAnswer | typeof handled>;
}

export interface GivenAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: AsyncIterable<string | Uint8Array> | string;
}

/** Declares an endpoint; the handler's types come from its schemas. */
export function endpoint<
  R extends Record<number, AnswerSpec>,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | RawBody | undefined = undefined,
>(spec: EndpointSpec<P, Q, B, R>): Endpoint {
  // What the kernel hands to the handler was made by the very schemas of the spec.
  return spec as unknown as Endpoint;
}

export const isRaw = (spec: unknown): spec is RawAnswer =>
  typeof spec === 'object' && spec !== null && 'contentType' in spec;

/** Where an endpoint is, from the root of the server. */
export const fullPathOf = (one: Pick<Endpoint, 'path' | 'root'>): string =>
  one.root ? one.path : `/api/v1${one.path}`;

/** Whether the kernel asks for a sign-in. */
export const needsSignIn = (access: Access): access is Permission | 'signed-in' =>
  access !== 'public' && access !== 'integrator-token' && access !== 'carrier-signature';

export const permissionOf = (access: Access): Permission | undefined =>
  needsSignIn(access) && access !== 'signed-in' ? access : undefined;

/** The changes among endpoints, audited as their id with the id of what they change; reads stay as they are. */
export const auditedChanges = (kind: AuditSubjectKind, endpoints: readonly Endpoint[]): Endpoint[] =>
  endpoints.map((one) =>
    one.method === 'get'
      ? one
      : {
          ...one,
          audit: {
            action: `${kind}.${one.id}`,
            subject: ({ params }, { body }) => {
              const { id } = { ...(body as { id?: string }), ...(params as { id?: string }) };
              return id === undefined ? kind : `${kind}/${id}`;
            },
            personal: true,
          },
        },
  );
