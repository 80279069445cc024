import { createEventBus, openFailures, type EventBus } from '@wardline/event-bus';
import { createConfiguredCipher, type FieldCipher } from '@wardline/field-encryption';
import { createKeyValue, type KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import { createServiceTokens } from '@wardline/rpc';
import { composeLifecycle, type Component } from '@wardline/service-runtime';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyThroughDirectory } from './adapters/directory-passwords.ts';
import { createRateLimitStore } from './adapters/key-value-rate-limit-store.ts';
import { createPostgresAuditTrail } from './adapters/postgres/audit-trail.ts';
import { openGatewayDatabase } from './adapters/postgres/gateway-database.ts';
import { createRpcHospital } from './adapters/rpc-hospital.ts';
import { createDeadLetterRelease } from './app/dead-letter-release.ts';
import { createKeptAnswers } from './app/kept-answers.ts';
import { createLiveFeed } from './app/live-feed.ts';
import { composeEgress } from './compose-egress.ts';
import { composeSignIn } from './compose-sign-in.ts';
import type { ApiGatewayConfig } from './config.ts';
import { allEndpoints } from './entrypoints/all-endpoints.ts';
import { answerBrokenRequests } from './entrypoints/broken-requests.ts';
import { consumeForLiveFeed } from './entrypoints/event-consumer.ts';
import { createHttpApp } from './entrypoints/http-app.ts';
import { createRateLimits } from './entrypoints/rate-limits.ts';

export { parseConfig } from './config.ts';

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface ApiGatewayDeps {
  readonly logger: Logger;
  readonly eventBus?: EventBus;
  readonly keyValue?: KeyValue;
  /** Opens personal fields for integrators that may have them, and seals the secrets of webhooks. */
  readonly cipher?: FieldCipher;
}

export function compose(config: ApiGatewayConfig, deps: ApiGatewayDeps) {
  const { logger } = deps;
  const tokens = createServiceTokens({ key: config.serviceKey, service: 'api-gateway' });
  const database = openGatewayDatabase(config.databaseUrl, logger);
  const services = createRpcHospital(config.rpc, tokens);
  const bus = deps.eventBus ?? createEventBus(config.eventBus, { logger, service: 'api-gateway' });
  const keyValue = deps.keyValue ?? createKeyValue(config.keyValue, { logger, tokens });

  const verifyPassword = verifyThroughDirectory(services.directoryWithoutTenant);
  const feed = createLiveFeed({ keyValue, logger });
  const cipher = deps.cipher ?? createConfiguredCipher(config.keyring);
  /** Known once we listen: without a configured one, we are reached where we listen. */
  const publicUrl = () => config.publicUrl ?? `http://127.0.0.1:${portOf(server)}`;
  const signIn = composeSignIn({
    ...{ config, database, cipher, keyValue, verifyPassword, publicUrl, logger },
    hospitalOf: services.hospitalOf,
  });
  const audit = createPostgresAuditTrail(database);
  const limits = createRateLimits({
    storeOf: (prefix, windowMs) => createRateLimitStore(keyValue, { prefix, windowMs, logger }),
  });
  const egress = composeEgress({ config, database, bus, cipher, feed, logger });
  const failures = config.eventBus.databaseUrl
    ? openFailures({ connectionString: config.eventBus.databaseUrl, logger })
    : undefined;
  const endpoints = allEndpoints({
    feed,
    deadLetters: failures && {
      storeOf: failures.of,
      releases: createDeadLetterRelease({ storeOf: failures.of, logger }),
    },
    egress: egress.endpoints,
    audit,
    signIn: { ...signIn.forEndpoints, audit },
    publicUrl: config.publicUrl,
    topicPrefix: config.eventBus.kafka?.topicPrefix,
    telephonyWebhookUrl: config.telephonyWebhookUrl,
    logger,
  });
  const server: http.Server = http.createServer(
    createHttpApp({
      endpoints,
      authenticate: signIn.authenticate,
      hospitalOf: services.hospitalOf,
      audit,
      kept: createKeptAnswers({ keyValue, cipher }),
      limit: limits.limit,
      limitEndpoint: limits.limitEndpoint,
      oidc: [limits.signIn, (req, res) => signIn.provider().handle(req, res)],
      publicUrl,
      trustedProxies: config.trustedProxies,
      checkAnswers: config.checkAnswers,
      consoleDir: config.consoleDir,
      logger,
    }),
  );
  answerBrokenRequests(server);
  // Slow or silent clients do not keep a connection for ever. Files take their time; of other bodies the kernel waits less.
  server.headersTimeout = 10_000;
  server.requestTimeout = 15 * 60_000;

  const httpServer: Component = {
    name: 'public http',
    start: () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, () => resolve());
      }),
    drain: async () => {
      server.closeIdleConnections();
    },
    close: async () => {
      // Live views never end by themselves.
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };

  const lifecycle = composeLifecycle(
    [
      { name: 'database', start: async () => {}, close: () => database.close() },
      { name: 'failed events', start: async () => {}, close: async () => failures?.close() },
      { name: 'services', start: async () => {}, close: async () => services.close() },
      ...(deps.keyValue
        ? []
        : [{ name: 'key-value', start: async () => {}, close: async () => keyValue.close() }]),
      ...signIn.components,
      feed,
      consumeForLiveFeed(bus, feed),
      ...egress.components,
      httpServer,
      ...egress.lateComponents,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** Everything that can be asked of it. */
    endpoints,
    /** A new key signs tokens; see `SigningKeys.rotate`. */
    rotateSigningKeys: (how?: { readonly atOnce?: boolean }) => signIn.keys.rotate(how),
    /** The port that it listens on, once started. */
    get port(): number {
      return portOf(server);
    },
  };
}

const portOf = (server: http.Server): number => (server.address() as AddressInfo).port;
