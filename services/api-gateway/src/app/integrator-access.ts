import { uuidv7 } from '@wardline/event-bus';
import { createHash, randomBytes } from 'node:crypto';
import { isOpen, topicsFor, type IntegratorSubscription } from '../domain/integrator-subscription.ts';
import { groupPrefixOf, tenantTopicName, type TenantTopic } from '../domain/tenant-topic-plan.ts';
import type { IntegratorStore } from '../ports/integrator-store.ts';
import type { TenantTopicCluster, TenantTopicGrant } from '../ports/tenant-topic-cluster.ts';

export interface IntegratorWish {
  readonly name: string;
  readonly topics: readonly string[];
  readonly personal: boolean;
  readonly expiresAt: Date | null;
  /** The member of staff who wishes it. */
  readonly createdBy: string;
}

export class IntegratorRefused extends Error {
  readonly code: 'topic-not-offered' | 'too-many-subscriptions' | 'topics-are-all' | 'expired-already';
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: IntegratorRefused['code'], advice: string, details: Record<string, unknown> = {}) {
    super(advice);
    this.code = code;
    this.details = details;
  }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
const tokenShape = /^wl_[\w-]{43}$/;

/** Hash of a stream token; undefined for anything that is not the shape of one, which then costs no query. */
export function streamTokenHash(token: string): string | undefined {
  return tokenShape.test(token) ? hashOf(token) : undefined;
}

function newToken(): { readonly token: string; readonly tokenHash: string } {
  const token = `wl_${randomBytes(32).toString('base64url')}`;
  return { token, tokenHash: hashOf(token) };
}

export interface WithToken {
  readonly subscription: IntegratorSubscription;
  readonly token: string;
}
export interface WithGrant {
  readonly subscription: IntegratorSubscription;
  readonly grant: TenantTopicGrant;
}

/** Lets integrators in and out. Secrets are handed out once and not kept: a stream's only as a hash, Kafka's not at all. */
export function createIntegratorAccess(o: {
  store: IntegratorStore;
  /** Topics that integrators may have. */
  offered: readonly string[];
  cluster: TenantTopicCluster;
  topicPrefix: string;
  /** Tells the relay that a hospital wants its topic filled from now on. */
  openTopic: (topic: TenantTopic) => Promise<void>;
  subscriptionsMax?: number;
  now?: () => Date;
}) {
  const { store, cluster } = o;
  const subscriptionsMax = o.subscriptionsMax ?? 50;
  const now = o.now ?? (() => new Date());

  async function topicsOf(tenantId: string, kind: 'stream' | 'kafka', wish: IntegratorWish) {
    const { topics, refused } = topicsFor(wish.topics, o.offered);
    if (refused.length > 0)
      throw new IntegratorRefused('topic-not-offered', 'Some of these topics are not offered.', {
        refused,
        offered: o.offered,
      });
    if (wish.expiresAt && wish.expiresAt <= now())
      throw new IntegratorRefused('expired-already', 'It would have expired already.');
    if ((await store.list(tenantId, kind)).length >= subscriptionsMax)
      throw new IntegratorRefused(
        'too-many-subscriptions',
        'There are too many of these; revoke one first.',
        {
          limit: subscriptionsMax,
        },
      );
    return topics;
  }

  function grantOf(subscription: Pick<IntegratorSubscription, 'tenantId' | 'personal'>): TenantTopicGrant {
    return {
      username: `wardline-${uuidv7()}`,
      password: randomBytes(32).toString('base64url'),
      topic: tenantTopicName(o.topicPrefix, subscription),
      groupPrefix: groupPrefixOf(subscription.tenantId),
    };
  }

  async function end(tenantId: string, id: string): Promise<void> {
    const found = await store.find(tenantId, 'kafka', id);
    for (const user of found?.kafkaUsers ?? []) await cluster.revoke(user);
    await store.remove(tenantId, id);
  }

  return {
    list: (tenantId: string, kind: 'stream' | 'kafka') => store.list(tenantId, kind),

    async openStream(tenantId: string, wish: IntegratorWish): Promise<WithToken> {
      const topics = await topicsOf(tenantId, 'stream', wish);
      const { token, tokenHash } = newToken();
      const subscription = await store.add({
        ...wish,
        id: uuidv7(),
        tenantId,
        kind: 'stream',
        topics,
        state: 'active',
        tokenHash,
        kafkaUsers: [],
      });
      return { subscription, token };
    },

    /** The old token is worth nothing from now on. Undefined when there is no such subscription. */
    async rotateStream(tenantId: string, id: string): Promise<WithToken | undefined> {
      const found = await store.find(tenantId, 'stream', id);
      const { token, tokenHash } = newToken();
      const subscription = found && (await store.change(tenantId, id, { tokenHash }));
      return subscription && { subscription, token };
    },

    async revokeStream(tenantId: string, id: string): Promise<boolean> {
      if (!(await store.find(tenantId, 'stream', id))) return false;
      await store.remove(tenantId, id);
      return true;
    },

    /**
     * The subscription is written down, closed, before its user exists, so that a crash in between leaves no user that
     * nobody knows of: `tidyKafka` finds it.
     */
    async openKafka(tenantId: string, wish: IntegratorWish): Promise<WithGrant> {
      const topics = await topicsOf(tenantId, 'kafka', wish);
      if (topics.length !== o.offered.length)
        throw new IntegratorRefused(
          'topics-are-all',
          'All Kafka integrators of a hospital share one topic with all of its events; leave "topics" out and select by the header ce_type.',
          { offered: o.offered },
        );
      const grant = grantOf({ tenantId, personal: wish.personal });
      const closed = await store.add({
        ...wish,
        id: uuidv7(),
        tenantId,
        kind: 'kafka',
        topics,
        state: 'disabled',
        tokenHash: null,
        kafkaUsers: [grant.username],
      });
      try {
        await cluster.ensureTopic(grant.topic);
        await o.openTopic({ tenantId, personal: wish.personal });
        await cluster.grant(grant);
      } catch (error) {
        await cluster.revoke(grant.username).then(
          () => store.remove(tenantId, closed.id),
          () => undefined, // The cluster is away. The closed subscription stays, and is ended later.
        );
        throw error;
      }
      const subscription = await store.change(tenantId, closed.id, { state: 'active' });
      return { subscription: subscription ?? closed, grant };
    },

    /** A new user takes the old one's place; connections of the old one lose their rights at once. */
    async rotateKafka(tenantId: string, id: string): Promise<WithGrant | undefined> {
      const found = await store.find(tenantId, 'kafka', id);
      if (!found || !isOpen(found, now())) return undefined;
      const grant = grantOf(found);
      // Both are written down before anything is done, so that wherever this breaks off, no user is forgotten.
      await store.change(tenantId, id, { kafkaUsers: [...found.kafkaUsers, grant.username] });
      await cluster.grant(grant);
      for (const user of found.kafkaUsers) await cluster.revoke(user);
      const subscription = await store.change(tenantId, id, { kafkaUsers: [grant.username] });
      if (!subscription) await cluster.revoke(grant.username);
      return subscription && { subscription, grant };
    },

    /** Closes it. When the cluster is away this fails, it stays on the list, closed, and is ended later. */
    async endKafka(tenantId: string, id: string): Promise<boolean> {
      if (!(await store.find(tenantId, 'kafka', id))) return false;
      await store.change(tenantId, id, { state: 'disabled' });
      await end(tenantId, id);
      return true;
    },

    /** Ends what has expired and finishes what broke off. Called now and then. */
    async tidyKafka(): Promise<void> {
      for (const { tenantId, id } of await store.listKafkaToTidy()) {
        const found = await store.find(tenantId, 'kafka', id);
        if (!found) continue;
        if (!isOpen(found, now())) {
          await end(tenantId, id);
          continue;
        }
        const kept = found.kafkaUsers.slice(-1);
        for (const user of found.kafkaUsers.slice(0, -1)) await cluster.revoke(user);
        await store.change(tenantId, id, { kafkaUsers: kept });
      }
    },
  };
}

export type IntegratorAccess = ReturnType<typeof createIntegratorAccess>;
