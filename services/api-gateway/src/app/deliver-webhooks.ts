import type { Logger } from '@wardline/observability';
import type { Component } from '@wardline/service-runtime';
import type { EgressSignal } from './egress-signal.ts';
import { createPermits } from './webhook-permits.ts';
import { runWebhookSession, type SessionDeps, type SessionLimits } from './webhook-session.ts';

export interface WebhookDispatcher extends Component {
  /** Look now: there is something new to deliver. */
  wake(): void;
  /** Resolves when nothing is being delivered and the last look found nothing. */
  idle(): Promise<void>;
}

export const defaultLimits: SessionLimits & { sessionsMax: number; deliveriesMax: number; pollMs: number } = {
  concurrencyMax: 16,
  itemsMax: 256,
  laneMax: 16,
  stragglerMs: 2_000,
  heartbeatMs: 10_000,
  /** Webhooks served at the same time by this process. */
  sessionsMax: 50,
  /** Deliveries under way at the same time in this process. */
  deliveriesMax: 128,
  /** How often is looked for what other processes have written and for retries that have become due. */
  pollMs: 500,
};

/** A receiver may take longer than a service has to stop: then its delivery is broken off and made again elsewhere. */
const drainMs = 3_000;

/**
 * Serves webhooks that have something to deliver. Several instances may run, also in several processes: each webhook is
 * served by one of them at a time, and one that dies is replaced when its lease has run out.
 */
export function createWebhookDispatcher(
  o: Omit<SessionDeps, 'limits' | 'permits' | 'stopping' | 'closing'> & {
    signal: Pick<EgressSignal, 'watchAll'>;
    limits?: Partial<typeof defaultLimits>;
    logger: Logger;
  },
): WebhookDispatcher {
  const limits = { ...defaultLimits, ...o.limits };
  const stopping = new AbortController();
  const closing = new AbortController();
  const deps: SessionDeps = {
    ...o,
    limits,
    permits: createPermits(limits.deliveriesMax),
    stopping: stopping.signal,
    closing: closing.signal,
  };
  const sessions = new Set<Promise<void>>();
  let looking: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let unwatch: (() => void) | undefined;
  let whenQuiet: (() => void)[] = [];

  async function look(): Promise<void> {
    try {
      do {
        again = false;
        const atMost = limits.sessionsMax - sessions.size;
        if (atMost <= 0) return;
        const claims = await o.queue.claim({ at: o.now(), atMost });
        for (const claim of claims) serve(claim);
        if (claims.length === atMost) again = true;
      } while (again && !stopping.signal.aborted);
    } catch (err) {
      o.logger.warn('webhooks could not be looked after; the next look tries again', { err });
    }
  }
  function serve(claim: Parameters<typeof runWebhookSession>[0]): void {
    const session = runWebhookSession(claim, deps)
      // What was not written is delivered again, by whoever takes the lease when it has run out.
      .catch((err: unknown) =>
        o.logger.warn('serving a webhook was broken off', { subscription_id: claim.subscriptionId, err }),
      )
      .finally(() => {
        sessions.delete(session);
        // Something may have been written after its last look.
        wake();
      });
    sessions.add(session);
  }
  function wake(): void {
    if (stopping.signal.aborted) return quiet();
    again = true;
    looking ??= look().finally(() => {
      looking = undefined;
      quiet();
    });
  }
  function quiet(): void {
    if (sessions.size > 0 || looking) return;
    for (const resolve of whenQuiet.splice(0)) resolve();
  }

  async function stop(): Promise<void> {
    stopping.abort();
    clearInterval(timer);
    unwatch?.();
    await looking;
    await Promise.all(sessions);
  }

  return {
    name: 'webhooks',
    async start() {
      unwatch = o.signal.watchAll(wake);
      timer = setInterval(wake, limits.pollMs);
      wake();
    },
    async drain() {
      const impatience = setTimeout(() => closing.abort(), drainMs);
      await stop();
      clearTimeout(impatience);
    },
    async close() {
      closing.abort();
      await stop();
    },
    wake,
    idle: () =>
      new Promise((resolve) => {
        whenQuiet = [...whenQuiet, resolve];
        wake();
      }),
  };
}
