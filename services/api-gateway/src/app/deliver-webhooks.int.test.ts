import { Personal } from '@wardline/personal-data';
import { CloudEvent } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { callEvent, tenantA } from '../testing/egress-fixture.ts';
import {
  arrivedByKey,
  byKey,
  createTestClock,
  useWebhookGateway,
  wishFor,
} from '../testing/webhook-gateway.ts';

const hooks = useWebhookGateway();
const { start, receive } = hooks;
const ids = (list: readonly { event: { id: string } }[]) => list.map(({ event }) => event.id);
const SECOND = 1_000;
const HOUR = 3_600_000;

it('delivers events in order, signed so that the library accepts them, and remembers it', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const before = [callEvent()];
  await hooks.gateway.append(before);
  const { webhook, secret } = await desk.create(tenantA, wishFor(receiver.url));
  const events = ['a', 'b', 'a', 'c', 'a'].map((key) => callEvent({ key }));
  await hooks.gateway.append(events);
  await settle();
  expect(arrivedByKey(receiver)).toEqual(byKey(events));
  const verified = receiver.verified(secret);
  expect(verified).toHaveLength(5);
  for (const event of verified) expect(new CloudEvent({ ...event }).validate()).toBe(true);
  expect(receiver.received[0]?.headers).toMatchObject({
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': events[0]?.id,
  });
  expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({
    position: 6n,
    lastPosition: 6n,
    waitingEvents: 0,
  });
  const log = await desk.store.deliveries(tenantA, webhook.id, { limit: 10 });
  expect(log.map((d) => [d.outcome, d.httpStatus, d.attempt])).toEqual(Array(5).fill(['delivered', 204, 1]));
});

it('is refused by the library when anything was tampered with', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const { secret } = await desk.create(tenantA, wishFor(receiver.url));
  await hooks.gateway.append([callEvent()]);
  await settle();
  const { body, headers } = receiver.accepted[0]!;
  const library = new Webhook(secret);
  expect(() => library.verify(body, headers)).not.toThrow();
  const signature = headers['webhook-signature']!;
  const other = signature.endsWith('A=') ? 'B=' : 'A=';
  for (const [b, h] of [
    [body.replace('calls.changed', 'calls.failed'), headers],
    [body, { ...headers, 'webhook-id': 'another' }],
    [body, { ...headers, 'webhook-signature': signature.slice(0, -2) + other }],
    [body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1) }],
    [body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 3_600) }],
  ] as const)
    expect(() => library.verify(b, h)).toThrow();
});

it('leaves personal fields out, and opens them for a webhook with the scope', async () => {
  const [plain, personal] = [await receive(), await receive()];
  const { desk, settle } = await start();
  await desk.create(tenantA, wishFor(plain.url));
  await desk.create(tenantA, wishFor(personal.url, { personal: true }));
  const sealed = hooks.gateway.cipher.seal(
    tenantA,
    Personal.of('Ada Lovelace'),
    'appointments.changed/patient_name',
  );
  await hooks.gateway.append([
    callEvent({ topic: 'appointments.changed', data: { patientName: { sealed } } }),
  ]);
  await settle();
  expect(personal.accepted[0]?.event.data).toMatchObject({ patientName: 'Ada Lovelace' });
  expect(plain.accepted[0]?.body).not.toMatch(/Ada|patientName|sealed/);
});

it('gives a receiver that was down everything once it is back, in order, and does not hammer it meanwhile', async () => {
  const clock = createTestClock();
  const receiver = await receive({ answer: () => 503 });
  const { desk, settle } = await start({ now: clock.now, random: () => 0.5 });
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  const events = Array.from({ length: 300 }, (_, i) => callEvent({ key: `call-${i % 30}` }));
  await hooks.gateway.append(events.slice(0, 200));
  await settle();
  const first = receiver.received.length;
  // No more than were under way when it turned out to be down.
  expect(first).toBeLessThanOrEqual(16 + 3);
  await settle();
  expect(receiver.received).toHaveLength(first);
  // An hour of being down, looked at every 15 seconds.
  for (let second = 0; second < 3_600; second += 15) {
    clock.advance(15 * SECOND);
    if (second % 60 === 0) await hooks.gateway.append(events.splice(200, 1, callEvent({ key: 'call-1' })));
    await settle();
  }
  expect(receiver.received.length - first).toBeLessThan(25);
  expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({ state: 'active' });
  receiver.answer = () => 200;
  clock.advance(HOUR);
  await settle();
  const { rows } = await hooks.gateway.log.read(tenantA, { after: 0n, topics: webhook.topics, limit: 1_000 });
  expect(arrivedByKey(receiver)).toEqual(byKey(rows.map((row) => ({ key: row.key, id: row.eventId }))));
  expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({
    waitingEvents: 0,
    failingSince: undefined,
  });
}, 60_000);

it('lets other keys go on when one fails, and keeps that key in order behind it', async () => {
  const clock = createTestClock();
  let bad: string | undefined;
  const receiver = await receive({ answer: ({ event }) => (event.id === bad ? 422 : 200) });
  const { desk, settle } = await start({ now: clock.now });
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  const events = Array.from({ length: 40 }, (_, i) => callEvent({ key: `call-${i % 4}` }));
  bad = events[1]?.id;
  await hooks.gateway.append(events);
  await settle();
  expect(arrivedByKey(receiver)['call-1']).toBeUndefined();
  expect(receiver.accepted).toHaveLength(30);
  const more = Array.from({ length: 8 }, (_, i) => callEvent({ key: `call-${i % 4}` }));
  await hooks.gateway.append(more);
  await settle();
  expect(receiver.accepted).toHaveLength(36);
  expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({ waitingEvents: 12, waitingKeys: 1 });
  const waiting = await desk.store.waiting(tenantA, webhook.id, 2);
  expect(waiting).toMatchObject([
    { eventId: bad, attempts: 1, lastReason: 'http-422' },
    { eventId: events[5]?.id, attempts: 0 },
  ]);
  bad = undefined;
  clock.advance(10 * SECOND);
  await settle();
  expect(arrivedByKey(receiver)).toEqual(byKey([...events, ...more]));
});

it('gives up one event when staff say so, and its key goes on', async () => {
  const clock = createTestClock();
  const bad = callEvent({ key: 'x' });
  const receiver = await receive({ answer: ({ event }) => (event.id === bad.id ? 400 : 200) });
  const { desk, settle } = await start({ now: clock.now });
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  const next = callEvent({ key: 'x' });
  await hooks.gateway.append([bad, next]);
  await settle();
  expect(receiver.accepted).toHaveLength(0);
  expect(await desk.skip(tenantA, webhook.id, bad.id)).toBe(true);
  expect(await desk.skip(tenantA, webhook.id, bad.id)).toBe(false);
  await settle();
  expect(ids(receiver.accepted)).toEqual([next.id]);
  const [, skipped] = await desk.store.deliveries(tenantA, webhook.id, { limit: 10 });
  expect(skipped).toMatchObject({ outcome: 'skipped', eventId: bad.id, reason: 'by-staff' });
});

it('honours Retry-After for the receiver as a whole', async () => {
  const clock = createTestClock();
  const receiver = await receive({
    answer: (_, nth) => (nth === 1 ? { status: 429, headers: { 'retry-after': '600' } } : 200),
  });
  const { desk, settle } = await start({ now: clock.now });
  await desk.create(tenantA, wishFor(receiver.url));
  await hooks.gateway.append([callEvent({ key: 'a' })]);
  await settle();
  await hooks.gateway.append([callEvent({ key: 'b' })]);
  clock.advance(599 * SECOND);
  await settle();
  expect(receiver.received).toHaveLength(1);
  clock.advance(SECOND);
  await settle();
  expect(receiver.accepted).toHaveLength(2);
});

describe('a receiver that has failed for 24 hours', () => {
  it('is switched off with a notice, and goes on where it stopped when it is switched on again', async () => {
    const clock = createTestClock();
    const receiver = await receive({ answer: () => 500 });
    const { desk, settle } = await start({ now: clock.now });
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    const events = Array.from({ length: 20 }, (_, i) => callEvent({ key: `call-${i % 5}` }));
    await hooks.gateway.append(events);
    await settle();
    for (let hour = 0; hour < 23; hour++) {
      clock.advance(HOUR);
      await settle();
    }
    expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({ state: 'active' });
    clock.advance(HOUR);
    await settle();
    expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({
      state: 'disabled',
      stateReason: 'failing',
      stateChangedAt: clock.now(),
    });
    expect(hooks.gateway.notices).toEqual([
      {
        tenantId: tenantA,
        message: { kind: 'webhook', webhookId: webhook.id, state: 'disabled', reason: 'failing' },
      },
    ]);
    const asked = receiver.received.length;
    clock.advance(HOUR);
    const later = callEvent({ key: 'call-0' });
    await hooks.gateway.append([later]);
    await settle();
    expect(receiver.received).toHaveLength(asked);

    receiver.answer = () => 200;
    expect(await desk.resume(tenantA, webhook.id)).toMatchObject({ state: 'active', stateReason: undefined });
    await settle();
    expect(arrivedByKey(receiver)).toEqual(byKey([...events, later]));
  });

  it('is switched off at once when it says that it is gone', async () => {
    const receiver = await receive({ answer: () => 410 });
    const { desk, settle } = await start();
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    await hooks.gateway.append([callEvent({ key: 'a' }), callEvent({ key: 'a' })]);
    await settle();
    expect(receiver.received).toHaveLength(1);
    expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({
      state: 'disabled',
      stateReason: 'gone',
    });
    expect(hooks.gateway.notices).toHaveLength(1);
  });
});
