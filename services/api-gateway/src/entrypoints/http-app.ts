import compression from 'compression';
import express, { type Express, type Request, type RequestHandler } from 'express';
import path from 'node:path';
import { serveEndpoints, type ServeOptions } from './kernel/serve-endpoints.ts';
import { Problem, problemHandler } from './problem.ts';

export interface HttpAppOptions extends ServeOptions {
  /** Answers what is below `/oidc` and no endpoint of ours. */
  readonly oidc?: readonly RequestHandler[];
  /** Where browsers reach us; asked once we listen. */
  readonly publicUrl?: () => string;
  /** Reverse proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  readonly consoleDir: string | undefined;
}

const contentSecurityPolicy =
  "default-src 'self'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The public face: carrier webhooks, the REST API under /api/v1, the live feed, sign-in, and the console's files. */
export function createHttpApp(o: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  if (o.trustedProxies?.length) app.set('trust proxy', [...o.trustedProxies]);
  app.use((_req, res, next) => {
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('referrer-policy', 'no-referrer');
    res.setHeader('cross-origin-opener-policy', 'same-origin');
    res.setHeader('cross-origin-resource-policy', 'same-origin');
    res.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()');
    if (o.publicUrl?.().startsWith('https:')) res.setHeader('strict-transport-security', 'max-age=31536000');
    res.setHeader('content-security-policy', contentSecurityPolicy);
    next();
  });
  app.use(serveEndpoints(o));
  if (o.oidc) app.use('/oidc', ...o.oidc);
  app.use('/api', (_req, res) => {
    res.setHeader('cache-control', 'no-store');
    throw new Problem(404, 'not-found', 'There is no such resource.');
  });

  if (o.consoleDir) {
    const dir = o.consoleDir;
    // Built files carry a hash in their name and never change; the page that names them is always asked for anew.
    app.use(
      '/assets',
      compression(),
      express.static(path.join(dir, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }),
    );
    app.use(express.static(dir, { index: false, maxAge: 0 }));
    app.get('/{*page}', (req, res) => {
      const elsewhere = o.publicUrl && ourselvesByOurName(req, o.publicUrl());
      if (elsewhere) return void res.redirect(307, elsewhere);
      res.setHeader('cache-control', 'no-cache');
      res.sendFile(path.join(dir, 'index.html'));
    });
  }
  app.use(problemHandler(o.logger));
  return app;
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * One machine has several names for itself, and signing in works at one address only: the one that tokens are made for. Who
 * opens the console by another name of the same machine is led there.
 */
function ourselvesByOurName(req: Request, publicUrl: string): string | undefined {
  const ours = new URL(publicUrl);
  const called = URL.parse(`${ours.protocol}//${req.headers.host ?? ''}`);
  if (!called || called.host === ours.host || called.port !== ours.port) return undefined;
  if (!loopback.test(called.hostname) || !loopback.test(ours.hostname)) return undefined;
  return ours.origin + req.originalUrl;
}
