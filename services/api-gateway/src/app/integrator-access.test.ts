import { FakeTenantTopicCluster } from '../testing/fake-tenant-topic-cluster.ts';
import { MemoryIntegratorStore } from '../testing/memory-integrator-store.ts';
import { createIntegratorAccess, streamTokenHash, type IntegratorWish } from './integrator-access.ts';

const tenantA = '01930000-0000-7000-8000-00000000000a';
const tenantB = '01930000-0000-7000-8000-00000000000b';
const offered = ['calls.completed', 'appointments.changed'];
const wish: IntegratorWish = {
  name: 'HMS',
  topics: offered,
  personal: false,
  expiresAt: null,
  createdBy: '01930000-0000-7000-8000-0000000000cc',
};

function build() {
  const clock = { now: new Date('2026-11-21T10:00:00Z') };
  const store = new MemoryIntegratorStore(() => clock.now);
  const cluster = new FakeTenantTopicCluster();
  const opened: unknown[] = [];
  const access = createIntegratorAccess({
    ...{ store, cluster, offered, topicPrefix: 'w.', subscriptionsMax: 3, now: () => clock.now },
    openTopic: async (topic) => void opened.push(topic),
  });
  const findOpen = async (token: string) => {
    const hash = streamTokenHash(token) ?? '';
    return (await store.findByTokenHashes([hash])).get(hash);
  };
  return { clock, store, cluster, opened, access, findOpen };
}

describe('access to the stream', () => {
  it('hands the token out and stores only its hash', async () => {
    const { access, store, findOpen } = build();
    const { token, subscription } = await access.openStream(tenantA, wish);
    expect(token).toMatch(/^wl_[\w-]{43}$/);
    expect(JSON.stringify([...store.rows.values()])).not.toContain(token);
    expect(await findOpen(token)).toMatchObject({ id: subscription.id, tenantId: tenantA });
  });

  it('ends the old token when it is rotated, the subscription when revoked or when its time is over', async () => {
    const { access, findOpen, clock } = build();
    const { token, subscription } = await access.openStream(tenantA, {
      ...wish,
      expiresAt: new Date('2026-11-22T10:00:00Z'),
    });
    const rotated = await access.rotateStream(tenantA, subscription.id);
    expect(await findOpen(token)).toBeUndefined();
    expect(await findOpen(rotated?.token ?? '')).toBeDefined();
    clock.now = new Date('2026-11-22T10:00:00Z');
    expect(await findOpen(rotated?.token ?? '')).toBeUndefined();
    expect(await access.revokeStream(tenantA, subscription.id)).toBe(true);
    expect(await access.revokeStream(tenantA, subscription.id)).toBe(false);
  });

  it("is not another hospital's to list, rotate or revoke", async () => {
    const { access, findOpen } = build();
    const { token, subscription } = await access.openStream(tenantA, wish);
    expect(await access.list(tenantB, 'stream')).toEqual([]);
    expect(await access.rotateStream(tenantB, subscription.id)).toBeUndefined();
    expect(await access.revokeStream(tenantB, subscription.id)).toBe(false);
    expect(await findOpen(token)).toBeDefined();
  });

  it('refuses topics that are not offered, and too many', async () => {
    const { access } = build();
    const asked = { ...wish, topics: ['sms.send'] };
    await expect(access.openStream(tenantA, asked)).rejects.toMatchObject({ code: 'topic-not-offered' });
    for (let i = 0; i < 3; i += 1) await access.openStream(tenantA, wish);
    await expect(access.openStream(tenantA, wish)).rejects.toMatchObject({ code: 'too-many-subscriptions' });
  });
});

describe('access to Kafka', () => {
  it('makes the topic and a user for it, and opens the topic to the relay', async () => {
    const { access, cluster, opened } = build();
    const { grant, subscription } = await access.openKafka(tenantA, { ...wish, personal: true });
    expect(grant).toMatchObject({ topic: `w.egress.${tenantA}.personal`, groupPrefix: `${tenantA}.` });
    expect([...cluster.users.keys()]).toEqual([grant.username]);
    expect(opened).toMatchObject([{ tenantId: tenantA, personal: true }]);
    expect(subscription).toMatchObject({ state: 'active', kafkaUsers: [grant.username] });
  });

  it('leaves nothing behind when the cluster refuses', async () => {
    const { access, cluster, store } = build();
    cluster.failNext('grant');
    await expect(access.openKafka(tenantA, wish)).rejects.toThrow('grant failed');
    expect([cluster.users.size, store.rows.size]).toEqual([0, 0]);
  });

  it('finishes later what broke off: opening, rotating, revoking', async () => {
    const { access, cluster, store } = build();
    cluster.failNext('grant', 'revoke');
    await expect(access.openKafka(tenantA, wish)).rejects.toThrow('grant failed');
    const { subscription } = await access.openKafka(tenantA, wish);
    cluster.failNext('revoke');
    await expect(access.rotateKafka(tenantA, subscription.id)).rejects.toThrow('revoke failed');
    const ended = await access.openKafka(tenantA, wish);
    cluster.failNext('revoke');
    await expect(access.endKafka(tenantA, ended.subscription.id)).rejects.toThrow('revoke failed');
    expect([cluster.users.size, store.rows.size]).toEqual([3, 3]);

    await access.tidyKafka();
    const rows = [...store.rows.values()];
    expect(rows.map((row) => row.id)).toEqual([subscription.id]);
    expect([...cluster.users.keys()]).toEqual(rows[0]?.kafkaUsers);
  });

  it('takes the user away when its time is over', async () => {
    const { access, cluster, clock } = build();
    await access.openKafka(tenantA, { ...wish, expiresAt: new Date('2026-11-22T10:00:00Z') });
    await access.tidyKafka();
    expect(cluster.users.size).toBe(1);
    clock.now = new Date('2026-11-22T10:00:00Z');
    await access.tidyKafka();
    expect(cluster.users.size).toBe(0);
  });

  it('replaces the user when rotated', async () => {
    const { access, cluster } = build();
    const { grant, subscription } = await access.openKafka(tenantA, wish);
    const rotated = await access.rotateKafka(tenantA, subscription.id);
    expect([...cluster.users.keys()]).toEqual([rotated?.grant.username]);
    expect(rotated?.grant.username).not.toBe(grant.username);
    expect(await access.rotateKafka(tenantB, subscription.id)).toBeUndefined();
    expect(await access.endKafka(tenantB, subscription.id)).toBe(false);
  });

  it('says that a choice of topics is not possible there', async () => {
    const { access } = build();
    const asked = { ...wish, topics: ['calls.completed'] };
    await expect(access.openKafka(tenantA, asked)).rejects.toMatchObject({ code: 'topics-are-all' });
  });
});
