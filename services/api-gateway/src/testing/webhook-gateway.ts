import { uuidv7, type BusEvent } from '@wardline/event-bus';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import pg from 'pg';
import { createPostgresEgressLog } from '../adapters/postgres/egress-log.ts';
import { openGatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createEgressSignal } from '../app/egress-signal.ts';
import { composeWebhooks } from '../compose-webhooks.ts';
import { egressTopics } from '../entrypoints/egress-consumer.ts';
import { gatewaySchema } from '../schema.ts';
import { tenantA } from './egress-fixture.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

type Options = Partial<Parameters<typeof composeWebhooks>[0]>;

/** A clock that stands still until it is told otherwise. */
export function createTestClock(start = new Date()) {
  let at = start;
  return {
    now: () => at,
    advance: (ms: number) => void (at = new Date(at.getTime() + ms)),
  };
}

/**
 * Webhooks on a database of their own, without the rest of the service. Nothing is looked for by itself: `settle` looks,
 * and is over when there is nothing to deliver at the clock's time.
 */
export async function startWebhookGateway() {
  const server = await startTestDatabase({ services: [gatewaySchema] });
  const url = server.url('wardline_gateway');
  const logger = createRecordingLogger('api-gateway');
  const database = openGatewayDatabase(url, logger);
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  const log = createPostgresEgressLog(database);
  const signal = createEgressSignal({ log, logger });
  const cipher = createFieldCipher(createMemoryKeyring());
  const notices: { tenantId: string; message: unknown }[] = [];
  const started: ReturnType<typeof composeWebhooks>[] = [];

  /** One more instance. */
  async function start(o: Options = {}) {
    const webhooks = composeWebhooks({
      ...{ database, cipher, signal, logger, offered: egressTopics },
      feed: { publish: async (tenantId, message) => void notices.push({ tenantId, message }) },
      targets: { allow: ['127.0.0.1'], http: false, ports: [443] },
      ...o,
      limits: { pollMs: 3_600_000, ...o.limits },
    });
    for (const component of webhooks.components) await component.start();
    started.push(webhooks);
    return {
      ...webhooks,
      settle: () => webhooks.dispatcher.idle(),
      async stop() {
        for (const component of webhooks.components.toReversed()) await component.close();
      },
    };
  }

  return {
    ...{ server, databaseUrl: url, database, admin, log, signal, cipher, logger, notices },
    start,
    append: (events: readonly BusEvent[], tenantId = tenantA) => log.append(tenantId, events),
    async reset() {
      await admin.query(
        `TRUNCATE gateway.egress_subscriptions, gateway.egress_heads, gateway.egress_events, gateway.inbox CASCADE`,
      );
      notices.length = 0;
    },
    async stop() {
      for (const webhooks of started)
        for (const component of webhooks.components.toReversed()) await component.close();
      await admin.end();
      await database.close();
      await server.stop();
    },
  };
}

export type WebhookGateway = Awaited<ReturnType<typeof startWebhookGateway>>;

/** What staff wish for in most tests. */
export const wishFor = (url: string, more: { personal?: boolean; topics?: readonly string[] } = {}) => ({
  name: 'HMS',
  url,
  topics: more.topics ?? egressTopics,
  personal: more.personal ?? false,
  createdBy: uuidv7(),
});

/** A gateway for the tests of a file, empty for each; what they start is stopped after each. */
export function useWebhookGateway() {
  const opened: { close(): Promise<void> }[] = [];
  let gateway: WebhookGateway | undefined;
  beforeAll(async () => {
    gateway = await startWebhookGateway();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await gateway?.reset();
  });
  afterAll(() => gateway?.stop());
  const current = (): WebhookGateway => {
    if (!gateway) throw new Error('the gateway is there from beforeAll on');
    return gateway;
  };
  return {
    get gateway(): WebhookGateway {
      return current();
    },
    async start(o: Parameters<WebhookGateway['start']>[0] = {}) {
      const instance = await current().start(o);
      opened.push({ close: instance.stop });
      return instance;
    },
    async receive(o: Parameters<typeof startWebhookReceiver>[0] = {}) {
      const receiver = await startWebhookReceiver(o);
      opened.push(receiver);
      return receiver;
    },
  };
}

/** Ids in order, per key. */
export const byKey = (events: readonly { key: string; id: string }[]): Record<string, string[]> =>
  Object.fromEntries(
    [...Map.groupBy(events, (event) => event.key)].map(([key, own]) => [key, own.map((event) => event.id)]),
  );

export const arrivedByKey = (receiver: WebhookReceiver): Record<string, string[]> =>
  byKey(receiver.accepted.map(({ event }) => ({ key: event.partitionkey, id: event.id })));
