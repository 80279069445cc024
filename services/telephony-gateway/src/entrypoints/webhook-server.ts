import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { WebhookOutcome } from '../app/receive-webhook.ts';
import type { CarrierWord, ParsedWebhook, SignedHeaders, Verified } from '../ports/carrier-webhooks.ts';

export const WEBHOOK_BYTES_MAX = 256 * 1024;

export interface WebhookServerOptions {
  readonly verify: (rawBody: Buffer, headers: SignedHeaders) => Promise<Verified>;
  readonly parse: (body: unknown) => ParsedWebhook;
  readonly receive: (word: CarrierWord) => Promise<WebhookOutcome>;
  readonly logger: Logger;
}

/**
 * The carrier's webhooks. What the answer means to the carrier: 2xx taken (or nothing to take), 401 not genuine, 400
 * and 413 not readable, 503 not stored, send it again.
 */
export function createWebhookApp(o: WebhookServerOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.post(
    '/webhooks/telnyx',
    // The signature covers the bytes as sent, so they are never parsed before it is checked.
    express.raw({ type: () => true, limit: WEBHOOK_BYTES_MAX, inflate: false }),
    async (req, res) => {
      const rawBody: unknown = req.body;
      const verified = await o.verify(Buffer.isBuffer(rawBody) ? rawBody : Buffer.alloc(0), req.headers);
      if (verified.kind === 'refused') {
        o.logger.warn('webhook refused', { reason: verified.reason });
        res.status(401).json({ error: 'webhook not verified' });
        return;
      }
      const parsed = verified.kind === 'genuine' ? o.parse(verified.body) : ({ kind: 'malformed' } as const);
      if (parsed.kind === 'malformed') {
        o.logger.warn('genuine webhook could not be read');
        res.status(400).json({ error: 'webhook not understood' });
        return;
      }
      if (parsed.kind === 'ignored') {
        o.logger.debug('webhook of no interest', { eventType: parsed.eventType });
        res.status(200).json({ result: 'ignored' });
        return;
      }
      const result = await o.receive(parsed.word);
      o.logger.info('webhook taken', {
        eventType: parsed.word.eventType,
        eventId: parsed.word.eventId,
        result,
      });
      res.status(200).json({ result });
    },
  );
  app.use((_req, res) => {
    res.status(404).json({ error: 'not found' });
  });
  app.use(errorAnswers(o.logger));
  return app;
}

function errorAnswers(logger: Logger): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (error: unknown, _req, res, _next) => {
    const status = (error as { status?: unknown }).status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      logger.warn('webhook refused', { reason: 'unreadable request', status });
      res.status(status).json({ error: 'unreadable request' });
      return;
    }
    logger.error('webhook could not be stored; the carrier will send it again', { err: error });
    res.status(503).json({ error: 'not stored, send again' });
  };
}

/** An HTTP server as a component, with limits on how long a request may take to arrive. */
export function createHttpServer(
  app: Express,
  o: { host: string; port: number },
): Component & { readonly port: number } {
  const server = http.createServer(app);
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  server.keepAliveTimeout = 30_000;
  return {
    name: 'webhook http',
    get port() {
      return (server.address() as AddressInfo).port;
    },
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(o.port, o.host, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    drain: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
