import { keyvalue } from '@wardline/contracts';
import { createPostgresLog, type EventBus } from '@wardline/event-bus';
import { createRemoteKeyValue, type KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle, type Component } from '@wardline/service-runtime';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyThroughDirectory } from './adapters/directory-passwords.ts';
import { openGatewayDatabase } from './adapters/postgres/gateway-database.ts';
import { PostgresSessionStore } from './adapters/postgres/session-store.ts';
import { createRpcHospital } from './adapters/rpc-hospital.ts';
import { createLiveFeed } from './app/live-feed.ts';
import { createStaffSessions } from './app/staff-sessions.ts';
import type { ApiGatewayConfig } from './config.ts';
import { consumeForLiveFeed } from './entrypoints/event-consumer.ts';
import { createHttpApp } from './entrypoints/http-app.ts';

export { parseConfig } from './config.ts';

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface ApiGatewayDeps {
  readonly logger: Logger;
  readonly eventBus?: EventBus;
  readonly keyValue?: KeyValue;
}

export function compose(config: ApiGatewayConfig, deps: ApiGatewayDeps) {
  const { logger } = deps;
  const tokens = createServiceTokens({ key: config.serviceKey, service: 'api-gateway' });
  const database = openGatewayDatabase(config.databaseUrl, logger);
  const services = createRpcHospital(config.rpc, tokens);
  const ownBus = deps.eventBus ? undefined : createPostgresLog({ connectionString: config.busUrl, logger });
  const bus = deps.eventBus ?? ownBus;
  if (!bus) throw new Error('no event bus');
  const keyValueClient = createRpcClient(keyvalue.KeyValueService, {
    baseUrl: config.rpc.keyValue,
    callee: 'standalone',
    tokens,
  });
  const keyValue = deps.keyValue ?? createRemoteKeyValue(keyValueClient);

  const staff = createStaffSessions({
    store: new PostgresSessionStore(database),
    verifyPassword: verifyThroughDirectory(services.directoryWithoutTenant),
    sessionHours: config.sessionHours,
  });
  const feed = createLiveFeed({ keyValue, logger });
  const server = http.createServer(
    createHttpApp({
      staff,
      hospitalOf: services.hospitalOf,
      feed,
      telephonyWebhookUrl: config.telephonyWebhookUrl,
      consoleDir: config.consoleDir,
      secureCookies: config.secureCookies,
      logger,
    }),
  );
  // Slow or silent clients do not keep a connection for ever.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;

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
      { name: 'services', start: async () => {}, close: async () => services.close() },
      ...(deps.keyValue
        ? []
        : [
            {
              name: 'key-value',
              start: async () => {},
              close: async () => {
                await keyValue.close();
                keyValueClient.close();
              },
            },
          ]),
      feed,
      consumeForLiveFeed(bus, feed),
      httpServer,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port that it listens on, once started. */
    get port(): number {
      return (server.address() as AddressInfo).port;
    },
  };
}
