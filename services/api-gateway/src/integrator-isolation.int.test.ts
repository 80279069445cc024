import { uuidv7, type KafkaConnection, type NewEvent } from '@wardline/event-bus';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { describeWithKafka, startKafka, type KafkaCluster } from '@wardline/local-infrastructure';
import { createRecordingLogger } from '@wardline/observability/testing';
import { Personal } from '@wardline/personal-data';
import kafkajs, { type Consumer, type Kafka } from 'kafkajs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tenantA, tenantB } from './testing/egress-fixture.ts';
import { startIntegratorStack, type IntegratorStack } from './testing/integrator-stack.ts';
import { openStream, type StreamClient } from './testing/stream-client.ts';

const logger = createRecordingLogger('api-gateway');
const cipher = createFieldCipher(createMemoryKeyring());
const tenants = [tenantA, tenantB] as const;
/** The same in both hospitals: keys are unique within one only. */
const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
const eventsPerTenant = 1_200;

interface Received {
  readonly id: string;
  readonly tenantid: string;
  readonly topic: string;
  readonly partitionkey: string;
  readonly data: { readonly owner: string; readonly n: number; readonly patientName?: string };
}
interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly brokers: string[];
  readonly topic: string;
  readonly groupPrefix: string;
}
type Outlet = 'stream' | 'personal stream' | 'webhook' | 'kafka' | 'personal kafka';

function eventOf(tenantId: string, n: number): NewEvent {
  const key = keys[n % keys.length] ?? '';
  const topic = n % 5 === 0 ? 'appointments.changed' : n % 7 === 0 ? 'calls.completed' : 'calls.changed';
  const sealed = cipher.seal(
    tenantId,
    Personal.of(`Patient of ${tenantId}`),
    'appointments.changed/patient_name',
  );
  return {
    ...{ id: uuidv7(), tenantId, topic, key, subject: `things/${key}`, type: `wardline.events.v1.${topic}` },
    data: { owner: tenantId, n, ...(topic === 'appointments.changed' ? { patientName: { sealed } } : {}) },
  };
}

/** Follows a stream, and is cut off again and again. */
async function followCut(url: string, token: string, into: Received[], total: number): Promise<void> {
  let lastEventId: string | undefined;
  while (into.length < total) {
    const client: StreamClient = await openStream(`${url}/events/stream?after=0`, {
      token,
      ...(lastEventId ? { lastEventId } : {}),
    });
    if (client.status !== 200) throw new Error(`a stream was refused with ${client.status}`);
    const missing = total - into.length;
    await client.until(() => client.events.length >= Math.min(170, missing));
    const taken = client.events.slice(0, 170);
    client.close();
    into.push(...taken.map(({ data }) => JSON.parse(data) as Received));
    lastEventId = taken.at(-1)?.id ?? lastEventId;
  }
}

async function startReceiver(into: Received[]): Promise<{ url: string; close(): Promise<void> }> {
  const server = http.createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      into.push(JSON.parse(body) as Received);
      res.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const clientOf = (credentials: Credentials): Kafka =>
  new kafkajs.Kafka({
    brokers: credentials.brokers,
    sasl: { mechanism: 'scram-sha-512', username: credentials.username, password: credentials.password },
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 1_000 },
  });

async function readTopic(credentials: Credentials, into: Received[]): Promise<Consumer> {
  const consumer = clientOf(credentials).consumer({
    groupId: `${credentials.groupPrefix}${credentials.username}`,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: credentials.topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const header = (name: string) => String(message.headers?.[name] ?? '');
      into.push({
        ...{ id: header('ce_id'), tenantid: header('ce_tenantid'), topic: header('ce_topic') },
        partitionkey: String(message.key),
        data: JSON.parse(String(message.value)) as Received['data'],
      });
    },
  });
  return consumer;
}

/** What is wrong with what an outlet has given a hospital; nothing when all is well. */
function problemsOf(tenantId: string, received: readonly Received[], personal: boolean): string[] {
  const problems = new Set<string>();
  if (received.length !== eventsPerTenant) problems.add(`${received.length} events`);
  if (new Set(received.map(({ id }) => id)).size !== received.length) problems.add('doubled');
  const last = new Map<string, number>();
  for (const { tenantid, topic, partitionkey, data } of received) {
    if (tenantid !== tenantId || data.owner !== tenantId) problems.add('foreign');
    const key = `${topic} ${partitionkey}`;
    if (data.n <= (last.get(key) ?? -1)) problems.add('out of order');
    last.set(key, data.n);
    const name = topic === 'appointments.changed' && personal ? `Patient of ${tenantId}` : undefined;
    if (data.patientName !== name) problems.add('personal fields');
  }
  return [...problems];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Two hospitals with the same keys, written at the same time, each read by everything that there is. */
async function underLoad(stack: IntegratorStack, withKafka: boolean) {
  const received = new Map<string, Map<Outlet, Received[]>>();
  const handedOut = new Map<string, { token: string; credentials: Credentials }>();
  const outlet = (tenantId: string, name: Outlet): Received[] => {
    const own = received.get(tenantId) ?? new Map<Outlet, Received[]>();
    received.set(tenantId, own);
    const list = own.get(name) ?? [];
    own.set(name, list);
    return list;
  };
  const following: Promise<unknown>[] = [];
  const closing: (() => Promise<void>)[] = [];
  try {
    for (const tenantId of tenants) {
      const ask = await stack.signIn(tenantId);
      const made = async (path: string, body: object) => {
        const answer = await ask('POST', `/integrations/${path}`, body);
        expect([path, answer.status, answer.body['code']]).toEqual([path, 201, undefined]);
        return answer.body;
      };
      const plain = await made('streams', { name: 'HMS' });
      const opened = await made('streams', { name: 'HMS', personal: true });
      for (const [name, subscription] of [
        ['stream', plain],
        ['personal stream', opened],
      ] as const)
        following.push(
          followCut(stack.url, String(subscription['token']), outlet(tenantId, name), eventsPerTenant),
        );
      const receiver = await startReceiver(outlet(tenantId, 'webhook'));
      closing.push(() => receiver.close());
      await made('webhooks', { name: 'HMS', url: receiver.url });
      if (!withKafka) continue;
      for (const [name, personal] of [
        ['kafka', false],
        ['personal kafka', true],
      ] as const) {
        const { credentials } = (await made('kafka', { name: 'HMS', personal })) as {
          credentials: Credentials;
        };
        const consumer = await readTopic(credentials, outlet(tenantId, name));
        closing.push(() => consumer.disconnect());
        handedOut.set(tenantId, { token: String(plain['token']), credentials });
      }
    }
    for (let n = 0; n < eventsPerTenant; n += 15)
      await Promise.all(
        tenants.map((tenantId) =>
          stack.write(
            tenantId,
            Array.from({ length: 15 }, (_, index) => eventOf(tenantId, n + index)),
          ),
        ),
      );
    await Promise.all(following);
    const all = tenants.flatMap((tenantId) => [...(received.get(tenantId)?.values() ?? [])]);
    await until(() => all.every((list) => list.length >= eventsPerTenant));
  } finally {
    await Promise.all(closing.map((close) => close()));
  }
  const verdict = tenants.flatMap((tenantId) =>
    [...(received.get(tenantId) ?? [])].map(([name, list]) => ({
      tenantId,
      outlet: name,
      problems: problemsOf(tenantId, list, name.startsWith('personal')),
    })),
  );
  return { verdict, handedOut };
}

const wellFor = (outlets: readonly Outlet[]) =>
  tenants.flatMap((tenantId) => outlets.map((outlet) => ({ tenantId, outlet, problems: [] })));

describe('two hospitals under load', () => {
  let stack: IntegratorStack;
  beforeAll(async () => {
    stack = await startIntegratorStack({ cipher, logger });
  });
  afterAll(() => stack?.stop());

  it('give each its own events through streams and webhooks: all, once, in order, and nothing else', async () => {
    const { verdict } = await underLoad(stack, false);
    expect(verdict).toEqual(wellFor(['stream', 'personal stream', 'webhook']));
  }, 240_000);

  it("show staff only their own hospital's integrations, and let them touch no others", async () => {
    const [a, b] = [await stack.signIn(tenantA), await stack.signIn(tenantB)];
    const { body } = await a('POST', '/integrations/streams', { name: 'of A' });
    const listed = (await b('GET', '/integrations/streams')).body['items'] as { id: string }[];
    expect(listed.map(({ id }) => id)).not.toContain(body['id']);
    for (const [method, path] of [
      ['POST', '/rotate'],
      ['DELETE', ''],
    ] as const)
      expect((await b(method, `/integrations/streams/${String(body['id'])}${path}`)).status).toBe(404);
    const token = String(body['token']);
    const client = await openStream(`${stack.url}/events/stream`, { token });
    expect(client.status).toBe(200);
    client.close();
    expect((await a('DELETE', `/integrations/streams/${String(body['id'])}`)).status).toBe(204);
    expect((await openStream(`${stack.url}/events/stream`, { token })).status).toBe(401);
    const audited = logger.lines.filter((line) => line['subscription_id'] === body['id']);
    expect(audited).toMatchObject([
      { audit: true, action: 'opened', user_id: tenantA },
      { audit: true, action: 'revoked', user_id: tenantA },
    ]);
    expect(logger.text()).not.toContain(token);
  });

  it('let nobody in who is not signed in, nor with a stream token, nor to topics that are not offered', async () => {
    const a = await stack.signIn(tenantA);
    const { body } = await a('POST', '/integrations/streams', { name: 'HMS' });
    const authorization = `Bearer ${String(body['token'])}`;
    for (const path of ['streams', 'kafka', 'webhooks'])
      expect((await fetch(`${stack.url}/integrations/${path}`, { headers: { authorization } })).status).toBe(
        401,
      );
    const wish = { name: 'HMS', topics: ['sms.send'] };
    expect(await a('POST', '/integrations/streams', wish)).toMatchObject({
      ...{ status: 422, body: { code: 'topic-not-offered', refused: ['sms.send'] } },
    });
    const smuggled = { name: 'HMS', tenantId: tenantB };
    expect((await a('POST', '/integrations/streams', smuggled)).status).toBe(422);
  });

  it('say clearly that there is no Kafka here', async () => {
    const a = await stack.signIn(tenantA);
    expect((await a('GET', '/integrations/kafka')).body).toMatchObject({
      ...{ available: false, reason: { code: 'kafka-not-configured' }, items: [] },
    });
    expect(await a('POST', '/integrations/kafka', { name: 'HMS' })).toMatchObject({
      ...{ status: 501, body: { code: 'kafka-not-configured' } },
    });
  });
});

describeWithKafka(
  'two hospitals under load, with topics of their own',
  () => {
    let cluster: KafkaCluster;
    let stack: IntegratorStack;
    beforeAll(async () => {
      cluster = await startKafka({ brokers: 1, sasl: true });
      if (!cluster.sasl) throw new Error('no SASL');
      const kafka: KafkaConnection = { brokers: cluster.brokers, sasl: cluster.sasl };
      stack = await startIntegratorStack({ cipher, logger, kafka });
    }, 240_000);
    afterAll(async () => {
      await stack?.stop();
      await cluster?.stop();
    });

    it('give each its own events through everything: all, once, in order, and nothing else', async () => {
      const { verdict, handedOut } = await underLoad(stack, true);
      expect(verdict).toEqual(wellFor(['stream', 'personal stream', 'webhook', 'kafka', 'personal kafka']));

      const [a, b] = tenants.map((tenantId) => handedOut.get(tenantId)?.credentials);
      if (!a || !b) throw new Error('no credentials');
      const admin = clientOf(a).admin();
      await admin.connect();
      try {
        expect(await admin.listTopics()).toEqual([a.topic]);
        const { groups } = await admin.listGroups();
        expect(groups.map(({ groupId }) => groupId).filter((id) => !id.startsWith(`${tenantA}.`))).toEqual(
          [],
        );
        expect(groups.length).toBeGreaterThan(0);
        for (const topic of [b.topic, `egress.${tenantA}`, `egress.${tenantB}`, 'calls.completed'])
          await expect(admin.fetchTopicOffsets(topic)).rejects.toThrow(/authorized|does not host/i);
      } finally {
        await admin.disconnect();
      }
    }, 300_000);
  },
  { own: true },
);
