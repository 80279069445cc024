import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createPostgresEgressLog } from '../adapters/postgres/egress-log.ts';
import { openGatewayDatabase, type GatewayDatabase } from '../adapters/postgres/gateway-database.ts';
import { createPostgresIntegratorStore } from '../adapters/postgres/integrator-store.ts';
import { createIntegratorAccess } from '../app/integrator-access.ts';
import { gatewaySchema } from '../schema.ts';
import { callEvent, tenantA } from '../testing/egress-fixture.ts';
import { FakeTenantTopicCluster } from '../testing/fake-tenant-topic-cluster.ts';
import { openStream } from '../testing/stream-client.ts';
import { egressTopics } from './egress-consumer.ts';

const script = fileURLToPath(new URL('../testing/stream-gateway-process.ts', import.meta.url));
let server: TestDatabase;
let database: GatewayDatabase;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  server = await startTestDatabase({ services: [gatewaySchema] });
  database = openGatewayDatabase(server.url('wardline_gateway'), createRecordingLogger());
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await database?.close();
  await server?.stop();
});

async function startProcess(): Promise<{ url: string; kill(): Promise<void> }> {
  const child = fork(script, {
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: server.url('wardline_gateway') },
    execArgv: [],
  });
  running.add(child);
  const [message] = (await once(child, 'message')) as [{ url: string }];
  return {
    url: message.url,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      running.delete(child);
    },
  };
}

it('loses and doubles nothing over gateways that are killed', async () => {
  const log = createPostgresEgressLog(database);
  const access = createIntegratorAccess({
    ...{ store: createPostgresIntegratorStore(database), offered: egressTopics, topicPrefix: '' },
    ...{ cluster: new FakeTenantTopicCluster(), openTopic: async () => undefined },
  });
  const { token } = await access.openStream(tenantA, {
    ...{ name: 'HMS', topics: egressTopics, personal: false, expiresAt: null },
    createdBy: '01930000-0000-7000-8000-0000000000cc',
  });
  const total = 2_000;
  const written: string[] = [];
  const writer = (async () => {
    while (written.length < total) {
      const events = Array.from({ length: 5 }, () => callEvent());
      await log.append(tenantA, events);
      written.push(...events.map((event) => event.id));
    }
  })();

  const received: { id: string; eventId: string }[] = [];
  let lastEventId: string | undefined;
  for (let life = 1; received.length < total; life += 1) {
    const gateway = await startProcess();
    const client = await openStream(`${gateway.url}?after=0`, {
      token,
      ...(lastEventId ? { lastEventId } : {}),
      onEvent: ({ id, data }) => void received.push({ id, eventId: (JSON.parse(data) as { id: string }).id }),
    });
    expect(client.status).toBe(200);
    const upTo = Math.min(total, received.length + 450);
    // Killed in the middle of it: more is on its way at this moment, and some of it may still arrive.
    await client.until(() => received.length >= upTo);
    await gateway.kill();
    await client.over;
    ({ lastEventId } = client);
    expect(life).toBeLessThan(20);
  }
  await writer;
  expect(received.map(({ id }) => id)).toEqual(
    Array.from({ length: total }, (_, index) => String(index + 1)),
  );
  expect(received.map(({ eventId }) => eventId)).toEqual(written);
});
