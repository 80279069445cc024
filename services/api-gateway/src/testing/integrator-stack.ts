import {
  appendToOutbox,
  busSchema,
  createEventBus,
  createEventRelay,
  provisionTopics,
  type KafkaConnection,
  type NewEvent,
} from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import { startTestDatabase } from '@wardline/persistence/testing';
import { composeLifecycle } from '@wardline/service-runtime';
import { openGatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createLiveFeed } from '../app/live-feed.ts';
import { composeEgress } from '../compose-egress.ts';
import { parseConfig } from '../config.ts';
import { allEndpoints } from '../entrypoints/all-endpoints.ts';
import { gatewaySchema } from '../schema.ts';
import { startTestApp } from './test-app.ts';

const nowhere = 'http://127.0.0.1:9';

/**
 * The gateway as integrators and their hospitals' staff see it: the real HTTP application and everything for integrators, on
 * a real database and the real event bus: Kafka where it is given, else the log in Postgres.
 */
export async function startIntegratorStack(o: {
  readonly cipher: FieldCipher;
  readonly logger: Logger;
  readonly kafka?: KafkaConnection;
}) {
  const { logger } = o;
  const server = await startTestDatabase({ services: [busSchema, gatewaySchema] });
  const parsed = parseConfig({
    WARDLINE_DB_GATEWAY: server.url('wardline_gateway'),
    WARDLINE_DB_BUS: server.url('wardline_bus'),
    WARDLINE_SERVICE_KEY: Buffer.alloc(32).toString('base64'),
    ...Object.fromEntries(
      [
        'DIRECTORY',
        'APPOINTMENTS',
        'TELEPHONY',
        'BRAIN',
        'NOTIFICATIONS',
        'CAMPAIGNS',
        'PATIENTS',
        'INSIGHTS',
        'KEYVALUE',
      ].map((name) => [`WARDLINE_RPC_${name}`, nowhere]),
    ),
    WARDLINE_HTTP_TELEPHONY: nowhere,
    WARDLINE_WEBHOOK_ALLOW: '127.0.0.1',
  });
  const config = { ...parsed, eventBus: { ...parsed.eventBus, kafka: o.kafka } };
  const database = openGatewayDatabase(config.databaseUrl, logger);
  if (o.kafka) await provisionTopics(o.kafka, { logger });
  const consumers = {
    databaseUrl: server.url(o.kafka ? 'wardline_parking' : 'wardline_bus'),
    kafka: o.kafka,
  };
  const bus = createEventBus(consumers, { logger, service: 'api-gateway' });
  const relay = createEventRelay(
    { ...consumers, databaseUrl: server.url('wardline_bus') },
    { logger, service: 'event-relay' },
  );
  const feed = createLiveFeed({ keyValue: createMemoryKeyValue(), logger });
  const egress = composeEgress({ config, database, bus, cipher: o.cipher, feed, logger });
  const app = await startTestApp({
    endpoints: allEndpoints({ feed, egress: egress.endpoints, telephonyWebhookUrl: nowhere, logger }),
    logger,
  });
  const lifecycle = composeLifecycle([relay, ...egress.components, ...egress.lateComponents], logger);
  await lifecycle.start();
  const { url } = app;

  return {
    url,
    server,
    /** Requests of a hospital's staff. */
    async signIn(tenantId: string) {
      return (method: string, path: string, json?: unknown) =>
        app.ask({ tenantId, role: 'integrator' }, method, path, json);
    },
    /** Events with their cause, as any service writes them. */
    write: (tenantId: string, events: readonly NewEvent[]) =>
      database.inTenant(
        tenantId,
        async (tx) => {
          for (const event of events) await appendToOutbox(tx, 'gateway', event);
        },
        { isolation: 'ReadCommitted', deadlineMs: 60_000 },
      ),
    async stop() {
      await lifecycle.stop();
      await app.close();
      await database.close();
      await server.stop();
    },
  };
}

export type IntegratorStack = Awaited<ReturnType<typeof startIntegratorStack>>;
