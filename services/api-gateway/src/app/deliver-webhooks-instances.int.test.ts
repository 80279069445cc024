import { FakeEventBus } from '@wardline/event-bus/testing';
import { consumeForEgress } from '../entrypoints/egress-consumer.ts';
import { callEvent, tenantA, tenantB } from '../testing/egress-fixture.ts';
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
const HOUR = 3_600_000;

it('sends nothing while it is paused, and everything afterwards', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  expect(await desk.pause(tenantA, webhook.id)).toMatchObject({ state: 'paused', stateReason: 'by-staff' });
  await hooks.gateway.append([callEvent(), callEvent()]);
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
  await hooks.gateway.append([callEvent()]);
  await settle();
  expect(receiver.verified(secret)).toHaveLength(1);
  expect(receiver.verified(rotated!.secret)).toHaveLength(1);
  clock.advance(24 * HOUR);
  await hooks.gateway.append([callEvent()]);
  await settle();
  expect(receiver.accepted[1]?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
});

describe('replay', () => {
  it('gives one event again, with the same id', async () => {
    const receiver = await receive();
    const { desk, settle } = await start();
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    const events = [callEvent(), callEvent()];
    await hooks.gateway.append(events);
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
    await hooks.gateway.append(events.slice(0, 5));
    await settle();
    const from = (await hooks.gateway.log.read(tenantA, { after: 4n, topics: webhook.topics, limit: 1 }))
      .rows[0]!.recordedAt;
    await hooks.gateway.append(events.slice(5));
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
    await hooks.gateway.append(events);
    await settle();
    ok = true;
    expect(await desk.replayFrom(tenantA, webhook.id, { position: 1n })).toBe(1n);
    await settle();
    expect(arrivedByKey(receiver)).toEqual(byKey(events));
  });
});

it('passes over what the log does not hold any more, and says so', async () => {
  const clock = createTestClock();
  const receiver = await receive({ answer: () => 422 });
  const { desk, settle } = await start({ now: clock.now });
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  const events = [callEvent({ key: 'a' }), callEvent({ key: 'a' })];
  await hooks.gateway.append(events);
  await settle();
  await hooks.gateway.admin.query(
    `UPDATE gateway.egress_events SET recorded_at = now() - interval '8 days' WHERE position = 1`,
  );
  await hooks.gateway.log.sweep(10);
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
    await hooks.gateway.append(events.slice(i, i + 20));
    for (const { dispatcher } of instances) dispatcher.wake();
  }
  const done = () => receivers.every(({ accepted }) => accepted.length >= events.length);
  for (let round = 0; round < 200 && !done(); round++)
    await Promise.all(instances.map(({ settle }) => settle()));
  for (const receiver of receivers) {
    expect(receiver.received).toHaveLength(events.length);
    expect(arrivedByKey(receiver)).toEqual(byKey(events));
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
        const added = await hooks.gateway.append(events, tenantId);
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
  await hooks.gateway.append([event]);
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
  await hooks.gateway.append(Array.from({ length: 100 }, (_, i) => callEvent({ key: `call-${i}` })));
  await settle();
  expect(receiver.accepted).toHaveLength(100);
  expect(receiver.underWayMax).toBeLessThanOrEqual(4);
});

it('delivers what the bus brings as soon as it is in the log', async () => {
  const receiver = await receive();
  const { desk } = await start();
  await desk.create(tenantA, wishFor(receiver.url));
  const bus = new FakeEventBus();
  const consumer = consumeForEgress(bus, hooks.gateway);
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
  await hooks.gateway.append(events);
  first.dispatcher.wake();
  await receiver.until(() => receiver.received.length === 2);
  await first.stop();
  receiver.answer = () => 200;
  const second = await start();
  await second.settle();
  expect(arrivedByKey(receiver)).toEqual(byKey(events));
});

it('remembers deliveries for seven days', async () => {
  const receiver = await receive();
  const { desk, settle } = await start();
  const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
  await hooks.gateway.append([callEvent(), callEvent()]);
  await settle();
  await hooks.gateway.admin.query(
    `UPDATE gateway.webhook_deliveries SET at = at - interval '8 days' WHERE position = 1`,
  );
  expect(await hooks.gateway.log.sweep(10)).toEqual({ events: 0, deliveries: 1 });
  const left = await desk.store.deliveries(tenantA, webhook.id, { limit: 10 });
  expect(left.map(({ position }) => position)).toEqual([2n]);
});
