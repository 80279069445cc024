import { Webhook } from 'standardwebhooks';
import { callEvent, tenantA, tenantB } from '../testing/egress-fixture.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { startWebhookGateway, type WebhookGateway } from '../testing/webhook-gateway.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';

type Json = Record<string, unknown>;
const tenants: Record<string, string> = { ada: tenantA, bob: tenantB };

let gateway: WebhookGateway;
let webhooks: Awaited<ReturnType<WebhookGateway['start']>>;
let receiver: WebhookReceiver;
let app: TestApp;

beforeAll(async () => {
  gateway = await startWebhookGateway();
  receiver = await startWebhookReceiver();
  webhooks = await gateway.start({
    resolve: async (host) => [{ address: host === 'public.example' ? '8.8.8.8' : '10.0.0.1', family: 4 }],
  });
  app = await startTestApp({ endpoints: webhooks.endpoints, logger: gateway.logger });
});
afterAll(async () => {
  await app?.close();
  await receiver?.close();
  await gateway?.stop();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.accepted.length = 0;
});
afterEach(async () => {
  await webhooks.settle();
  await gateway.reset();
});

async function ask(method: string, path: string, body?: unknown, login: string | undefined = 'ada') {
  const tenantId = tenants[login];
  const user = tenantId === undefined ? undefined : { tenantId, role: 'integrator' };
  const answer = await app.ask(user, method, `/integrations/webhooks${path}`, body);
  return { ...answer, type: answer.headers.get('content-type') };
}
const make = async (more: Json = {}) =>
  (await ask('POST', '', { name: 'HMS', url: receiver.url, ...more })).body;

it('is nothing for those who are not signed in', async () => {
  expect((await ask('GET', '', undefined, '')).status).toBe(401);
});

it('makes a webhook, shows its secret this once, and lists it', async () => {
  const { status, body } = await ask('POST', '', {
    name: 'HMS',
    url: receiver.url,
    topics: ['calls.completed'],
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...{ name: 'HMS', url: receiver.url, topics: ['calls.completed'], personal: false, state: 'active' },
    ...{ stateReason: null, position: 0, firstPosition: 1, lastPosition: 0, waiting: { events: 0, keys: 0 } },
    ...{ failingSince: null, triedAgainAt: null, previousSecretValidUntil: null },
  });
  expect(body['secret']).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { secret, ...shown } = body;
  const listed = (await ask('GET', '')).body;
  expect(listed['items']).toEqual([shown]);
  expect(listed['offeredTopics']).toContain('appointments.changed');
  expect((await ask('GET', `/${String(body['id'])}`)).body).toEqual(shown);
  const { rows } = await gateway.admin.query('SELECT * FROM gateway.egress_subscriptions');
  expect(JSON.stringify(rows)).not.toContain(String(secret).slice(6));
});

it.each([
  [{ url: 'https://10.0.0.1/' }, 422, 'target-refused'],
  [{ url: 'https://rebinding.example/' }, 422, 'target-refused'],
  [{ url: 'http://public.example/' }, 422, 'https-required'],
  [{ url: 'https://public.example:25/' }, 422, 'port-refused'],
  [{ url: 'https://a:b@public.example/' }, 422, 'credentials-in-url'],
  [{ url: 'nowhere' }, 422, 'url-invalid'],
  [{ topics: ['sms.send'] }, 422, 'topic-not-offered'],
  [{ topics: [] }, 422, 'invalid'],
  [{ name: '' }, 422, 'invalid'],
  [{ tenantId: tenantB }, 422, 'invalid'],
])('refuses %j: %i %s', async (wish, status, code) => {
  const answer = await ask('POST', '', { name: 'HMS', url: 'https://public.example/', ...wish });
  expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json') });
  expect(answer.body['code']).toBe(code);
  const webhook = await make();
  if (!('tenantId' in wish))
    expect((await ask('PATCH', `/${String(webhook['id'])}`, wish)).body['code']).toBe(code);
});

it('has a limit to how many a hospital may have', async () => {
  for (let i = 0; i < 20; i++) expect((await make())['id']).toBeDefined();
  expect(await ask('POST', '', { name: 'HMS', url: receiver.url })).toMatchObject({
    status: 409,
    body: { code: 'too-many-webhooks' },
  });
  expect((await ask('POST', '', { name: 'HMS', url: receiver.url }, 'bob')).status).toBe(201);
});

it('changes, pauses, resumes, rotates and removes', async () => {
  const webhook = await make();
  const path = `/${String(webhook['id'])}`;
  expect((await ask('PATCH', path, { name: 'other', personal: true })).body).toMatchObject({
    ...{ name: 'other', personal: true, url: receiver.url },
  });
  expect((await ask('POST', `${path}/pause`)).body).toMatchObject({
    state: 'paused',
    stateReason: 'by-staff',
  });
  expect((await ask('POST', `${path}/resume`)).body).toMatchObject({ state: 'active', stateReason: null });
  const rotated = (await ask('POST', `${path}/rotate-secret`)).body;
  expect(rotated['secret']).toMatch(/^whsec_/);
  expect(rotated['secret']).not.toBe(webhook['secret']);
  expect((await ask('GET', path)).body['previousSecretValidUntil']).toBe(rotated['previousSecretValidUntil']);
  expect((await ask('DELETE', path)).status).toBe(204);
  expect((await ask('GET', path)).status).toBe(404);
  expect((await ask('DELETE', path)).status).toBe(404);
  const audited = gateway.logger.lines
    .filter((line) => line['audit'] === true && line['subscription_id'] === webhook['id'])
    .map((line) => line['action']);
  expect(audited).toEqual(['opened', 'changed', 'paused', 'resumed', 'rotated', 'revoked']);
  expect(gateway.logger.text()).not.toContain('whsec_');
});

it('sends a test event and says how it went', async () => {
  const webhook = await make();
  const path = `/${String(webhook['id'])}`;
  expect((await ask('POST', `${path}/test`)).body).toMatchObject({
    delivered: true,
    httpStatus: 204,
    reason: null,
  });
  const [one] = receiver.accepted;
  expect(new Webhook(String(webhook['secret'])).verify(one!.body, one!.headers)).toMatchObject({
    type: 'wardline.webhook.test',
  });
  receiver.answer = () => ({ status: 302, headers: { location: 'http://10.0.0.1/' } });
  expect((await ask('POST', `${path}/test`)).body).toMatchObject({
    ...{ delivered: false, httpStatus: 302, reason: 'redirect-refused' },
  });
  receiver.answer = () => 204;
  const log = (await ask('GET', `${path}/deliveries`)).body['items'] as Json[];
  expect(log.map((d) => [d['outcome'], d['topic'], d['position']])).toEqual([
    ['failed', 'webhook.test', null],
    ['delivered', 'webhook.test', null],
  ]);
});

it('shows deliveries by page and filter, what waits, and replays', async () => {
  const bad = callEvent({ key: 'bad' });
  receiver.answer = ({ event }) => (event.id === bad.id ? 422 : 204);
  const path = `/${String((await make())['id'])}`;
  const events = [callEvent({ key: 'a' }), bad, callEvent({ key: 'b', topic: 'calls.completed' })];
  await gateway.append(events);
  await webhooks.settle();
  type Page = { items: Json[]; next: string | null };
  const first = (await ask('GET', `${path}/deliveries?limit=2`)).body as Page;
  const second = (await ask('GET', `${path}/deliveries?limit=2&cursor=${first.next}`)).body as Page;
  expect([...first.items, ...second.items].map((d) => d['eventId']).sort()).toEqual(
    events.map((e) => e.id).sort(),
  );
  expect(second.next).toBeNull();
  for (const [query, count] of [
    ['outcome=failed', 1],
    [`eventId=${bad.id}`, 1],
    ['topic=calls.completed', 1],
    ['key=a', 1],
    [`from=${new Date(Date.now() + 60_000).toISOString()}`, 0],
    [`to=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`, 3],
  ] as const)
    expect([query, ((await ask('GET', `${path}/deliveries?${query}`)).body as Page).items.length]).toEqual([
      query,
      count,
    ]);
  expect((await ask('GET', `${path}/deliveries?outcome=strange`)).status).toBe(422);
  expect((await ask('GET', `${path}/waiting`)).body['items']).toMatchObject([
    { eventId: bad.id, position: 2, key: 'bad', attempts: 1, lastReason: 'http-422' },
  ]);
  expect((await ask('POST', `${path}/replay`, { eventId: events[0]!.id })).status).toBe(202);
  expect((await ask('POST', `${path}/replay`, { position: 99 })).body['code']).toBe('not-delivered-yet');
  expect((await ask('POST', `${path}/replay`, { position: 3 })).body).toEqual({ fromPosition: 3 });
  expect((await ask('POST', `${path}/replay`, {})).status).toBe(422);
  expect((await ask('POST', `${path}/replay`, { position: 1, eventId: bad.id })).status).toBe(422);
  expect((await ask('DELETE', `${path}/waiting/${bad.id}`)).status).toBe(204);
  expect((await ask('DELETE', `${path}/waiting/${bad.id}`)).status).toBe(404);
  await webhooks.settle();
  expect(receiver.accepted.map(({ event }) => event.id).sort()).toEqual(
    [events[0]!.id, events[0]!.id, events[2]!.id, events[2]!.id].sort(),
  );
});

it('does not know the webhooks of another hospital', async () => {
  const webhook = await make();
  const path = `/${String(webhook['id'])}`;
  await gateway.append([callEvent()]);
  await webhooks.settle();
  const eventId = receiver.accepted[0]!.event.id;
  expect((await ask('GET', '', undefined, 'bob')).body['items']).toEqual([]);
  for (const [method, rest, body] of [
    ['GET', '', undefined],
    ['PATCH', '', { name: 'mine' }],
    ['DELETE', '', undefined],
    ['POST', '/pause', undefined],
    ['POST', '/resume', undefined],
    ['POST', '/rotate-secret', undefined],
    ['POST', '/test', undefined],
    ['GET', '/deliveries', undefined],
    ['GET', '/waiting', undefined],
    ['DELETE', `/waiting/${eventId}`, undefined],
    ['POST', '/replay', { eventId }],
    ['POST', '/replay', { position: 1 }],
  ] as const)
    expect([method, rest, (await ask(method, path + rest, body, 'bob')).status]).toEqual([method, rest, 404]);
  await webhooks.settle();
  expect(receiver.received).toHaveLength(1);
});
