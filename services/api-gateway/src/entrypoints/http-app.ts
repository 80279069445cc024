import type { Logger } from '@wardline/observability';
import express, { type Express, type Router } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import path from 'node:path';
import type { LiveFeed } from '../app/live-feed.ts';
import type { StaffSessions } from '../app/staff-sessions.ts';
import type { HospitalOf } from '../ports/hospital.ts';
import { bookingRoutes } from './booking-routes.ts';
import { callRoutes } from './call-routes.ts';
import { carrierWebhooks } from './carrier-webhooks.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { eventDocumentationRoutes } from './event-documentation-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { Problem, problemHandler } from './problem.ts';
import { requireSession, sessionOf, sessionRoutes } from './session-routes.ts';

export interface HttpAppOptions {
  readonly staff: StaffSessions;
  readonly hospitalOf: HospitalOf;
  readonly feed: LiveFeed;
  /** Absent: this installation does not show failed events here. */
  readonly deadLetters?: Parameters<typeof deadLetterRoutes>[0] | undefined;
  /** What integrators ask for with a token of their own, and what staff ask for about integrators. */
  readonly egress?: { readonly publicRoutes: readonly Router[]; readonly staffRoutes: readonly Router[] };
  /** What the documentation of the events says of this installation. */
  readonly eventDocumentation?: Parameters<typeof eventDocumentationRoutes>[0];
  readonly telephonyWebhookUrl: string;
  readonly consoleDir: string | undefined;
  readonly secureCookies: boolean;
  readonly logger: Logger;
}

const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The public face: carrier webhooks, the REST API under /api/v1, the live feed, and the console's files. */
export function createHttpApp(o: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('referrer-policy', 'no-referrer');
    res.setHeader('content-security-policy', contentSecurityPolicy);
    next();
  });
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  app.use(carrierWebhooks({ targetUrl: o.telephonyWebhookUrl, logger: o.logger }));
  app.use(eventDocumentationRoutes(o.eventDocumentation ?? {}));

  const api = express.Router();
  api.use((_req, res, next) => {
    res.setHeader('cache-control', 'no-store');
    next();
  });
  for (const routes of o.egress?.publicRoutes ?? []) api.use(routes);
  api.use(express.json({ limit: '64kb' }));
  api.use(sessionRoutes({ staff: o.staff, secureCookies: o.secureCookies }));
  api.use(requireSession(o.staff));
  api.use(perUserLimit());
  api.use(liveRoutes(o.feed), bookingRoutes(o.hospitalOf), callRoutes(o.hospitalOf));
  for (const routes of o.egress?.staffRoutes ?? []) api.use(routes);
  if (o.deadLetters) api.use(deadLetterRoutes(o.deadLetters));
  api.use(() => {
    throw new Problem(404, 'not-found', 'There is no such resource.');
  });
  app.use('/api/v1', api);

  if (o.consoleDir) {
    const dir = o.consoleDir;
    // Built files carry a hash in their name and never change; the page that names them is always asked for anew.
    app.use(
      '/assets',
      express.static(path.join(dir, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
    );
    app.use(express.static(dir, { index: false, maxAge: 0 }));
    app.get('/{*page}', (_req, res) => {
      res.setHeader('cache-control', 'no-cache');
      res.sendFile(path.join(dir, 'index.html'));
    });
  }
  app.use(problemHandler(o.logger));
  return app;
}

/** Far above what a person or a fair integration does, so that only a loop gone wrong meets it. */
function perUserLimit(): express.RequestHandler {
  const limiter = new RateLimiterMemory({ points: 2_000, duration: 10 });
  return async (req, res, next) => {
    try {
      await limiter.consume(sessionOf(req).userId);
    } catch {
      // The limiter rejects with its counters, not with an error: there is nothing to hand on.
      res.setHeader('retry-after', '10');
      throw new Problem(429, 'too-many-requests', 'Too many requests; please slow down.');
    }
    next();
  };
}
