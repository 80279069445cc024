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
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { openGatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createLiveFeed } from '../app/live-feed.ts';
import { createStaffSessions } from '../app/staff-sessions.ts';
import { composeEgress } from '../compose-egress.ts';
import { parseConfig } from '../config.ts';
import { createHttpApp } from '../entrypoints/http-app.ts';
import { gatewaySchema } from '../schema.ts';
import { MemorySessionStore } from './memory-session-store.ts';

const nowhere = 'http://127.0.0.1:9';

/**
 * The gateway as integrators and their hospitals' staff see it: the real HTTP application and everything for integrators, on
 * a real database and the real event bus: Kafka where it is given, else the log in Postgres. Staff of each tenant sign in with the tenant's id as login.
 */
export async function startIntegratorStack(o: {
  readonly tenants: readonly string[];
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
      ['DIRECTORY', 'APPOINTMENTS', 'TELEPHONY', 'BRAIN', 'NOTIFICATIONS', 'KEYVALUE'].map((name) => [
        `WARDLINE_RPC_${name}`,
        nowhere,
      ]),
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
  const app = createHttpApp({
    staff: createStaffSessions({
      store: new MemorySessionStore(),
      verifyPassword: async (login) =>
        o.tenants.includes(login)
          ? { tenantId: login, userId: login, displayName: 'Robin', role: 'frontdesk' }
          : undefined,
      sessionHours: 1,
    }),
    hospitalOf: () => {
      throw new Error('no services here');
    },
    ...{ feed, egress, telephonyWebhookUrl: nowhere, consoleDir: undefined, secureCookies: false, logger },
  });
  const listener = http.createServer(app);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const lifecycle = composeLifecycle([relay, ...egress.components, ...egress.lateComponents], logger);
  await lifecycle.start();
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/api/v1`;

  return {
    url,
    server,
    /** Requests of a hospital's staff. */
    async signIn(tenantId: string) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ login: tenantId, password: 'any' });
      const signed = await fetch(`${url}/session`, { method: 'POST', headers, body });
      const cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      return async (method: string, path: string, json?: unknown) => {
        const answer = await fetch(url + path, {
          method,
          headers: { ...headers, cookie },
          ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        });
        const text = await answer.text();
        return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
      };
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
      listener.closeAllConnections();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
      await database.close();
      await server.stop();
    },
  };
}

export type IntegratorStack = Awaited<ReturnType<typeof startIntegratorStack>>;
