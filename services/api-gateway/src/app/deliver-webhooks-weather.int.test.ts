import { createRandom } from '@wardline/seeded-random';
import { callEvent, tenantA } from '../testing/egress-fixture.ts';
import {
  createTestClock,
  startWebhookGateway,
  wishFor,
  type WebhookGateway,
} from '../testing/webhook-gateway.ts';
import { startWebhookReceiver } from '../testing/webhook-receiver.ts';

let gateway: WebhookGateway;
beforeAll(async () => {
  gateway = await startWebhookGateway();
});
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(() => gateway?.stop());

it.each([1, 2, 3])(
  'delivers everything, each key in order, through failures, restarts, pauses and instances side by side (%i)',
  async (seed) => {
    await gateway.reset();
    const random = createRandom(seed);
    const clock = createTestClock();
    let weather: 'fair' | 'mixed' | 'storm' = 'mixed';
    const receiver = await startWebhookReceiver({
      answer: () => {
        const dice = random();
        if (weather === 'storm') return 503;
        if (weather === 'fair' || dice > 0.2) return 200;
        if (dice > 0.15) return { status: 429, headers: { 'retry-after': '30' } };
        return dice > 0.07 ? 422 : 500;
      },
    });
    opened.push(receiver);
    const limits = { itemsMax: 24, laneMax: 3, concurrencyMax: 5 };
    const startOne = async () => {
      const one = await gateway.start({ now: clock.now, random, limits });
      opened.push({ close: one.stop });
      return one;
    };
    let instances = [await startOne(), await startOne()];
    const desk = instances[0]!.desk;
    const { webhook } = await desk.create(tenantA, wishFor(receiver.url));
    const events = Array.from({ length: 240 }, () => callEvent({ key: `call-${Math.floor(random() * 12)}` }));

    for (let i = 0; i < events.length; i += 12) {
      weather = random() < 0.3 ? 'storm' : 'mixed';
      await gateway.append(events.slice(i, i + 12));
      if (random() < 0.2) await desk.pause(tenantA, webhook.id);
      const settled = Promise.all(instances.map(({ settle }) => settle()));
      if (random() < 0.3) {
        // In the middle of its work.
        await instances[0]!.stop();
        instances = [instances[1]!, await startOne()];
      }
      await settled;
      await desk.resume(tenantA, webhook.id);
      clock.advance(60_000 * random());
    }
    weather = 'fair';
    for (let round = 0; round < 200; round++) {
      clock.advance(600_000);
      await Promise.all(instances.map(({ settle }) => settle()));
      const now = await desk.store.find(tenantA, webhook.id);
      if (now?.position === now?.lastPosition && now?.waitingEvents === 0) break;
    }

    // An instance that was stopped may not have known that a delivery had arrived: the first time counts.
    const seen = new Set<string>();
    const arrived = receiver.accepted
      .map(({ event }) => event)
      .filter(({ id }) => !seen.has(id) && seen.add(id));
    expect(arrived).toHaveLength(events.length);
    for (const [key, own] of Map.groupBy(events, (event) => event.key))
      expect(arrived.filter((e) => e.partitionkey === key).map((e) => e.id)).toEqual(own.map((e) => e.id));
  },
  60_000,
);
