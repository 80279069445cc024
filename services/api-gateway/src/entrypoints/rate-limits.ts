import { ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit';
import type { Request, RequestHandler, Response } from 'express';
import type { Principal } from '../domain/permissions.ts';
import type { Endpoint } from './kernel/endpoint.ts';
import { Problem } from './problem.ts';

export interface RateLimit {
  readonly requestsMax: number;
  readonly windowMs: number;
}

/** Far above what people and fair integrations do, so that only a loop gone wrong, or somebody who tries things out, meets them. */
export const usualRateLimits = {
  /** All requests of one user. */
  user: { requestsMax: 2_000, windowMs: 10_000 },
  /** Requests from one address that show nobody who is signed in: a hospital's staff may share one. */
  address: { requestsMax: 600, windowMs: 60_000 },
  /** Signing in, refreshing tokens. */
  signIn: { requestsMax: 1_200, windowMs: 60_000 },
} as const satisfies Record<string, RateLimit>;

export type RateLimits = Record<keyof typeof usualRateLimits, RateLimit>;

/** Those whose sender proves itself to the handler have limits of their own, and come in bursts. */
const exempt: ReadonlySet<Endpoint['access']> = new Set(['carrier-signature', 'integrator-token']);

/** Limits to how often somebody may ask, the same over all instances: 429 with `Retry-After`. */
export function createRateLimits(o: {
  readonly storeOf: (prefix: string, windowMs: number) => Store;
  readonly limits?: Partial<RateLimits>;
}) {
  const limits = { ...usualRateLimits, ...o.limits };
  const keys = new WeakMap<Request, { key: string; max: number }>();
  const of = (prefix: string, { requestsMax, windowMs }: RateLimit): RequestHandler =>
    rateLimit({
      windowMs,
      limit: (req) => keys.get(req)?.max ?? requestsMax,
      keyGenerator: (req) => keys.get(req)?.key ?? addressOf(req),
      store: o.storeOf(prefix, windowMs),
      standardHeaders: 'draft-8',
      identifier: prefix,
      legacyHeaders: false,
      handler: (_req, _res, next) => {
        next(new Problem(429, 'too-many-requests', 'Too many requests; please slow down.'));
      },
      // It would have whoever is behind a proxy counted as one; which proxies are trusted is configured.
      validate: { trustProxy: false, xForwardedForHeader: false, forwardedHeader: false },
    });
  const user = of('user', limits.user);
  const address = of('address', limits.address);
  const perMinute = of('endpoint', { requestsMax: 60, windowMs: 60_000 });
  const run = (limiter: RequestHandler, req: Request, res: Response) =>
    new Promise<void>((resolve, reject) => {
      // What it answers by itself is nothing: refusals come as errors.
      void limiter(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });

  return {
    /** For the kernel: before anything else is looked at. */
    async limit(req: Request, res: Response, one: Endpoint, principal: Principal | undefined): Promise<void> {
      if (exempt.has(one.access)) return;
      if (!principal) return run(address, req, res);
      keys.set(req, { key: principal.userId, max: limits.user.requestsMax });
      await run(user, req, res);
    },
    /** For the kernel: of what an endpoint allows per minute, once it is known that the user may ask for it at all. */
    async limitEndpoint(req: Request, res: Response, one: Endpoint, principal: Principal): Promise<void> {
      if (one.perMinute === undefined) return;
      keys.set(req, { key: `${one.id}:${principal.tenantId}`, max: one.perMinute });
      await run(perMinute, req, res);
    },
    /** For what is no endpoint: the identity provider. */
    signIn: of('sign-in', limits.signIn),
  };
}

const addressOf = (req: Request): string => ipKeyGenerator(req.ip ?? '');
