import { asyncApiDocument, publicEvents } from '@wardline/contracts/documentation';
import { componentValidatorOf, validatorOf } from '@wardline/contracts/testing';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { Personal } from '@wardline/personal-data';
import { once } from 'node:events';
import http from 'node:http';
import { egressEventOf, openedFields, type EgressRow, type Json } from '../domain/egress-event.ts';
import { tenantTopicMessage } from '../domain/tenant-topic-message.ts';
import { tenantTopicPartitions } from '../domain/tenant-topic-plan.ts';
import { createLiveFeed } from '../app/live-feed.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { allEndpoints } from './all-endpoints.ts';

const events = publicEvents();
let app: TestApp;
let base: string;

/** The whole application: without a session, and with a console whose pages are at every other address. */
beforeAll(async () => {
  const logger = createSilentLogger();
  app = await startTestApp({
    endpoints: allEndpoints({
      feed: createLiveFeed({ keyValue: createMemoryKeyValue(), logger }),
      telephonyWebhookUrl: 'http://127.0.0.1:9',
      logger,
    }),
    consoleDir: import.meta.dirname,
  });
  base = app.origin;
});
afterAll(() => app.close());

const get = (path: string) => fetch(base + path);

/** For headers that `fetch` sets or changes by itself. */
async function plainGet(path: string, headers: http.OutgoingHttpHeaders = {}) {
  const [res] = (await once(http.get(base + path, { headers }), 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk as Buffer);
  return { status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks).toString() };
}

describe('the documentation of the events', () => {
  it('is a page that needs no script and fetches nothing', async () => {
    const answer = await get('/docs/events');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await answer.text();
    for (const { name, topic } of events) {
      expect(page).toContain(`<article class="panel" id="${name}">`);
      expect(page).toContain(topic);
    }
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|@import|url\(/i);
  });

  it('has links within the page that lead somewhere, and no anchor twice', async () => {
    const page = await (await get('/docs/events')).text();
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(anchor);
    for (const [, path = ''] of page.matchAll(/href="(\/[^"]+)"/g)) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
  });

  it('is told as AsyncAPI, under the address by which it was asked', async () => {
    const document = (await (await get('/api/v1/events/asyncapi.json')).json()) as {
      asyncapi: string;
      servers: { api: { host: string; protocol: string } };
    };
    expect(document.asyncapi).toBe('3.0.0');
    expect(document.servers.api).toMatchObject({ host: base.replace('http://', ''), protocol: 'http' });
  });

  it('does not repeat a host that is none', async () => {
    const { body } = await plainGet('/docs/events', { host: 'x"><script>' });
    expect(body).not.toContain('<script>');
  });

  it.each(events.map(({ name }) => [name]))('gives the schema of %s', async (name) => {
    const answer = await get(`/api/v1/events/schemas/${name}.json`);
    expect(answer.headers.get('content-type')).toContain('application/schema+json');
    const example = events.find((event) => event.name === name)?.example.data;
    expect(validatorOf((await answer.json()) as Record<string, unknown>)(example)).toBe(true);
  });

  it.each(['SmsSend.json', 'Nothing.json', '..%2f..%2fpackage.json'])('has no schema %s', async (file) => {
    const answer = await get(`/api/v1/events/schemas/${file}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
  });

  it('is answered with 304 where it is known', async () => {
    const { headers } = await plainGet('/docs/events');
    expect((await plainGet('/docs/events', { 'if-none-match': headers.etag })).status).toBe(304);
  });
});

describe('what integrators receive is what the documentation says', () => {
  const document = asyncApiDocument(events, { publicUrl: 'https://wardline.example' });
  const cipher = { open: (_: string, sealed: string) => Personal.of(sealed.replace('k.', '')) };
  const rowOf = (event: (typeof events)[number]): EgressRow => {
    const data: Record<string, unknown> = structuredClone(event.example.data);
    for (const name of event.personalFields) data[name] = { sealed: `k.${String(data[name])}` };
    const { example } = event;
    return {
      ...{ tenantId: example.tenantid, position: 7n, eventId: example.id, topic: event.topic },
      ...{ type: event.typeName, key: example.partitionkey, subject: example.subject },
      ...{ sequence: Number(example.sequence), occurredAt: new Date(example.time) },
      ...{ traceparent: example.traceparent, data: data as Json, recordedAt: new Date() },
    };
  };

  it.each(events.map((event) => [event.name, event] as const))('%s', (name, event) => {
    const opened = egressEventOf(rowOf(event), { personal: true }, cipher);
    const closed = egressEventOf(rowOf(event), { personal: false }, cipher);
    // The page's example is the very thing.
    expect(JSON.parse(JSON.stringify(opened))).toEqual(event.example);
    for (const sent of [opened, closed]) {
      const validate = componentValidatorOf(document, `${name}Event`);
      validate(JSON.parse(JSON.stringify(sent)));
      expect(validate.errors ?? []).toEqual([]);
      const headers = componentValidatorOf(document, 'KafkaHeaders');
      headers(tenantTopicMessage(7n, sent, 0).headers);
      expect(headers.errors ?? []).toEqual([]);
    }
    for (const field of event.personalFields) expect(closed.data).not.toHaveProperty(field);
  });

  it('opens the personal fields that are documented, and no other', () => {
    const documented = Object.fromEntries(
      events.filter((e) => e.personalFields.length > 0).map((e) => [e.topic, [...e.personalFields].sort()]),
    );
    const given = Object.fromEntries(
      Object.entries(openedFields).map(([topic, fields]) => [topic, Object.keys(fields).sort()]),
    );
    expect(given).toEqual(documented);
  });

  it('has as many partitions in a hospital’s topic as documented', () => {
    const { tenantTopic } = document['channels'] as {
      tenantTopic: { bindings: { kafka: { partitions: number } } };
    };
    expect(tenantTopic.bindings.kafka.partitions).toBe(tenantTopicPartitions);
  });
});
