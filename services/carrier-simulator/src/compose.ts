import express from 'express';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@wardline/observability';
import { createDeafEar } from './adapters/deaf-ear.ts';
import { createEmbeddedVoice } from './adapters/embedded-voice.ts';
import { createLineClock } from './adapters/line-clock.ts';
import { openMediaSocket } from './adapters/media-socket.ts';
import { createRecognisingEar } from './adapters/recognising-ear.ts';
import { createWebhookSender } from './adapters/webhook-sender.ts';
import { parseSigningKey } from './adapters/webhook-signer.ts';
import { Exchange } from './app/exchange.ts';
import type { SimulatorConfig } from './config.ts';
import { callControlRoutes } from './entrypoints/call-control-api.ts';
import { controlRoutes } from './entrypoints/control-api.ts';
import { peopleRoutes } from './entrypoints/people-api.ts';
import { Register } from './people/register.ts';
import type { CallerEar } from './ports/caller-ear.ts';
import type { CallerVoice } from './ports/caller-voice.ts';

export interface Simulator {
  /** Set once started. */
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws TypeError when the signing key is not an Ed25519 key */
export function compose(
  config: SimulatorConfig,
  deps: { logger: Logger; voice?: CallerVoice; ear?: CallerEar; webhookRetryDelays?: readonly number[] },
): Simulator {
  const { logger } = deps;
  const clock = createLineClock();
  const voice = deps.voice ?? createEmbeddedVoice();
  const ear = deps.ear ?? (config.hearing === 'words' ? createRecognisingEar(logger) : createDeafEar());
  const webhooks = createWebhookSender({
    key: parseSigningKey(config.privateKey),
    logger,
    ...(deps.webhookRetryDelays ? { retryDelays: deps.webhookRetryDelays } : {}),
  });
  const register = new Register();
  const exchange = new Exchange({
    clock,
    webhooks,
    openMedia: openMediaSocket,
    voice,
    ear,
    logger,
    webhookUrl: config.webhookUrl,
    codec: config.codec,
    callsMax: config.callsMax,
    callsPerSecondMax: config.callsPerSecondMax ?? 0,
    register,
  });

  const app = express().disable('x-powered-by');
  app.get(
    '/healthz',
    (_request, response) => void response.json({ status: 'ok', liveCalls: exchange.liveCalls }),
  );
  app.use('/v2', callControlRoutes({ exchange, apiKey: config.apiKey }));
  app.use('/control', peopleRoutes({ register, exchange, controlKey: config.controlKey }));
  app.use('/sim', controlRoutes({ exchange, controlKey: config.controlKey, clock }));
  app.use(
    (error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      logger.error('request failed', { err: error });
      response.status(500).json({ error: { code: 'internal', message: 'the simulator failed' } });
    },
  );
  const server = createServer(app);

  return {
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? 0;
    },
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, resolve);
      });
      logger.info('carrier simulator listening', { port: this.port, host: config.host });
    },
    async stop() {
      exchange.close();
      clock.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await webhooks.close();
      await Promise.all([voice.close(), ear.close()]);
    },
  };
}
