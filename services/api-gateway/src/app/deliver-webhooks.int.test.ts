import { FakeEventBus } from '@wardline/event-bus/testing';
import { Personal } from '@wardline/personal-data';
import { CloudEvent } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { consumeForEgress } from '../entrypoints/egress-consumer.ts';
import { callEvent, tenantA, tenantB } from '../testing/egress-fixture.ts';
import {
  createTestClock,
  startWebhookGateway,
  wishFor,
  type WebhookGateway,
} from '../testing/webhook-gateway.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';

let gateway: WebhookGateway;
beforeAll(async () => {
  gateway = await startWebhookGateway();
});
afterAll(() => gateway?.stop());

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await gateway.reset();
});
const start = async (o: Parameters<WebhookGateway['start']>[0] = {}) => {
  const instance = await gateway.start(o);
  opened.push({ close: instance.stop });
  return instance;
};
const receive = async (o: Parameters<typeof startWebhookReceiver>[0] = {}) => {
  const receiver = await startWebhookReceiver(o);
  opened.push(receiver);
  return receiver;
};

const ids = (list: readonly { event: { id: string } }[]) => list.map(({ event }) => event.id);
const byKey = (list: readonly { key: string; id: string }[]) =>
  Object.fromEntries([...Map.groupBy(list, (e) => e.key)].map(([key, own]) => [key, own.map((e) => e.id)]));
const arrivedByKey = (receiver: WebhookReceiver) =>
  byKey(receiver.accepted.map(({ event }) => ({ key: event.partitionkey, id: event.id })));
const SECOND = 1_000;
const HOUR = 3_600_000;

it('delivers events in order, signed so that the library accepts them, and remembers it', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const before = [callEvent()];
  await gateway.append(before);
  const { webhook, secret } = await desk.create(tenantA, wishFor(receiver.url));
  const events = ['a', 'b', 'a', 'c', 'a'].map((key) => callEvent({ key }));
  await gateway.append(events);
  await settle();
  expect(arrivedByKey(receiver)).toEqual(byKey(events as { key: string; id: string }[]));
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
  await gateway.append([callEvent()]);
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
  const sealed = gateway.cipher.seal(
    tenantA,
    Personal.of('Ada Lovelace'),
    'appointments.changed/patient_name',
  );
  await gateway.append([callEvent({ topic: 'appointments.changed', data: { patientName: { sealed } } })]);
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
  await gateway.append(events.slice(0, 200));
  await settle();
  const first = receiver.received.length;
  // No more than were under way when it turned out to be down.
  expect(first).toBeLessThanOrEqual(16 + 3);
  await settle();
  expect(receiver.received).toHaveLength(first);
  // An hour of being down, looked at every 15 seconds.
  for (let second = 0; second < 3_600; second += 15) {
    clock.advance(15 * SECOND);
    if (second % 60 === 0) await gateway.append(events.splice(200, 1, callEvent({ key: 'call-1' })));
    await settle();
  }
  expect(receiver.received.length - first).toBeLessThan(25);
  expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({ state: 'active' });
  receiver.answer = () => 200;
  clock.advance(HOUR);
  await settle();
  const { rows } = await gateway.log.read(tenantA, { after: 0n, topics: webhook.topics, limit: 1_000 });
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
  await gateway.append(events);
  await settle();
  expect(arrivedByKey(receiver)['call-1']).toBeUndefined();
  expect(receiver.accepted).toHaveLength(30);
  const more = Array.from({ length: 8 }, (_, i) => callEvent({ key: `call-${i % 4}` }));
  await gateway.append(more);
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
  expect(arrivedByKey(receiver)).toEqual(byKey([...events, ...more] as { key: string; id: string }[]));
});

it('gives up one event when staff say so, and its key goes on', async () => {
  const clock = createTestClock();
  const bad = callEvent({ key: 'x' });
  const receiver = await receive({ answer: ({ event }) => (event.id === bad.id ? 400 : 200) });
  const { desk, settle } = await start({ now: clock.now });
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  const next = callEvent({ key: 'x' });
  await gateway.append([bad, next]);
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
  await gateway.append([callEvent({ key: 'a' })]);
  await settle();
  await gateway.append([callEvent({ key: 'b' })]);
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
    await gateway.append(events);
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
    expect(gateway.notices).toEqual([
      {
        tenantId: tenantA,
        message: { kind: 'webhook', webhookId: webhook.id, state: 'disabled', reason: 'failing' },
      },
    ]);
    const asked = receiver.received.length;
    clock.advance(HOUR);
    const later = callEvent({ key: 'call-0' });
    await gateway.append([later]);
    await settle();
    expect(receiver.received).toHaveLength(asked);

    receiver.answer = () => 200;
    expect(await desk.resume(tenantA, webhook.id)).toMatchObject({ state: 'active', stateReason: undefined });
    await settle();
    expect(arrivedByKey(receiver)).toEqual(byKey([...events, later] as { key: string; id: string }[]));
  });

  it('is switched off at once when it says that it is gone', async () => {
    const receiver = await receive({ answer: () => 410 });
    const { desk, settle } = await start();
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    await gateway.append([callEvent({ key: 'a' }), callEvent({ key: 'a' })]);
    await settle();
    expect(receiver.received).toHaveLength(1);
    expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({
      state: 'disabled',
      stateReason: 'gone',
    });
    expect(gateway.notices).toHaveLength(1);
  });
});

it('sends nothing while it is paused, and everything afterwards', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  expect(await desk.pause(tenantA, webhook.id)).toMatchObject({ state: 'paused', stateReason: 'by-staff' });
  await gateway.append([callEvent(), callEvent()]);
  await settle();
  expect(receiver.received).toHaveLength(0);
  await desk.resume(tenantA, webhook.id);
  await settle();
  expect(receiver.accepted).toHaveLength(2);
});

it('signs with both secrets for 24 hours after a rotation', async () => {
  const clock = createTestClock();
  const receiver = await receive();
  const { desk, settle } = await start({ now: clock.now });
  const { webhook, secret } = await desk.create(tenantA, wishFor(receiver.url));
  const rotated = await desk.rotate(tenantA, webhook.id);
  await gateway.append([callEvent()]);
  await settle();
  expect(receiver.verified(secret)).toHaveLength(1);
  expect(receiver.verified(rotated!.secret)).toHaveLength(1);
  clock.advance(24 * HOUR);
  await gateway.append([callEvent()]);
  await settle();
  expect(receiver.accepted[1]?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
});

describe('replay', () => {
  it('gives one event again, with the same id', async () => {
    const receiver = await receive();
    const { desk, settle } = await start();
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    const events = [callEvent(), callEvent()];
    await gateway.append(events);
    expect(await desk.replayOne(tenantA, webhook.id, events[0]!.id)).toBe('ahead');
    await settle();
    expect(await desk.replayOne(tenantA, webhook.id, events[0]!.id)).toBe('ok');
    expect(await desk.replayOne(tenantA, webhook.id, callEvent().id)).toBe('unknown');
    await settle();
    expect(ids(receiver.accepted)).toEqual([events[0]?.id, events[1]?.id, events[0]?.id]);
  });

  it('goes back to a position or a time and gives everything from there in order', async () => {
    const receiver = await receive();
    const { desk, settle } = await start();
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    const events = Array.from({ length: 10 }, () => callEvent());
    await gateway.append(events.slice(0, 5));
    await settle();
    const from = (await gateway.log.read(tenantA, { after: 4n, topics: webhook.topics, limit: 1 })).rows[0]!
      .recordedAt;
    await gateway.append(events.slice(5));
    await settle();
    receiver.accepted.length = 0;
    expect(await desk.replayFrom(tenantA, webhook.id, { position: 8n })).toBe(8n);
    await settle();
    expect(ids(receiver.accepted)).toEqual(events.slice(7).map((event) => event.id));
    receiver.accepted.length = 0;
    // The five of the first transaction were recorded at the same instant.
    expect(await desk.replayFrom(tenantA, webhook.id, { time: from })).toBe(1n);
    await settle();
    expect(ids(receiver.accepted)).toEqual(events.map((event) => event.id));
    expect(await desk.replayFrom(tenantA, webhook.id, { position: 12n })).toBe('ahead');
    expect(await desk.replayFrom(tenantA, webhook.id, { position: 11n })).toBe(11n);
  });

  it('goes back also while events wait', async () => {
    const clock = createTestClock();
    let ok = false;
    const receiver = await receive({ answer: () => (ok ? 200 : 422) });
    const { desk, settle } = await start({ now: clock.now });
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    const events = Array.from({ length: 6 }, (_, i) => callEvent({ key: `k${i % 2}` }));
    await gateway.append(events);
    await settle();
    ok = true;
    expect(await desk.replayFrom(tenantA, webhook.id, { position: 1n })).toBe(1n);
    await settle();
    expect(arrivedByKey(receiver)).toEqual(byKey(events as { key: string; id: string }[]));
  });
});

it('passes over what the log does not hold any more, and says so', async () => {
  const clock = createTestClock();
  const receiver = await receive({ answer: () => 422 });
  const { desk, settle } = await start({ now: clock.now });
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  const events = [callEvent({ key: 'a' }), callEvent({ key: 'a' })];
  await gateway.append(events);
  await settle();
  await gateway.admin.query(
    `UPDATE gateway.egress_events SET recorded_at = now() - interval '8 days' WHERE position = 1`,
  );
  await gateway.log.sweep(10);
  receiver.answer = () => 200;
  clock.advance(HOUR);
  await settle();
  expect(ids(receiver.accepted)).toEqual([events[1]?.id]);
  const log = await desk.store.deliveries(tenantA, webhook.id, { limit: 10, outcome: 'expired' });
  expect(log).toMatchObject([{ eventId: events[0]?.id, position: 1n }]);
});

it('delivers each event once when several instances run side by side, never two of a key at a time', async () => {
  const receivers = await Promise.all([receive(), receive(), receive()]);
  const instances = await Promise.all([start(), start(), start()]);
  const first = instances[0]!;
  for (const receiver of receivers) {
    await first.desk.create(tenantA, wishFor(receiver.url));
    const open = new Set<string>();
    receiver.answer = async ({ event }) => {
      expect(open).not.toContain(event.partitionkey);
      open.add(event.partitionkey);
      await new Promise((resolve) => setImmediate(resolve));
      open.delete(event.partitionkey);
      return 200;
    };
  }
  const events = Array.from({ length: 200 }, (_, i) => callEvent({ key: `call-${i % 9}` }));
  for (let i = 0; i < events.length; i += 20) {
    await gateway.append(events.slice(i, i + 20));
    for (const { dispatcher } of instances) dispatcher.wake();
  }
  const done = () => receivers.every(({ accepted }) => accepted.length >= events.length);
  for (let round = 0; round < 200 && !done(); round++)
    await Promise.all(instances.map(({ settle }) => settle()));
  for (const receiver of receivers) {
    expect(receiver.received).toHaveLength(events.length);
    expect(arrivedByKey(receiver)).toEqual(byKey(events as { key: string; id: string }[]));
  }
});

it('never gives a webhook an event of another hospital, whatever the load', async () => {
  const [a, b] = [await receive(), await receive()];
  const { desk, settle } = await start();
  await desk.create(tenantA, wishFor(a.url));
  await desk.create(tenantB, wishFor(b.url));
  const counts = { a: 0, b: 0 };
  await Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      for (let i = 0; i < 10; i++) {
        const tenantId = writer % 2 === 0 ? tenantA : tenantB;
        // The same keys and subjects at both: only the tenant tells them apart.
        const events = Array.from({ length: 10 }, (__, n) =>
          callEvent({ tenantId, key: `call-${n % 5}`, data: { of: tenantId } }),
        );
        const added = await gateway.append(events, tenantId);
        counts[writer % 2 === 0 ? 'a' : 'b'] += added;
        if (i % 3 === 0) await settle();
      }
    }),
  );
  await settle();
  expect([a.accepted.length, b.accepted.length]).toEqual([counts.a, counts.b]);
  expect(counts).toEqual({ a: 300, b: 300 });
  for (const [receiver, tenantId] of [
    [a, tenantA],
    [b, tenantB],
  ] as const) {
    const tenants = new Set(receiver.received.flatMap(({ event }) => [event.tenantid, event.data['of']]));
    expect([...tenants]).toEqual([tenantId]);
  }
});

it('shows a hospital nothing of another’s webhook and lets it do nothing with it', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  const event = callEvent();
  await gateway.append([event]);
  await settle();
  expect(await desk.store.list(tenantB)).toEqual([]);
  expect(await desk.store.find(tenantB, webhook.id)).toBeUndefined();
  expect(await desk.store.settings(tenantB, webhook.id)).toBeUndefined();
  expect(await desk.change(tenantB, webhook.id, { name: 'mine' })).toBeUndefined();
  expect(await desk.rotate(tenantB, webhook.id)).toBeUndefined();
  expect(await desk.pause(tenantB, webhook.id)).toBeUndefined();
  expect(await desk.test(tenantB, webhook.id)).toBeUndefined();
  expect(await desk.store.remove(tenantB, webhook.id)).toBe(false);
  expect(await desk.store.deliveries(tenantB, webhook.id, { limit: 10 })).toEqual([]);
  expect(await desk.store.waiting(tenantB, webhook.id, 10)).toEqual([]);
  expect(await desk.replayOne(tenantB, webhook.id, event.id)).toBe('unknown');
  expect(await desk.skip(tenantB, webhook.id, event.id)).toBe(false);
  expect(await desk.store.find(tenantA, webhook.id)).toMatchObject({ name: 'HMS', state: 'active' });
  expect(receiver.received).toHaveLength(1);
});

it('bounds what is under way to one receiver', async () => {
  const receiver = await receive();
  const { desk, settle } = await start({ limits: { concurrencyMax: 4 } });
  await desk.create(tenantA, wishFor(receiver.url));
  await gateway.append(Array.from({ length: 100 }, (_, i) => callEvent({ key: `call-${i}` })));
  await settle();
  expect(receiver.accepted).toHaveLength(100);
  expect(receiver.underWayMax).toBeLessThanOrEqual(4);
});

it('delivers what the bus brings as soon as it is in the log', async () => {
  const receiver = await receive();
  const { desk } = await start();
  await desk.create(tenantA, wishFor(receiver.url));
  const bus = new FakeEventBus();
  const consumer = consumeForEgress(bus, gateway);
  await consumer.start();
  bus.publish(callEvent());
  await receiver.until(() => receiver.accepted.length === 1);
  await consumer.close();
});

it('breaks off what takes too long when it is stopped, and leaves it to the next', async () => {
  const receiver = await receive({ answer: () => undefined });
  const first = await start();
  await first.desk.create(tenantA, wishFor(receiver.url));
  const events = [callEvent({ key: 'a' }), callEvent({ key: 'a' }), callEvent({ key: 'b' })];
  await gateway.append(events);
  first.dispatcher.wake();
  await receiver.until(() => receiver.received.length === 2);
  await first.stop();
  receiver.answer = () => 200;
  const second = await start();
  await second.settle();
  expect(arrivedByKey(receiver)).toEqual(byKey(events as { key: string; id: string }[]));
});

it('remembers deliveries for seven days', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  await gateway.append([callEvent(), callEvent()]);
  await settle();
  await gateway.admin.query(
    `UPDATE gateway.webhook_deliveries SET at = at - interval '8 days' WHERE position = 1`,
  );
  expect(await gateway.log.sweep(10)).toEqual({ events: 0, deliveries: 1 });
  const left = await desk.store.deliveries(tenantA, webhook.id, { limit: 10 });
  expect(left.map(({ position }) => position)).toEqual([2n]);
});
