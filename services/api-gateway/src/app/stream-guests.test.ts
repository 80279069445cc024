import { createRecordingLogger } from '@wardline/observability/testing';
import type { IntegratorSubscription } from '../domain/integrator-subscription.ts';
import { MemoryIntegratorStore } from '../testing/memory-integrator-store.ts';
import { createStreamGuests } from './stream-guests.ts';

const tenantA = '01930000-0000-7000-8000-0000000000aa';
const tenantB = '01930000-0000-7000-8000-0000000000bb';

async function build(o: { perTenantMax?: number; totalMax?: number } = {}) {
  const store = new MemoryIntegratorStore();
  const clock = { now: 0 };
  const guests = createStreamGuests({
    ...{ store, logger: createRecordingLogger(), perTenantMax: 2, everyMs: 3_600_000, now: () => clock.now },
    ...o,
  });
  await guests.start();
  let count = 0;
  const subscribe = async (
    tenantId = tenantA,
  ): Promise<{ hash: string; subscription: IntegratorSubscription }> => {
    count += 1;
    const hash = `hash-${count}`;
    const subscription = await store.add({
      ...{
        id: `s-${count}`,
        tenantId,
        kind: 'stream',
        name: 'HMS',
        topics: ['calls.completed'],
        personal: false,
      },
      ...{ state: 'active', expiresAt: null, tokenHash: hash, kafkaUsers: [], createdBy: 'somebody' },
    });
    return { hash, subscription };
  };
  return { guests, store, clock, subscribe };
}

it('lets in so many of a hospital and so many in all, and a place is free again once', async () => {
  const { guests, subscribe } = await build({ totalMax: 3 });
  const [a, b] = [await subscribe(), await subscribe(tenantB)];
  const first = guests.enter(a.hash, a.subscription);
  expect(guests.enter(a.hash, a.subscription)).toBeDefined();
  expect(guests.enter(a.hash, a.subscription)).toBeUndefined();
  expect(guests.enter(b.hash, b.subscription)).toBeDefined();
  expect(guests.enter(b.hash, b.subscription)).toBeUndefined();
  first?.leave();
  first?.leave();
  expect(guests.enter(a.hash, a.subscription)).toBeDefined();
  expect(guests.enter(a.hash, a.subscription)).toBeUndefined();
  await guests.close();
});

it.each<[string, (store: MemoryIntegratorStore, id: string) => void]>([
  ['is gone', (store, id) => store.rows.delete(id)],
  ['is paused', (store, id) => change(store, id, { state: 'paused' })],
  ['has another token', (store, id) => change(store, id, { tokenHash: 'new' })],
  ['has expired', (store, id) => change(store, id, { expiresAt: new Date(0) })],
  ['has other topics', (store, id) => change(store, id, { topics: [] })],
  ['has lost the personal scope, or got it', (store, id) => change(store, id, { personal: true })],
])('ends the streams of a subscription that %s, and only those', async (_what, happens) => {
  const { guests, store, subscribe } = await build();
  const [one, other] = [await subscribe(), await subscribe()];
  const ended = guests.enter(one.hash, one.subscription);
  const kept = guests.enter(other.hash, other.subscription);
  await guests.check();
  expect(ended?.abort.aborted).toBe(false);
  happens(store, one.subscription.id);
  await guests.check();
  expect([ended?.abort.reason, kept?.abort.aborted]).toEqual(['revoked', false]);
  await guests.close();
});

it('ends all when access cannot be verified for long, but not for a moment', async () => {
  const { guests, store, clock, subscribe } = await build();
  const { hash, subscription } = await subscribe();
  const guest = guests.enter(hash, subscription);
  await guests.check();
  store.findByTokenHashes = () => Promise.reject(new Error('away'));
  clock.now += 9_000;
  await guests.check();
  expect(guest?.abort.aborted).toBe(false);
  clock.now += 1_001;
  await guests.check();
  expect(guest?.abort.reason).toBe('revoked');
  await guests.close();
});

it('asks streams to come back elsewhere when it drains, and lets nobody in then', async () => {
  const { guests, subscribe } = await build();
  const { hash, subscription } = await subscribe();
  const guest = guests.enter(hash, subscription);
  await guests.drain?.();
  expect(guest?.abort.reason).toBe('closing');
  expect(guests.enter(hash, subscription)).toBeUndefined();
  await guests.close();
});

function change(store: MemoryIntegratorStore, id: string, to: object): void {
  const row = store.rows.get(id);
  if (row) store.rows.set(id, { ...row, ...to });
}
