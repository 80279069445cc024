import { meter, type Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { IntegratorSubscription } from '../domain/integrator-subscription.ts';
import type { IntegratorStore } from '../ports/integrator-store.ts';

/** An open stream. `abort` ends it: its reason is `revoked` (nothing more may go out) or `closing` (come back elsewhere). */
export interface StreamGuest {
  readonly abort: AbortSignal;
  leave(): void;
}

const openStreams = meter('api-gateway').createUpDownCounter('wardline.integrators.streams', {
  description: 'Event streams that are open in this process',
  unit: '{stream}',
});

interface Open {
  readonly hash: string;
  readonly subscription: IntegratorSubscription;
  readonly controller: AbortController;
}

/**
 * The open streams of this process: how many there may be, and whether each still may be. Access is looked up every
 * second, for all at once; a token that was revoked, rotated, has expired or whose rights have changed ends its streams.
 * When the database does not answer for 10 s, all end: access that cannot be verified is none.
 */
export function createStreamGuests(o: {
  store: Pick<IntegratorStore, 'findByTokenHashes' | 'touch'>;
  logger: Logger;
  perTenantMax: number;
  totalMax?: number;
  everyMs?: number;
  unverifiedMsMax?: number;
  now?: () => number;
}) {
  const now = o.now ?? (() => performance.now());
  const totalMax = o.totalMax ?? 1000;
  const unverifiedMsMax = o.unverifiedMsMax ?? 10_000;
  const open = new Set<Open>();
  const perTenant = new Map<string, number>();
  let verifiedAt = now();
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<void> = Promise.resolve();
  let closed = true;

  const end = (guest: Open, reason: 'revoked' | 'closing') => guest.controller.abort(reason);

  async function check(): Promise<void> {
    const askedAt = now();
    const guests = [...open];
    try {
      if (guests.length > 0) {
        const found = await o.store.findByTokenHashes([...new Set(guests.map((guest) => guest.hash))]);
        for (const guest of guests)
          if (!sameRights(guest.subscription, found.get(guest.hash))) end(guest, 'revoked');
      }
      verifiedAt = askedAt;
    } catch (err) {
      o.logger.warn('access of open streams could not be looked up', { err });
      if (now() - verifiedAt > unverifiedMsMax) for (const guest of guests) end(guest, 'revoked');
    }
  }
  function plan(): void {
    if (closed) return;
    timer = setTimeout(() => (checking = check().finally(plan)), o.everyMs ?? 1000);
  }
  const component: Component = {
    name: 'integrator streams',
    async start() {
      closed = false;
      plan();
    },
    async drain() {
      closed = true;
      for (const guest of open) end(guest, 'closing');
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await checking;
      for (const guest of open) end(guest, 'closing');
    },
  };

  return {
    ...component,
    check,
    find: async (hash: string): Promise<IntegratorSubscription | undefined> =>
      (await o.store.findByTokenHashes([hash])).get(hash),

    /** @returns undefined when there is no room, for this hospital or for anybody */
    enter(hash: string, subscription: IntegratorSubscription): StreamGuest | undefined {
      const { tenantId, id } = subscription;
      const own = perTenant.get(tenantId) ?? 0;
      if (closed || own >= o.perTenantMax || open.size >= totalMax) return undefined;
      const guest: Open = { hash, subscription, controller: new AbortController() };
      open.add(guest);
      openStreams.add(1);
      perTenant.set(tenantId, own + 1);
      o.store.touch(tenantId, id).catch((err: unknown) => {
        o.logger.warn('the last use of a stream could not be noted', { err });
      });
      return {
        abort: guest.controller.signal,
        leave() {
          if (!open.delete(guest)) return;
          openStreams.add(-1);
          const left = (perTenant.get(tenantId) ?? 1) - 1;
          if (left > 0) perTenant.set(tenantId, left);
          else perTenant.delete(tenantId);
        },
      };
    },
  };
}

function sameRights(a: IntegratorSubscription, b: IntegratorSubscription | undefined): boolean {
  return (
    b !== undefined &&
    a.id === b.id &&
    a.tenantId === b.tenantId &&
    a.personal === b.personal &&
    a.topics.join() === b.topics.join()
  );
}

export type StreamGuests = ReturnType<typeof createStreamGuests>;
